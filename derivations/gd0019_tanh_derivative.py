"""GD-0019: the derivative of tanh in terms of its own value."""

from sympy import Derivative, exp, tanh

from gainderive.assumptions import Assumption
from gainderive.catalog import Illustration, Result, Topic
from gainderive.derivation import Derivation, Step, ending
from gainderive.derivation.reasons import Arithmetic, Differentiation
from gainderive.symbols import x


def derive() -> Derivation:
    """Return the chain from the quotient of exponentials to ``1 - tanh^2``."""
    above, below = exp(x) - exp(-x), exp(x) + exp(-x)
    given = Derivative(above / below, x)
    steps = (
        Step((below**2 - above**2) / below**2, Differentiation(given)),
        Step(1 - tanh(x) ** 2, Arithmetic()),
    )
    return Derivation(
        title="The derivative of tanh",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "x is real; tanh(x) = (e^x - e^-x) / (e^x + e^-x)",
                otherwise="The identity holds for complex x too, away from the poles of tanh. In double precision "
                "tanh(x) rounds to ±1 from about |x| = 19 on, and what is computed from it is 0, which the derivative "
                "never is.",
            ),
        ),
    )


RESULT = Result(
    title="tanh' = 1 - tanh²",
    derive=derive,
    topic=Topic.SATURATION,
    figures=(Illustration("slope", "tanh"),),
    commentary=r"""
The local derivative can be read off the activation itself: with $h = \tanh(u)$ it is $1 - h^2$. At $h = 0.99$ this
is about $0.02$, at $h = 0.9999$ about $0.0002$: a saturated unit passes almost nothing back, whatever arrives.

It does not follow that ten layers multiply the gradient by $0.02^{10}$. That would need *every* unit to sit at
$0.99$; the mean-field factor per layer is $\chi_1 = \sigma_w^2\,E(1 - h^2)^2$ (GD-0009 encloses it for $\sigma_w =
5/3$).
""",
)
