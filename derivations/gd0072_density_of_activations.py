"""GD-0072: where the density of an activation's values has its peaks, for any activation."""

from sympy import Derivative, Function, log

from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
from gainderive.derivation import Derivation, Step, ending
from gainderive.derivation.reasons import Differentiation
from gainderive.symbols import q, x

phi = Function("phi", real=True)(x)


def derive() -> Derivation:
    """Return the chain from the logarithm of the density to its slope."""
    slope = Derivative(phi, x)
    given = Derivative(-(x**2) / (2 * q) - log(slope), x)
    step = Step(-x / q - Derivative(phi, (x, 2)) / slope, Differentiation(given))
    return Derivation(
        title="Peaks of the density of an activation's values",
        given=given,
        claim=ending(given, step.becomes),
        steps=(step,),
        assumptions=(
            Assumption(
                "h = φ(x) with x of the law N(0, q) and a smooth φ with φ' > 0, so that h has the density n_q(x)/φ'(x) "
                "at φ(x), whose logarithm is the first line but for a constant",
                otherwise="Where φ is flat on an interval, as hardtanh is, its value there has a probability of its "
                "own. Where φ turns around, the densities of both branches add.",
            ),
        ),
    )


RESULT = Result(
    title="The log-density of h = φ(x) has the slope -x/q - φ''/φ' in x, 0 at its peaks and dips",
    derive=derive,
    topic=Topic.SATURATION,
    commentary=r"""
Change of variables: the density of $h = \varphi(x)$ at the point $\varphi(x)$ is the density of $x$ divided by the
slope there. Where $\varphi$ is flat, a wide range of $x$ is squeezed into a narrow range of $h$, and the density is
large. Two forces, then: the normal density pulls towards the middle, $-x/q$, and flatness pulls outwards,
$-\varphi''/\varphi'$. The derivation adds them.

For an odd $\varphi$ both are 0 at $x = 0$. There is a **dip** in the middle, and hence a peak on either side, when
outwards is stronger near 0:
$-\varphi'''(0)/\varphi'(0) > 1/q$.
So $q$ has to exceed $-\varphi'(0)/\varphi'''(0)$: for tanh, erf, and arctan $\tfrac12$, for the sigmoid 2 (all by
differentiating). For softsign, whose slope falls with a kink at 0, there is a dip at *every* $q > 0$.

What happens at the far ends is another question. As $x \to \infty$ the normal density falls like $e^{-x^2/(2q)}$, and
a slope that falls more slowly, like tanh's $e^{-2x}$, cannot keep up: the density goes to 0 at $h = \pm 1$, and the
"U" has horns that turn down at their tips. A true U belongs to erf, where both are of the same form: density $\propto
e^{(1 - 1/(2q)) x^2}$, uniform at $q = \tfrac12$ exactly.
""",
)
