"""GD-0041: the gain of SwiGLU."""

from gainderive import Status, derive
from gainderive.catalog import Result, Settles, Topic
from gainderive.derivation import Source

RESULT = Result(
    title="The gain of SwiGLU is SiLU's: one over the root of E silu²",
    derive=lambda: derive("swiglu"),
    settles=Settles("swiglu"),
    status=Status.ENCLOSED,
    topic=Topic.UNITS,
    commentary=r"""
By independence of its two branches (GD-0040) SwiGLU's second moment at $q = 1$ is that of its gate. No closed form of
$E\,\mathrm{silu}(z)^2$ is known, so the number is enclosed.

Large language models seldom use it: their gated layers start from a small constant standard deviation, or from
$1/\mathrm{fan_{in}}$ as if the unit were linear, and a normalisation layer repairs the scale before the next block. The
gain says what is being repaired: with $\mathrm{Var}\,W = 1/\mathrm{fan_{in}}$ one SwiGLU keeps only
$E\,\mathrm{silu}^2$, about a third, of the second moment.

Forward and backward ask for different variances here. The backward gain is nearly the same number, but it divides by
$\mathrm{fan_{out}}$, and a layer of $n$ gated units has $2n$ preactivations: at equal widths the gradient's second
moment somewhat more than *doubles* per layer where the forward gain holds the signal. Each unit hands its gradient
down along two branches, and a single variance cannot serve both directions.
""",
    sources=(
        Source("N. Shazeer: GLU variants improve Transformer, 2020, eq. (5)", "https://arxiv.org/abs/2002.05202"),
        Source(
            "P. Ramachandran, B. Zoph, Q. V. Le: Searching for activation functions, 2017 (Swish)",
            "https://arxiv.org/abs/1710.05941",
        ),
    ),
)
