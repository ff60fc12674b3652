"""GD-0081: deep residual networks with scaled branches hardly fluctuate."""

import numpy as np
from sympy import exp

from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import ExponentialBound
from gainderive.symbols import depth, width

L, n = depth, width


def derive() -> Derivation:
    """Return the bound for the scale ``1/sqrt(L)``."""
    square = 1 / L
    one = (4 * square + 2 * square**2) / (n * (1 + square) ** 2)
    given = (1 + one) ** L
    step = Step(given < exp(one * L), ExponentialBound(given))
    return Derivation(
        title="Fluctuation of a deep residual network",
        given=given,
        claim=ending(given, step.becomes),
        steps=(step,),
        assumptions=(
            Assumption(
                "L residual blocks of GD-0080 with fresh weights and α = 1/√L, whose factors multiply as in GD-0052",
                otherwise="With α = 1 each block has the factor 1 + 3/(2n), and the network fluctuates like a plain "
                "one of the same depth.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    width, blocks = 8, 4
    stream = np.full((size, width), width**-0.5)
    for _ in range(blocks):
        weights = generator.standard_normal((size, width, width)) / np.sqrt(width)
        stream = stream + np.einsum("rij,rj->ri", weights, stream) / np.sqrt(blocks)
    return np.asarray((np.sum(stream**2, axis=1) / (1 + 1 / blocks) ** blocks) ** 2)


RESULT = Result(
    title="With branches scaled by 1/√L a residual network fluctuates by less than exp(4/n) - 1, however deep it is",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
The exponent is $\frac{L (4L + 2)}{(L + 1)^2} \cdot \frac 1n$, and the first fraction stays below 4 for every $L$:
multiply out. So the relative variance of the stream's squared norm, $(1 + \dots)^L - 1$, is below $e^{4/n} - 1$,
about $4/n$, at *any* depth.

A plain ReLU network of fifty layers needs a width in the tens of thousands before one draw is within ten per cent of
the mean (GD-0053). A residual network with the right scale needs four hundred, for a thousand blocks as well as for
fifty. Hanin and Rolnick put it as: the second failure mode never occurs. Here is its constant.

Both remedies for depth, the mean's (GD-0057) and the fluctuation's, are thus the same scale $1/\sqrt L$.
""",
    experiment=Experiment(
        what="4 linear residual blocks of width 8, α = 1/2: the square of the squared norm over its mean",
        draw=_draw,
        expected=(1 + (4 / 4 + 2 / 16) / (8 * (1 + 1 / 4) ** 2)) ** 4,
    ),
    sources=(
        Source(
            "B. Hanin, D. Rolnick: How to start training: the effect of initialization and architecture, NeurIPS 2018",
            "https://arxiv.org/abs/1803.01719",
        ),
    ),
)
