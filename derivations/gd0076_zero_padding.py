"""GD-0076: what zero padding takes from the second moment."""

import numpy as np
from sympy import Function

from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Step, equation
from gainderive.derivation.reasons import Induction
from gainderive.symbols import layer

missing = Function("m", nonnegative=True)
r = layer


def derive() -> Derivation:
    """Return the chain from what one more pair of taps adds to ``r (r + 1)``."""
    given = equation(missing(r + 1), missing(r) + 2 * (r + 1))
    final = equation(missing(r), r * (r + 1) + missing(0))
    return Derivation(
        title="Taps of a kernel that fall on the padding",
        given=given,
        claim=final,
        steps=(Step(final, Induction(missing(r))),),
        assumptions=(
            Assumption(
                "m(r) counts, along a side of N positions, the taps of a kernel of 2r + 1 taps that fall on the "
                "padding of r zeros; one tap more on each side adds r + 1 at either end, and a single tap misses "
                "nothing, m(0) = 0",
                otherwise="With dilation d the taps lie d apart and the padding is d r: then d times as many are "
                "missing. Without padding nothing is missing, and the side shrinks by 2r.",
            ),
            Assumption(
                "N is at least r",
                otherwise="On a shorter side taps fall beyond both ends at once, and fewer than r (r + 1) are counted.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    side, taps = 4, 3
    signal = np.pad(generator.standard_normal((size, side)), ((0, 0), (1, 1)))
    weights = generator.standard_normal((size, taps)) / np.sqrt(taps)
    windows = np.lib.stride_tricks.sliding_window_view(signal, taps, axis=1)
    return np.asarray(np.mean(np.einsum("rpk,rk->rp", windows, weights) ** 2, axis=1))


RESULT = Result(
    title="Zero padding: of N (2r + 1) taps along a side r (r + 1) fall on zeros, and take their share of the second "
    "moment",
    derive=derive,
    topic=Topic.FOUNDATIONS,
    commentary=r"""
The second moment of an output is in proportion to the number of taps that read something (GD-0007). Along one side
the mean share is therefore $1 - \frac{r(r + 1)}{(2r + 1) N}$, and in $d$ dimensions its $d$-th power, because a tap
is lost when it falls off in any of them.

For the common $3 \times 3$ kernel with padding 1 the share is $(1 - \frac{2}{3N})^2$: nothing to speak of at $N =
224$, five per cent at $N = 28$, nearly a third of the signal at $N = 4$. Over many layers it adds up, a little more
slowly than the power of this number, because what is left sits in the middle: in a network that keeps its resolution
for twenty layers at $N = 7$ the mean second moment falls to about a tenth, although every interior position is in
perfect order. And since the border is dark and the middle is not, the network is told *where* it looks.

It is one of the reasons why a measured second moment of a convolutional network lies below what fan_in promises.
Circular or reflecting padding loses nothing.
""",
    experiment=Experiment(
        what="a convolution of 3 taps over 4 positions with padding 1, fresh weights of variance 1/3: the mean square",
        draw=_draw,
        expected=1 - 2 / (3 * 4),
    ),
)
