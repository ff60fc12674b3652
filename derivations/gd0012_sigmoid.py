"""GD-0012: the gain of the sigmoid."""

from sympy import S

from gainderive import Status, derive
from gainderive.catalog import Differs, Illustration, Result, Settles, Topic
from gainderive.derivation import Source

RESULT = Result(
    title="The gain of the sigmoid is 1.84622853..., not 1",
    derive=lambda: derive("sigmoid"),
    settles=Settles("sigmoid"),
    status=Status.ENCLOSED,
    torch=Differs(
        value=S.One,
        because="1 says only that nothing is scaled; with it the second moment falls to the fixed point of its own "
        "length map, and the gradient's second moment shrinks by more than an order of magnitude in every layer",
    ),
    topic=Topic.SATURATION,
    figures=(Illustration("cobweb", "sigmoid"),),
    commentary=r"""
The sigmoid's values lie around $\tfrac12$, so most of its second moment is the squared mean: the gain is not far
from $1/\tfrac12 = 2$. The *variance* is tiny ($g$ for the `centered` criterion is above 4), and so is the slope, at
most $\tfrac14$ (the `backward` gain is above 4 too, Kumar's `linearized` gain is 3.58). No single number keeps both
the signal and the gradient; the spread between the five gains is the honest answer to "which gain for sigmoid".

torch's table says 1. The sentence that usually goes with it, "the slope is at most 1, so no scaling is needed", is
wrong by a factor of four, and a gain of 1 multiplies the gradient's second moment by $E\,\sigma'(u)^2 <
\tfrac1{16}$ per layer.
""",
    sources=(
        Source(
            "S. K. Kumar: On weight initialization in deep neural networks, 2017 (3.6 for the sigmoid)",
            "https://arxiv.org/abs/1704.08863",
        ),
    ),
)
