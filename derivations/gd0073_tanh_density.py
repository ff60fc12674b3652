"""GD-0073: when the values of tanh pile up at both sides."""

from sympy import Derivative, log, tanh

from gainderive.assumptions import Assumption
from gainderive.catalog import Illustration, Result, Topic
from gainderive.derivation import Derivation, Step, ending
from gainderive.derivation.reasons import Differentiation
from gainderive.symbols import q, x


def derive() -> Derivation:
    """Return the chain from the logarithm of the density to ``2 tanh(x) - x/q``."""
    given = Derivative(-(x**2) / (2 * q) - log(1 - tanh(x) ** 2), x)
    final = 2 * tanh(x) - x / q
    return Derivation(
        title="The density of tanh",
        given=given,
        claim=ending(given, final),
        steps=(Step(final, Differentiation(given)),),
        assumptions=(
            Assumption(
                "h = tanh(x) with x of the law N(0, q): the density of h at tanh(x) is n_q(x)/(1 - tanh²(x)) (GD-0072)",
                otherwise="A bias shifts the normal density, x - β in place of x: one peak grows at the other's "
                "expense, and for a large bias only one is left.",
            ),
        ),
    )


RESULT = Result(
    title="tanh's values have two peaks exactly when q > 1/2, and one otherwise",
    derive=derive,
    topic=Topic.SATURATION,
    figures=(Illustration("density", "tanh"),),
    commentary=r"""
The slope of the log-density is $2\tanh x - x/q$, and that settles everything. $\tanh$ is concave for $x > 0$ and
starts with slope 1. If $2 \leq 1/q$, the line $x/q$ is above $2\tanh x$ for all $x > 0$: the density falls on both
sides of 0, and there is one peak. If $q > \tfrac12$, the curve starts above the line and crosses it once, at the $x$
with $2q\tanh x = x$: the density rises from the middle up to there and falls beyond. Two peaks, at $h = \pm x/(2q)$.

So **the U-shape is no sign of saturation in itself**: at the unit second moment $q = 1$, where a tanh network is said
to be in good order, the histogram of $h$ is already bimodal, with peaks near $\pm 0.96$. It is what the law of $\tanh
z$ looks like. A histogram of preactivations, or the share of units beyond a threshold, says more.

What saturation adds is how *high* the horns are: with growing $q$ they move to the ends and take all the mass.
""",
)
