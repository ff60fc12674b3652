"""GD-0001: the second moment of a linear layer's output."""

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
from gainderive.symbols import counter, fan_in, indexed, second_moment, weight_variance

W, h = indexed("W"), indexed("h")
i, j, k = counter("i"), counter("j"), counter("k")
n, v, m = fan_in, weight_variance, second_moment


def derive() -> Derivation:
    """Return the chain from the square of a sum to ``n v m``."""
    preactivation = Sum(W[i, j] * h[j], (j, 1, n))
    ranges = (j, 1, n), (k, 1, n)
    given = Mean(preactivation**2)
    doubled = Sum(W[i, j] * h[j] * W[i, k] * h[k], *ranges)
    summand = Mean(W[i, j] * W[i, k] * h[j] * h[k])
    weights, inputs = Mean(W[i, j] * W[i, k]), Mean(h[j] * h[k])
    average = Sum(Mean(h[j] ** 2), (j, 1, n))
    steps = (
        Step(Mean(doubled), SquareOfSum(preactivation**2, indices=(k,))),
        Step(Sum(summand, *ranges), MeanOfSum(Mean(doubled))),
        Step(Sum(weights * inputs, *ranges), Independence(summand, family=W)),
        Step(Sum(v * KroneckerDelta(j, k) * inputs, *ranges), UncorrelatedWeights(weights, family=W, variance=v)),
        Step(v * average, KroneckerCollapse(Sum(v * KroneckerDelta(j, k) * inputs, *ranges))),
        Step(v * n * m, Abbreviation(m, meaning=average / n)),
    )
    return Derivation(
        title="Second moment of a linear layer's output",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            UNCORRELATED_WEIGHTS,
            Assumption(
                "the weights are independent of the layer's inputs h (which need not be independent of each other)",
                otherwise="E W² h² need not be v E h² then. Trained weights depend on the inputs, and so do weights "
                "that an earlier layer shares; for both the statement is no identity any more.",
            ),
            Assumption(
                "the bias is 0",
                otherwise="An independent bias adds its second moment E b² to the right-hand side.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    # Correlated inputs with a mean of their own, to show that neither matters; fresh weights for every draw.
    width, variance = 8, 1 / 8
    shared = generator.standard_normal((size, 1))
    inputs = 0.5 + 0.5 * shared + generator.standard_normal((size, width))
    weights = generator.uniform(-1, 1, (size, width)) * np.sqrt(3 * variance)
    return np.asarray(np.einsum("rj,rj->r", weights, inputs) ** 2)


RESULT = Result(
    title="A linear layer multiplies the mean second moment of its input by fan_in · Var W",
    derive=derive,
    topic=Topic.FOUNDATIONS,
    commentary=r"""
Three things enter, and it pays to see where. **Independence** of weights and inputs separates the two means.
**Zero-mean weights** remove all cross terms, so the inputs may be correlated with each other and may have any mean.
**fan_in** is the number of terms that are left.

What appears on the right is the inputs' *second moment* $E h_j^2$, not their variance $E h_j^2 - (E h_j)^2$. The
difference matters at once: after a ReLU the mean is positive and the variance is only $(1 - 1/\pi)$ of the second
moment (GD-0010). A derivation that puts a variance here would get another number than $\sqrt 2$ for ReLU.

The statement is exact at every width and for every distribution of the weights. Only when one goes on to say that
the *next* preactivation is Gaussian does one need many inputs (or Gaussian weights, at given inputs).
""",
    experiment=Experiment(
        what="a layer of 8 correlated inputs with mean 1/2, uniform weights of variance 1/8",
        draw=_draw,
        expected=0.25 + 0.25 + 1.0,
    ),
    sources=(
        Source(
            "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, ICCV 2015, section 2.2, eq. (5)-(7)",
            "https://arxiv.org/abs/1502.01852",
        ),
    ),
)
