"""GD-0002: the second moment of the gradient behind a linear layer."""

import numpy as np
from sympy import KroneckerDelta, Sum

from gainderive.assumptions import UNCORRELATED_WEIGHTS, Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import (
    Abbreviation,
    Independence,
    KroneckerCollapse,
    MeanOfSum,
    SquareOfSum,
    UncorrelatedWeights,
)
from gainderive.probability import Mean
from gainderive.symbols import counter, fan_out, indexed, second_moment, slope_moment, weight_variance

W, e, p = indexed("W"), indexed("delta"), indexed("p")
i, j, k = counter("i"), counter("j"), counter("k")
n, v, m, d = fan_out, weight_variance, second_moment, slope_moment


def derive() -> Derivation:
    """Return the chain from one backpropagated entry to ``n_out v D M_2``."""
    back = Sum(W[i, j] * e[i], (i, 1, n))
    ranges = (i, 1, n), (k, 1, n)
    doubled = Sum(W[i, j] * e[i] * W[k, j] * e[k], *ranges)
    summand = Mean(W[i, j] * W[k, j] * e[i] * e[k])
    weights, gradients = Mean(W[i, j] * W[k, j]), Mean(e[i] * e[k])
    average = Sum(Mean(e[i] ** 2), (i, 1, n))
    slope = Mean(p[j] ** 2)
    given = Mean(p[j] ** 2 * back**2)
    steps = (
        Step(slope * Mean(back**2), Independence(given, family=p)),
        Step(slope * Mean(doubled), SquareOfSum(back**2, indices=(k,))),
        Step(slope * Sum(summand, *ranges), MeanOfSum(Mean(doubled))),
        Step(slope * Sum(weights * gradients, *ranges), Independence(summand, family=W)),
        Step(
            slope * Sum(v * KroneckerDelta(i, k) * gradients, *ranges),
            UncorrelatedWeights(weights, family=W, variance=v),
        ),
        Step(slope * v * average, KroneckerCollapse(Sum(v * KroneckerDelta(i, k) * gradients, *ranges))),
        Step(slope * v * n * m, Abbreviation(m, meaning=average / n)),
        Step(d * v * n * m, Abbreviation(d, meaning=slope)),
    )
    return Derivation(
        title="Second moment of a backpropagated gradient",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            UNCORRELATED_WEIGHTS,
            Assumption(
                "the slopes p_j = φ'(u_j), the weights W and the gradients delta that arrive from above are "
                "independent of each other as families (the usual assumption of independent forward and backward "
                "weights)",
                otherwise="At finite width all three depend on the same weights, and the product of the means is an "
                "approximation. Its error vanishes with growing width if the last layer's weights are centred and "
                "independent of the rest (Yang 2020), and need not otherwise.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    width, variance = 6, 1 / 3
    arriving = generator.laplace(size=(size, width)) / np.sqrt(2)
    weights = generator.standard_normal((size, width)) * np.sqrt(variance)
    slopes = (generator.standard_normal(size) > 0).astype(float)
    return np.asarray(slopes**2 * np.einsum("ri,ri->r", weights, arriving) ** 2)


RESULT = Result(
    title="A layer multiplies the gradient's second moment by fan_out · Var W · E φ'(u)²",
    derive=derive,
    topic=Topic.FOUNDATIONS,
    commentary=r"""
With $\delta = \partial L/\partial u$ of the layer above, backpropagation reads $\partial L/\partial u_j =
\phi'(u_j) \sum_i W_{ij}\,\delta_i$: the same sum as in the forward direction, but over the units that $j$ *feeds*.
So the count is **fan_out**, and the factor of the activation is $D = E\,\phi'(u)^2$ instead of $E\,\phi(u)^2$.

The assumption is stronger than in the forward direction: the arriving gradient is a function of the very weights
and preactivations that one treats as independent of it. It holds in the limit of infinite width (Yang 2020 proves
when), and it is where finite networks first deviate.
""",
    experiment=Experiment(
        what="a ReLU unit that feeds 6 units, weights of variance 1/3, Laplace-distributed gradients",
        draw=_draw,
        expected=0.5 * 6 / 3,
    ),
    sources=(
        Source(
            "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, ICCV 2015, section 2.2, eq. (11)-(14)",
            "https://arxiv.org/abs/1502.01852",
        ),
        Source(
            "G. Yang: Tensor Programs II, 2020 (when the independence assumption is exact)",
            "https://arxiv.org/abs/2006.14548",
        ),
    ),
)
