"""GD-0011: LeCun's scaled tanh."""

from gainderive import Status, derive
from gainderive.catalog import Absent, Result, Settles
from gainderive.derivation import Source

RESULT = Result(
    title="LeCun's 1.7159 tanh(2x/3) needs almost no gain",
    derive=lambda: derive("lecun_tanh"),
    settles=Settles("lecun_tanh"),
    status=Status.ENCLOSED,
    torch=Absent(),
    commentary=r"""
LeCun chose the two constants so that $\phi(\pm 1) = \pm 1$ and the second derivative is largest at $\pm 1$, with the
effect that "the effective gain of the sigmoid is around 1 over its normal operating range" when inputs and outputs
have unit variance. The derivation says how near: the gain that keeps a unit preactivation second moment is within a
few percent of 1.

This is the most likely origin of torch's $5/3$ for *plain* tanh: $1.7159$ in front of the function was turned into a
factor in front of the weights and rounded to $5/3$. But the function's other constant, the $2/3$ inside, was lost on the
way: $5/3$ with plain tanh is not LeCun's recommendation, and not its equivalent.
""",
    sources=(
        Source("Y. LeCun, L. Bottou, G. Orr, K.-R. Müller: Efficient BackProp, 1998, section 4.4"),
    ),
)
