"""GD-0043: the gain of CReLU."""

from gainderive import derive
from gainderive.catalog import Result, Settles, Topic
from gainderive.derivation import Source

RESULT = Result(
    title="The gain of CReLU is √2, with the fan that counts both of its outputs",
    derive=lambda: derive("crelu"),
    settles=Settles("crelu"),
    topic=Topic.UNITS,
    commentary=r"""
CReLU throws nothing away: $\mathrm{relu}(z)$ and $\mathrm{relu}(-z)$ together hold all of $z$, and their squares add
up to $z^2$. Half of it is in each output, and what the next layer divides by is the number of *outputs* that it reads.

Here lies the trap. A layer of $n$ preactivations gives $2n$ outputs, so the next weight matrix has
$\mathrm{fan_{in}} = 2n$, which is what a library computes from the matrix' shape, and the gain is ReLU's $\sqrt 2$. Per
*preactivation* the variance is $\mathrm{Var}\,W = 2/(2n) = 1/n$: that of a linear layer. Who counts preactivations
says that CReLU has gain 1, and both are right.

The backward gain is 1 with $\mathrm{fan_{out}} = n$, because for every $z$ exactly one of the two outputs has slope
$\pm 1$: again $\mathrm{Var}\,W = 1/n$. At equal widths one variance keeps the signal and the gradient, as for ReLU.
""",
    sources=(
        Source(
            "W. Shang, K. Sohn, D. Almeida, H. Lee: Understanding and improving convolutional neural networks via "
            "concatenated rectified linear units, ICML 2016, definition 2.1",
            "https://arxiv.org/abs/1603.05201",
        ),
    ),
)
