"""GD-0023: tanh's length map has at most one positive fixed point, and it attracts."""

from sympy import Derivative, S, StrictLessThan, cosh, sinh, tanh

from gainderive.assumptions import Assumption
from gainderive.catalog import Illustration, Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import Linearity, MeanByScale, NegativeIntegrand
from gainderive.gaussian import GaussMean
from gainderive.symbols import q, x


def derive() -> Derivation:
    """Return the chain that shows ``q M2'(q) - M2(q) < 0``."""
    second_moment = GaussMean(tanh(x) ** 2, x, q)
    slope = GaussMean(x * tanh(x) * (1 - tanh(x) ** 2), x, q)
    together = GaussMean(x * tanh(x) * (1 - tanh(x) ** 2) - tanh(x) ** 2, x, q)
    derivative = Derivative(second_moment, q)
    given = q * derivative - second_moment
    factors = (tanh(x), cosh(x) ** -2, sinh(2 * x) / 2 - x)
    steps = (
        Step(slope - second_moment, MeanByScale(derivative)),
        Step(together, Linearity(together, into=((S.One, slope), (S.NegativeOne, second_moment)), collect=True)),
        Step(StrictLessThan(together, S.Zero, evaluate=False), NegativeIntegrand(together, factors)),
    )
    return Derivation(
        title="tanh's length map: uniqueness and stability",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "preactivations are centred and Gaussian with second moment q > 0; zero bias",
                otherwise="With a bias of second moment σ_b² > 0 the map σ_w² M_2(q) + σ_b² has exactly one fixed "
                "point for every σ_w, and it attracts by the same argument, because the map divided by q falls even "
                "faster. At finite width the second moment fluctuates about it.",
            ),
        ),
    )


RESULT = Result(
    title="tanh's length map has at most one positive fixed point, and that one attracts every positive start",
    derive=derive,
    topic=Topic.SATURATION,
    figures=(Illustration("cobweb", "tanh", {"gain": 3, "start": 3}),),
    commentary=r"""
What the steps prove is $q M_2'(q) < M_2(q)$; the rest is a consequence, argued here. Let $f(q) = \sigma_w^2 M_2(q)$
with $M_2(q) = E\tanh(\sqrt q\,z)^2$. The inequality says that $M_2(q)/q$ strictly decreases.

**Uniqueness.** A positive fixed point satisfies $\sigma_w^2 M_2(q)/q = 1$, which a strictly decreasing function
does at most once. It does so exactly when $\sigma_w > 1$, because $M_2(q)/q$ falls from $\tanh'(0)^2 = 1$ to 0.

**Stability.** At the fixed point $f'(q^*) = \sigma_w^2 M_2'(q^*) < \sigma_w^2 M_2(q^*)/q^* = 1$, and $f' > 0$
because $\tanh^2$ grows with $|x|$. Below $q^*$ we have $q < f(q) < q^*$, above it $q^* < f(q) < q$: the iteration
moves monotonically towards $q^*$ from every start.

The proof needs one inequality, $\sinh(2x)/2 > x$ for $x > 0$: both sides are 0 at 0, and the left one grows faster.
""",
    sources=(
        Source(
            "B. Poole et al.: Exponential expressivity in deep neural networks through transient chaos, NeurIPS 2016 "
            "(the length map, its fixed points shown graphically)",
            "https://arxiv.org/abs/1606.05340",
        ),
    ),
)
