"""The reasons by which one line may follow from another, one idea a file.

Each holds the data that its check needs, refuses whatever is not a step of its own kind, and
explains itself in one sentence.
"""

from gainderive.derivation.reasons.abbreviation import Abbreviation
from gainderive.derivation.reasons.additivity import Additivity
from gainderive.derivation.reasons.antiderivative import Antiderivative
from gainderive.derivation.reasons.arithmetic import Arithmetic
from gainderive.derivation.reasons.by_parts import ByParts
from gainderive.derivation.reasons.characteristic import CharacteristicFunction
from gainderive.derivation.reasons.completing_the_square import CompletingTheSquare
from gainderive.derivation.reasons.definition import Definition
from gainderive.derivation.reasons.differentiation import Differentiation, MeanByScale
from gainderive.derivation.reasons.enclosed import Enclosed
from gainderive.derivation.reasons.equal_derivatives import EqualDerivatives
from gainderive.derivation.reasons.fundamental_theorem import FundamentalTheorem
from gainderive.derivation.reasons.lemma import Lemma
from gainderive.derivation.reasons.linearity import Linearity
from gainderive.derivation.reasons.negative_integrand import NegativeIntegrand
from gainderive.derivation.reasons.pointwise_bound import PointwiseBound
from gainderive.derivation.reasons.random_sums import (
    Independence,
    KroneckerCollapse,
    MeanOfSum,
    SquareOfSum,
    UncorrelatedWeights,
)
from gainderive.derivation.reasons.solving import Solving
from gainderive.derivation.reasons.split import SplitAtKinks
from gainderive.derivation.reasons.substitution import NamedConstants, Substitution
from gainderive.derivation.reasons.symmetry import Symmetry

__all__ = [
    "Abbreviation",
    "Additivity",
    "Antiderivative",
    "Arithmetic",
    "ByParts",
    "CharacteristicFunction",
    "CompletingTheSquare",
    "Definition",
    "Differentiation",
    "Enclosed",
    "EqualDerivatives",
    "FundamentalTheorem",
    "Independence",
    "KroneckerCollapse",
    "Lemma",
    "Linearity",
    "MeanByScale",
    "MeanOfSum",
    "NamedConstants",
    "NegativeIntegrand",
    "PointwiseBound",
    "Solving",
    "SplitAtKinks",
    "SquareOfSum",
    "Substitution",
    "Symmetry",
    "UncorrelatedWeights",
]
