"""GD-0045: the backward gain of maxout over two preactivations."""

from gainderive import Criterion, derive
from gainderive.catalog import Result, Settles, Topic
from gainderive.derivation import Source

RESULT = Result(
    title="Maxout over two preactivations keeps the gradient at gain √2 with fan_out",
    derive=lambda: derive("maxout", "backward"),
    settles=Settles("maxout", Criterion.BACKWARD),
    topic=Topic.UNITS,
    commentary=r"""
A maximum hands the gradient to exactly one of its preactivations, unchanged; the other gets nothing. So the squared
slopes of a unit add up to 1 with certainty, no mean has to be computed, and on average a preactivation gets half.

The gain divides by $\mathrm{fan_{out}}$, which counts preactivations: a layer of $n$ maxout units has $2n$ of them.
Its weights' variance is $2/(2n) = 1/n$, which is exactly what the *forward* gain 1 asks for with
$\mathrm{fan_{in}} = n$ (GD-0042). Between layers of equally many units one variance keeps both the signal and the
gradient, as it does for ReLU, but not for a gated unit (GD-0041). The same argument with $k$ preactivations gives
$\sqrt k$ and the variance $1/n$ again, whereas the forward gain then asks for less.
""",
    sources=(
        Source(
            "I. J. Goodfellow, D. Warde-Farley, M. Mirza, A. Courville, Y. Bengio: Maxout networks, ICML 2013, "
            "section 3",
            "https://arxiv.org/abs/1302.4389",
        ),
    ),
)
