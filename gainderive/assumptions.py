"""What a result takes for granted, and what changes where it does not hold.

An assumption knows what it is good for: beside its text it carries, in a sentence or two, what becomes of the result if
it fails. Those that several rooms and results share are written here once; the others stand where they are used.

>>> print(NO_BIAS)
biases are 0
>>> NO_BIAS.otherwise.split(";")[0]
'An independent bias adds its second moment E b² to that of every preactivation'
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Assumption:
    """One assumption, in plain text with Unicode mathematics.

    Attributes
    ----------
    text : str
        What is assumed, without a full stop; this is what ``str`` gives.
    otherwise : str
        What changes if it fails, in sentences; empty where nobody said so.

    Examples
    --------
    >>> str(Assumption("x is real", otherwise="The square may be negative."))
    'x is real'
    """

    text: str
    otherwise: str = ""

    def __str__(self) -> str:
        return self.text


STANDARD_PREACTIVATION = Assumption(
    "z is standard normal: the preactivation is centred and Gaussian with second moment 1 "
    "(exact in the limit of infinite width, or for Gaussian weights at given inputs)",
    otherwise="At another second moment q the means are taken over N(0, q), and the gain is another number unless the "
    "activation is positively homogeneous (GD-0015). At finite width, or with weights that are not Gaussian, the "
    "preactivation is only nearly normal, and the gain holds up to an error that vanishes as the width grows.",
)
"""Of every gain."""

WEIGHTS = Assumption(
    "weights are independent of each other and of the inputs, centred, with Var W = g² / fan",
    otherwise="Weights with a mean μ add μ² E (Σ h_j)² to the preactivation's second moment, which grows with the "
    "square of the width where the inputs have a mean; correlated weights add their covariances (GD-0001 shows where "
    "both drop out). Trained weights depend on the inputs: the gain is about the first step only.",
)
"""Of every gain."""

NO_BIAS = Assumption(
    "biases are 0",
    otherwise="An independent bias adds its second moment E b² to that of every preactivation; the forward condition "
    "then reads g² E φ(z)² + E b² = 1, and the gain is smaller.",
)
"""Of every gain."""

UNCORRELATED_WEIGHTS = Assumption(
    "the weights have mean 0 and variance v, and different weights are uncorrelated",
    otherwise="With a mean μ of the weights, μ² times the mean square of the sum of what they multiply is added; it "
    "grows with the square of their number. Correlated weights leave the cross terms, each times its covariance.",
)
"""Of the recursions, in either direction."""


def own_weights(preactivations: int) -> Assumption:
    """Return that the preactivations of a unit have different weights.

    >>> str(own_weights(2))[:47]
    "the unit's 2 preactivations have weights of the"
    """
    return Assumption(
        f"the unit's {preactivations} preactivations have weights of their own, so they are independent "
        "(Gaussian weights at given inputs, or infinite width)",
        otherwise="With the same weights all of them are one number, and the unit is a function of one preactivation: "
        "for a product of two, E z⁴ = 3 stands where E u² v² = 1 did. At finite width, averaged over the inputs too, "
        "they share the inputs' norm and are only uncorrelated; their squares are correlated by the order of 1/width.",
    )
