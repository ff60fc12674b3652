"""GD-0042: the gain of maxout over two preactivations."""

from gainderive import derive
from gainderive.catalog import Result, Settles, Topic
from gainderive.derivation import Source

RESULT = Result(
    title="Maxout over two preactivations keeps the second moment: its gain is 1",
    derive=lambda: derive("maxout"),
    settles=Settles("maxout"),
    topic=Topic.UNITS,
    commentary=r"""
The larger of two independent standard normal variables has the density $2\,\Phi(x)$ times the normal one. Write
$2\,\Phi(x) = 1 + \operatorname{erf}(x/\sqrt 2)$: the first part gives $E z^2 = 1$, and the second vanishes, because
$x^2 \operatorname{erf}(x/\sqrt 2)$ is odd.

There is a proof without any integral. The smaller of the two is minus the larger of their negatives, so both have the
same second moment; and the two squares together are $z_1^2 + z_2^2$. Each has half of 2.

So no gain is needed, although maxout is far from linear: its mean is $1/\sqrt\pi$, so the variance falls, and only the
second moment stays. For $k \geq 3$ the maximum is mostly positive and large, its second moment is above 1, and the gain
below 1.
""",
    sources=(
        Source(
            "I. J. Goodfellow, D. Warde-Farley, M. Mirza, A. Courville, Y. Bengio: Maxout networks, ICML 2013, "
            "section 3",
            "https://arxiv.org/abs/1302.4389",
        ),
    ),
)
