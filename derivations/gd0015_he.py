"""GD-0015: He's initialization."""

from gainderive import exact
from gainderive.activations import load
from gainderive.assumptions import Assumption
from gainderive.catalog import Result, Topic
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
            Assumption(
                "preactivations are centred and Gaussian with second moment q, for any q > 0",
                otherwise="Symmetry about 0 is enough, because the activation's square is x² on one side and a² x² on "
                "the other. Under a law that is not symmetric the two sides weigh differently, and (1 + a²)/2 becomes "
                "another number between a² and 1 (for a² < 1).",
            ),
            Assumption(
                "weights are centred, uncorrelated and independent of the inputs; zero bias",
                otherwise="Cross terms or the bias' second moment are added in every layer (GD-0001): with σ_b² > 0 "
                "the second moment grows by σ_b² per layer, and no q is a fixed point.",
            ),
            Assumption(
                "a is the slope to the left; a = 0 is ReLU",
                otherwise="With another slope b to the right, b² + a² stands in place of 1 + a².",
            ),
        ),
    )


RESULT = Result(
    title="He: Var W = 2 / ((1 + a²) fan_in) keeps the second moment behind (Leaky) ReLU at every scale",
    derive=derive,
    topic=Topic.INITIALIZERS,
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
