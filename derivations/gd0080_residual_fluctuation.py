"""GD-0080: how much the stream's squared norm fluctuates in one residual block."""

import numpy as np

from gainderive import exact
from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import Arithmetic
from gainderive.gaussian import GaussMean
from gainderive.symbols import parameter, width, x

alpha = parameter("alpha", positive=True)
norm = parameter("s", positive=True)
n = width


def derive() -> Derivation:
    """Return the chain from the moments along and across the stream to ``(4 a^2 + 2 a^4) / (n (1 + a^2)^2)``."""
    q = norm**2 / n
    along, along_twice = GaussMean((norm + alpha * x) ** 2, x, q), GaussMean((norm + alpha * x) ** 4, x, q)
    second, fourth = GaussMean(x**2, x, q), GaussMean(x**4, x, q)
    across = (n - 1) * alpha**2 * second
    across_twice = alpha**4 * ((n - 1) * fourth + (n - 1) * (n - 2) * second**2)
    given = (along_twice + 2 * along * across + across_twice) / (along + across) ** 2
    final = 1 + (4 * alpha**2 + 2 * alpha**4) / (n * (1 + alpha**2) ** 2)
    closing = exact.close(given)
    return Derivation(
        title="Fluctuation of the stream's squared norm in a residual block",
        given=given,
        claim=ending(given, final),
        steps=(*closing, Step(final, Arithmetic())),
        assumptions=(
            Assumption(
                "given the stream, of norm s, the branch's n outputs are independent with the law N(0, s²/n): a last "
                "layer with Gaussian weights behind features that keep the norm",
                otherwise="Features whose norm fluctuates add their own relative variance, times the square of the "
                "branch's share α²/(1 + α²): with ReLU inside, another 5/n times that.",
            ),
            Assumption(
                "coordinates are turned so that the stream points along the first axis, which changes neither norms "
                "nor the law; one output then lies along the stream, n - 1 across it",
                otherwise="Weights that are not Gaussian single out the axes, and the fourth moments depend on where "
                "the stream points, by the order of 1/n².",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    width = 12
    stream = generator.standard_normal((size, width))
    stream /= np.linalg.norm(stream, axis=1, keepdims=True)
    weights = generator.standard_normal((size, width, width)) / np.sqrt(width)
    after = stream + np.einsum("rij,rj->ri", weights, stream)
    return np.asarray((np.sum(after**2, axis=1) / 2) ** 2)


RESULT = Result(
    title="In a residual block the stream's squared norm has the relative variance (4α² + 2α⁴)/(n (1 + α²)²)",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
Compare with a plain layer, whose squared norm fluctuates by $2/n$ (linear) or $5/n$ (ReLU, GD-0051). For $\alpha = 1$
the block gives $\tfrac32 \cdot \tfrac1n$, which is nearly as much. But for a small branch it is $4\alpha^2/n$: the
fluctuation is as small as the branch's share, because what goes along the skip does not fluctuate at all.

Where the 4 comes from: $\|s + \alpha u\|^2 = \|s\|^2 + 2\alpha\,s \cdot u + \alpha^2\|u\|^2$. The cross term, which
has mean 0 and so does not appear in GD-0055, has a variance, $4\alpha^2\|s\|^2 \cdot \|s\|^2/n$; it comes from the
one output among $n$ that lies along the stream. The rest is the $\chi^2$ of the branch alone.
""",
    experiment=Experiment(
        what="a linear residual block of width 12 with α = 1 for a stream of norm 1: the square of half its squared "
        "norm",
        draw=_draw,
        expected=1 + 6 / (12 * 4),
    ),
    sources=(
        Source(
            "B. Hanin, D. Rolnick: How to start training: the effect of initialization and architecture, NeurIPS 2018 "
            "(the second failure mode never occurs in residual nets)",
            "https://arxiv.org/abs/1803.01719",
        ),
    ),
)
