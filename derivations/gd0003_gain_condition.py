"""GD-0003: what the gain has to satisfy."""

from sympy import Function, S, Sum, Tuple, sqrt

from gainderive import catalog
from gainderive.assumptions import Assumption
from gainderive.catalog import Illustration, Result, Topic
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import Lemma, Solving, Substitution
from gainderive.gaussian import GaussMean
from gainderive.probability import Mean
from gainderive.symbols import counter, fan_in, g, indexed, second_moment, weight_variance, x

W, h = indexed("W"), indexed("h")
i, j = counter("i"), counter("j")
n, v, m = fan_in, weight_variance, second_moment


def derive() -> Derivation:
    """Return the chain from unit second moments to ``g = (E phi^2)**(-1/2)``."""
    mean = GaussMean(Function("phi", real=True)(x) ** 2, x, 1)
    scale, moment = equation(v, g**2 / n), equation(m, mean)
    kept = equation(Mean(Sum(W[i, j] * h[j], (j, 1, n)) ** 2), S.One)
    steps = (
        Step(Tuple(scale, moment, equation(v * n * m, S.One)), Lemma(catalog.result("GD-0001").derivation)),
        Step(Tuple(scale, moment, equation(g**2 / n * n * m, S.One)), Substitution(v)),
        Step(Tuple(scale, moment, equation(g**2 * mean, S.One)), Substitution(m)),
        Step(Tuple(scale, moment, equation(g, 1 / sqrt(mean))), Solving(g)),
    )
    return Derivation(
        title="The gain condition",
        given=Tuple(scale, moment, kept),
        claim=steps[-1].becomes,
        steps=steps,
        assumptions=(
            Assumption(
                "the layer's inputs are h = φ(z) with z ~ N(0, 1): preactivations of unit second moment, wide layer",
                otherwise="For other inputs their own mean second moment stands in place of E φ(z)²: in front of "
                "standardised data, as in a first layer, the gain is 1 whatever activation follows.",
            ),
            Assumption(
                "Var W = g² / fan_in; weights centred, uncorrelated and independent of the inputs; zero bias",
                otherwise="With fan_out in place of fan_in each layer multiplies the second moment by fan_in / "
                "fan_out. A bias and the weights' mean or correlations add terms that g does not scale away (GD-0001).",
            ),
        ),
    )


RESULT = Result(
    title="The gain is one over the root of the activation's second moment",
    derive=derive,
    topic=Topic.FOUNDATIONS,
    figures=(Illustration("gains", "gelu"),),
    commentary=r"""
Write $\mathrm{Var}\,W = g^2/n_{\mathrm{in}}$. Then $n_{\mathrm{in}}$ cancels and a layer maps the preactivation's
second moment by the **length map** $q \mapsto g^2\,E\,\phi(\sqrt q\,z)^2$. The gain is the number that makes $q =
1$ a fixed point of that map, so a signal that starts with unit second moment keeps it at every depth.

Nothing here says that the fixed point attracts, or that $q = 1$ is the best place to be: those are separate
questions (for tanh, GD-0023 answers the first). For a positively homogeneous activation such as ReLU the map is
linear, so the same gain serves every $q$; in general the gain belongs to $q = 1$.

This is one of five things that software and papers call "gain". The others keep the variance instead of the second
moment, or the activation instead of the preactivation, or the gradient, or only the tangent at 0.
""",
    sources=(
        Source(
            "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, ICCV 2015, section 2.2",
            "https://arxiv.org/abs/1502.01852",
        ),
        Source(
            "B. Poole et al.: Exponential expressivity in deep neural networks through transient chaos, NeurIPS 2016, "
            "eq. (3) (the length map)",
            "https://arxiv.org/abs/1606.05340",
        ),
    ),
)
