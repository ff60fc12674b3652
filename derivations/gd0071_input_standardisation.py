"""GD-0071: what unstandardised inputs do to the first layer."""

import numpy as np
from sympy import S

from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Step, ending
from gainderive.derivation.reasons import CentredWeights, MeanOfTerms, UncorrelatedWeights
from gainderive.probability import Mean
from gainderive.symbols import counter, fan_in, indexed, parameter, weight_variance

z = indexed("z")
j = counter("j")
mu, sigma = parameter("mu"), parameter("sigma", positive=True)
n, v = fan_in, weight_variance


def derive() -> Derivation:
    """Return the chain from an input's second moment to ``mu^2 + sigma^2``."""
    raw = Mean((mu + sigma * z[j]) ** 2)
    given = n * v * raw
    terms = ((mu**2, S.One), (2 * mu * sigma, z[j]), (sigma**2, z[j] ** 2))
    centred, square = Mean(z[j]), Mean(z[j] ** 2)
    steps = (
        Step(n * v * (mu**2 + 2 * mu * sigma * centred + sigma**2 * square), MeanOfTerms(raw, terms)),
        Step(n * v * (mu**2 + sigma**2 * square), CentredWeights(centred, family=z)),
        Step(n * v * (mu**2 + sigma**2), UncorrelatedWeights(square, family=z, variance=S.One)),
    )
    return Derivation(
        title="The first layer behind inputs that are not standardised",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "each input is μ + σ z with a centred z of variance 1; the z may depend on each other",
                otherwise="With means and deviations that differ from input to input, the averages of μ² and σ² stand "
                "in their places.",
            ),
            Assumption(
                "the first layer's weights are centred, uncorrelated, of variance v, and independent of the data, so "
                "that its preactivation has the second moment n_in v E h² (GD-0001)",
                otherwise="Weights with a mean add the square of the sum of all inputs, which for inputs of one sign "
                "is far larger.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    width = 10
    inputs = 1 + 0.5 * generator.uniform(-np.sqrt(3), np.sqrt(3), (size, width))
    weights = generator.standard_normal((size, width)) / np.sqrt(width)
    return np.asarray(np.einsum("rj,rj->r", weights, inputs) ** 2)


RESULT = Result(
    title="Raw inputs with mean μ and deviation σ give the first preactivation the second moment n_in v (μ² + σ²)",
    derive=derive,
    topic=Topic.FOUNDATIONS,
    commentary=r"""
The gain is made for inputs of second moment 1. Standardised data have it: $\mu = 0$, $\sigma = 1$. Bytes from 0 to
255 have about $\mu^2 + \sigma^2 = 127^2 + 74^2$, more than twenty thousand, so the first preactivation is a hundred
and fifty times too large; a tanh or sigmoid behind it is saturated for every image. Scaled to $(0, 1)$ the same
pixels have $\tfrac13$.

The *mean* does a second damage that no variance shows. The part $\mu \sum_j W_{ij}$ of a preactivation is the same
for all inputs: to the unit it is a fixed bias of variance $n v \mu^2$. If $\mu$ is large against $\sigma$, units
differ from each other and hardly from input to input, which is the correlation $c = \mu^2/(\mu^2 + \sigma^2)$ between
the preactivations of two unrelated inputs. Subtracting the mean is what makes them uncorrelated; dividing by $\sigma$
is what the gain asks for.

Behind a ReLU or a homogeneous stack the scale of the data runs through the whole network to the loss (GD-0015); behind
tanh it decides where the units work.
""",
    experiment=Experiment(
        what="a unit of 10 inputs with mean 1 and deviation 1/2, weights of variance 1/10: its square",
        draw=_draw,
        expected=1.25,
    ),
)
