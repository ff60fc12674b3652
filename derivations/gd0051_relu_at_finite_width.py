"""GD-0051: how much one layer of ReLU, leaky or not, of finite width fluctuates."""

import numpy as np

from gainderive import exact
from gainderive.activations import load
from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending, rewrite
from gainderive.derivation.reasons import Arithmetic, Definition
from gainderive.gaussian import GaussMean
from gainderive.symbols import parameter, q, width, x

a, n = parameter("a"), width


def derive() -> Derivation:
    """Return the chain from the fluctuation for any activation to that of Leaky ReLU."""
    leaky = load("leaky_relu")
    given = 1 + (GaussMean(leaky.phi**4, x, q) / GaussMean(leaky.phi**2, x, q) ** 2 - 1) / n
    unfolded = rewrite(given, {leaky.phi: leaky.expression})
    closing = exact.close(unfolded)
    final = 1 + (5 * a**4 - 2 * a**2 + 5) / (n * (1 + a**2) ** 2)
    steps = (Step(unfolded, Definition(leaky)), *closing, Step(final, Arithmetic()))
    return Derivation(
        title="Fluctuation of the squared norm behind Leaky ReLU",
        given=given,
        claim=ending(given, final),
        steps=steps,
        assumptions=(
            Assumption(
                "Gaussian weights and given inputs, so that the fluctuation is 1 + (κ - 1)/n with κ = E φ⁴ / (E φ²)² "
                "(GD-0050)",
                otherwise="With weights of a lighter tail, such as uniform ones, the preactivations' fourth moment is "
                "smaller at finite fan_in, and so is the fluctuation; the difference is of the order of 1/(n fan_in).",
            ),
            Assumption(
                "φ(x) = x for x > 0 and a x for x < 0; a = 0 is ReLU",
                otherwise="For another activation κ depends on q, and the fluctuation with it (GD-0050).",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    width, outputs = 8, 25
    inputs = generator.standard_normal((size, width))
    inputs /= np.linalg.norm(inputs, axis=1, keepdims=True)
    weights = generator.standard_normal((size, outputs, width)) * np.sqrt(2 / outputs)
    active = np.maximum(np.einsum("rij,rj->ri", weights, inputs), 0)
    return np.asarray(np.sum(active**2, axis=1) ** 2)


RESULT = Result(
    title="Behind one ReLU layer of width n the squared norm has the relative variance 5/n",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
At $a = 0$ the number is $5/n$: ReLU keeps half of the second moment, $E\varphi^2 = q/2$, and half of the fourth,
$E\varphi^4 = 3 q^2/2$, so $\kappa = 6$. At $a = \pm 1$, the identity and the absolute value, it is $2/n$, the variance
of a $\chi^2$ variable over its squared mean. In between the slope trades one for the other: a slope to the left does
not only pass gradients, it also makes a layer of the same width steadier.

The scale $q$ has dropped out, because the activation is positively homogeneous. So the same factor belongs to every
layer of a network, whatever its input and whatever its weights' variance, and factors of independent layers multiply
(GD-0052).
""",
    experiment=Experiment(
        what="a ReLU layer of 25 units with Var W = 2/25 for an input of norm 1: the squared squared norm",
        draw=_draw,
        expected=1 + 5 / 25,
    ),
    sources=(
        Source(
            "B. Hanin, D. Rolnick: How to start training: the effect of initialization and architecture, NeurIPS 2018",
            "https://arxiv.org/abs/1803.01719",
        ),
    ),
)
