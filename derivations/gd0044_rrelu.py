"""GD-0044: the gain of RReLU while training."""

from gainderive import derive
from gainderive.catalog import Result, Settles, Topic
from gainderive.derivation import Source

RESULT = Result(
    title="The gain of RReLU with slopes uniform in [l, u] is √(2 / (1 + (l² + l u + u²) / 3))",
    derive=lambda: derive("rrelu"),
    settles=Settles("rrelu"),
    topic=Topic.UNITS,
    commentary=r"""
While training, RReLU draws the slope on the left anew for every element. The square of the output is
$a^2 z^2$ there, so the slope enters through $E a^2 = \tfrac13(l^2 + l u + u^2)$; the mean over $a$ may be taken before
the mean over $z$ because nothing is negative (Tonelli).

It is tempting to put the middle slope $\tfrac12(l + u)$ into the formula for Leaky ReLU (GD-0006). That is the
network which torch *evaluates*: `torch.nn.RReLU` in evaluation mode uses the fixed middle slope. Its gain is larger,
since $E a^2 = (E a)^2 + \tfrac1{12}(u - l)^2$, so a network that is initialised for training shrinks its signal when
it is evaluated. For torch's defaults the difference is small; for slopes between $-1$ and $1$ it is not.
""",
    sources=(
        Source(
            "B. Xu, N. Wang, T. Chen, M. Li: Empirical evaluation of rectified activations in convolutional network, "
            "2015, section 2.4",
            "https://arxiv.org/abs/1505.00853",
        ),
    ),
)
