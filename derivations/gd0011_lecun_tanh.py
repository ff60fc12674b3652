"""GD-0011: LeCun's scaled tanh."""

from gainderive import Status, derive
from gainderive.catalog import Absent, Illustration, Result, Settles, Topic
from gainderive.derivation import Source

RESULT = Result(
    title="LeCun's 1.7159 tanh(2x/3) still needs a gain of 1.154...",
    derive=lambda: derive("lecun_tanh"),
    settles=Settles("lecun_tanh"),
    status=Status.ENCLOSED,
    torch=Absent(),
    topic=Topic.SATURATION,
    figures=(Illustration("gains", "lecun_tanh"),),
    commentary=r"""
LeCun chose the constants so that $\phi(\pm 1) = \pm 1$ and $|\phi''|$ is largest near $\pm 1$, expecting outputs of
variance close to 1 when the inputs' is. Under a standard normal preactivation the output's variance is $1/g^2$,
about three quarters: $\phi(\pm 1) = \pm 1$ concerns two points, and a third of the Gaussian's mass lies outside
them, where $\phi$ bends down. The gain that keeps a unit preactivation second moment is 15 % above 1.

The closeness of $5/3$ to $1.7159$ suggests that torch's value for *plain* tanh descends from this function; no
source says so. Even if it does, the function's other constant, the $2/3$ inside, was lost on the way: $5/3$ with
plain tanh is not LeCun's recommendation, and not its equivalent.
""",
    sources=(Source("Y. LeCun, L. Bottou, G. Orr, K.-R. Müller: Efficient BackProp, 1998, section 4.4"),),
)
