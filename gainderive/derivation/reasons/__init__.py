"""The reasons by which one line may follow from another, one file each.

Each holds the data that its check needs, refuses whatever is not a step of its own kind, and
explains itself in one sentence.
"""

from gainderive.derivation.reasons.antiderivative import Antiderivative
from gainderive.derivation.reasons.arithmetic import Arithmetic
from gainderive.derivation.reasons.completing_the_square import CompletingTheSquare
from gainderive.derivation.reasons.definition import Definition
from gainderive.derivation.reasons.enclosed import Enclosed
from gainderive.derivation.reasons.linearity import Linearity
from gainderive.derivation.reasons.pointwise_bound import PointwiseBound
from gainderive.derivation.reasons.solving import Solving
from gainderive.derivation.reasons.split import SplitAtKinks
from gainderive.derivation.reasons.substitution import NamedConstants, Substitution
from gainderive.derivation.reasons.symmetry import Symmetry

__all__ = [
    "Antiderivative",
    "Arithmetic",
    "CompletingTheSquare",
    "Definition",
    "Enclosed",
    "Linearity",
    "NamedConstants",
    "PointwiseBound",
    "Solving",
    "SplitAtKinks",
    "Substitution",
    "Symmetry",
]
