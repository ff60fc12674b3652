"""GD-0065: the bound sqrt(6/n) of sine networks."""

from sympy import Rational, S, Tuple, sqrt

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import Solving, Substitution
from gainderive.symbols import bound, fan_in, second_moment, weight_variance

b, n, m, v = bound, fan_in, second_moment, weight_variance


def derive() -> Derivation:
    """Return the chain from unit preactivations to ``b = sqrt(6/n)``."""
    variance, moment = equation(v, b**2 / 3), equation(m, Rational(1, 2))
    given = Tuple(variance, moment, equation(n * v * m, S.One))
    with_moment = equation(n * v * Rational(1, 2), S.One)
    with_bound = equation(n * (b**2 / 3) * Rational(1, 2), S.One)
    final = Tuple(variance, moment, equation(b, sqrt(6) / sqrt(n)))
    return Derivation(
        title="The bound of SIREN's weights",
        given=given,
        claim=final,
        steps=(
            Step(Tuple(variance, moment, with_moment), Substitution(m)),
            Step(Tuple(variance, moment, with_bound), Substitution(v)),
            Step(final, Solving(b)),
        ),
        assumptions=(
            Assumption(
                "the layer's inputs are sines of a phase that is spread over many periods, so that M_2 = 1/2 (GD-0064)",
                otherwise="Behind preactivations of second moment 1 it is not 1/2 but (1 - exp(-2))/2, and the network "
                "does not stay at 1 (GD-0066).",
            ),
            Assumption(
                "weights are uniform on (-b, b), of variance b²/3 (GD-0017); zero bias, and φ(u) = sin(u)",
                otherwise="With sin(ω u) in the code, the weights are divided by ω, so that the preactivation ω W h is "
                "the same; the gradient of the weights is then ω times larger, which is the factor's whole effect.",
            ),
        ),
    )


RESULT = Result(
    title="SIREN's bound √(6/n): unit preactivations from inputs of second moment 1/2",
    derive=derive,
    topic=Topic.INITIALIZERS,
    commentary=r"""
Two halves and a third: uniform weights have the variance $b^2/3$, sine outputs the second moment $\tfrac12$, and $n$
terms shall give 1: $n\,\tfrac{b^2}{3}\,\tfrac12 = 1$, so $b = \sqrt{6/n}$. In our words it is the gain $\sqrt 2$, the
one of ReLU, for a reason that has nothing to do with ReLU.

In code one meets `uniform(-sqrt(6 / n) / omega, sqrt(6 / n) / omega)` and `sin(omega * layer(x))` with $\omega = 30$.
The two $\omega$ cancel in the forward direction: hidden layers compute exactly what the formula says. They do not
cancel in training, where a step in $W$ moves the phase $\omega$ times as far, as if the learning rate of these layers
had been multiplied (for plain gradient steps, by $\omega^2$).
""",
    sources=(
        Source(
            "V. Sitzmann et al.: Implicit neural representations with periodic activation functions, NeurIPS 2020",
            "https://arxiv.org/abs/2006.09661",
        ),
    ),
)
