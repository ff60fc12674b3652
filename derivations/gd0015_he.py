"""GD-0015: He's initialization."""

from gainderive import exact
from gainderive.activations import load
from gainderive.catalog import Result
from gainderive.derivation import Derivation, Source, Step, equation, rewrite
from gainderive.derivation.reasons import Definition, Solving
from gainderive.gaussian import GaussMean
from gainderive.symbols import fan_in, q, weight_variance, x

n, v = fan_in, weight_variance


def derive() -> Derivation:
    """Return the chain from a kept second moment to ``Var W = 2 / ((1 + a^2) n_in)``."""
    leaky = load("leaky_relu")
    given = equation(n * v * GaussMean(leaky.phi**2, x, q), q)
    unfolded = rewrite(given, {leaky.phi: leaky.expression})
    steps = [Step(unfolded, Definition(leaky)), *exact.close(unfolded)]
    factor = steps[-1].becomes.lhs / v
    steps.append(Step(equation(v, (q / factor).together()), Solving(v)))
    return Derivation(
        title="He's initialization",
        given=given,
        claim=steps[-1].becomes,
        steps=tuple(steps),
        assumptions=(
            "preactivations are centred and Gaussian with second moment q, for any q > 0",
            "weights are centred, uncorrelated and independent of the inputs; zero bias",
            "a is the slope to the left; a = 0 is ReLU",
        ),
    )


RESULT = Result(
    title="He: Var W = 2 / ((1 + a²) fan_in) keeps the second moment behind (Leaky) ReLU at every scale",
    derive=derive,
    commentary=r"""
By GD-0001 the next preactivation has second moment $n_{\mathrm{in}}\,\mathrm{Var}\,W \cdot E\,\phi(\sqrt q\,z)^2$.
For a positively homogeneous activation the mean is proportional to $q$, so $q$ cancels: *every* second moment is a
fixed point. Nothing pulls a deviation back, so errors of the scale multiply through the layers, $((1 +
\epsilon)^2)^L$ after $L$ layers.

For ReLU ($a = 0$) this is $2/n_{\mathrm{in}}$. In the backward direction (GD-0002) the same computation gives
$2/((1 + a^2)\,n_{\mathrm{out}})$, because $E\,\phi'(z)^2 = (1 + a^2)/2$ as well: choose one direction, the other
then changes by the ratio of the widths, a factor that telescopes over the network to the ratio of its first and
last widths.
""",
    sources=(
        Source(
            "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, ICCV 2015, eq. (10), (14), (15)",
            "https://arxiv.org/abs/1502.01852",
        ),
    ),
)
