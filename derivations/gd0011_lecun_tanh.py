"""GD-0011: LeCun's scaled tanh."""

from gainderive import Status, derive
from gainderive.catalog import Absent, Result, Settles
from gainderive.derivation import Source

RESULT = Result(
    title="LeCun's 1.7159 tanh(2x/3) still needs a gain of 1.154...",
    derive=lambda: derive("lecun_tanh"),
    settles=Settles("lecun_tanh"),
    status=Status.ENCLOSED,
    torch=Absent(),
    commentary=r"""
LeCun chose the two constants so that $\phi(\pm 1) = \pm 1$ and the second derivative is largest at $\pm 1$: with
inputs of unit variance the unit's effective gain is then "around 1 over its normal operating range". Around 1 it
is: but $\phi(\pm 1) = \pm 1$ concerns the points $\pm 1$, not the mean over a Gaussian, of which a third lies
outside $(-1, 1)$, where $\phi$ bends down. The gain that keeps a unit preactivation second moment is 15 % above 1.

This function is the most likely origin of torch's $5/3$ for *plain* tanh: a constant close to $1.7159$ in front of
the function was turned into a factor in front of the weights. But the function's other constant, the $2/3$ inside,
was lost on the way: $5/3$ with plain tanh is not LeCun's recommendation, and not its equivalent.
""",
    sources=(Source("Y. LeCun, L. Bottou, G. Orr, K.-R. Müller: Efficient BackProp, 1998, section 4.4"),),
)
