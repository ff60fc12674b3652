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
from gainderive.derivation.reasons.coin import Coin
from gainderive.derivation.reasons.completing_the_square import CompletingTheSquare
from gainderive.derivation.reasons.definition import Definition
from gainderive.derivation.reasons.differentiation import Differentiation, MeanByScale
from gainderive.derivation.reasons.enclosed import Enclosed
from gainderive.derivation.reasons.equal_derivatives import EqualDerivatives
from gainderive.derivation.reasons.every_scale import BoundAtEveryScale
from gainderive.derivation.reasons.exponential_bound import ExponentialBound
from gainderive.derivation.reasons.factorisation import Factorisation
from gainderive.derivation.reasons.fundamental_theorem import FundamentalTheorem
from gainderive.derivation.reasons.independent_members import IndependentMembers
from gainderive.derivation.reasons.induction import Induction
from gainderive.derivation.reasons.largest import DensityOfTheLargest, OneIsLargest
from gainderive.derivation.reasons.lemma import Lemma
from gainderive.derivation.reasons.linearity import Linearity
from gainderive.derivation.reasons.mean_of_parameter import MeanOfParameter
from gainderive.derivation.reasons.mean_of_terms import CentredWeights, MeanOfTerms
from gainderive.derivation.reasons.negative_integrand import NegativeIntegrand
from gainderive.derivation.reasons.only_root import OnlyRoot
from gainderive.derivation.reasons.orthonormal import OrthonormalColumns, SumsInAnotherOrder
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
from gainderive.derivation.reasons.unit_definition import UnitDefinition

__all__ = [
    "Abbreviation",
    "Additivity",
    "Antiderivative",
    "Arithmetic",
    "BoundAtEveryScale",
    "ByParts",
    "CentredWeights",
    "CharacteristicFunction",
    "Coin",
    "CompletingTheSquare",
    "Definition",
    "DensityOfTheLargest",
    "Differentiation",
    "Enclosed",
    "EqualDerivatives",
    "ExponentialBound",
    "Factorisation",
    "FundamentalTheorem",
    "Independence",
    "IndependentMembers",
    "Induction",
    "KroneckerCollapse",
    "Lemma",
    "Linearity",
    "MeanByScale",
    "MeanOfParameter",
    "MeanOfSum",
    "MeanOfTerms",
    "NamedConstants",
    "NegativeIntegrand",
    "OneIsLargest",
    "OnlyRoot",
    "OrthonormalColumns",
    "PointwiseBound",
    "Solving",
    "SplitAtKinks",
    "SquareOfSum",
    "Substitution",
    "SumsInAnotherOrder",
    "Symmetry",
    "UncorrelatedWeights",
    "UnitDefinition",
]
