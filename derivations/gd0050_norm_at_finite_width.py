"""GD-0050: how much the squared norm of a layer of finite width fluctuates, for any activation."""

import numpy as np
from sympy import Function, Sum

from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import Arithmetic, IndependentMembers, MeanOfSum, SquareOfSum
from gainderive.gaussian import GaussMean
from gainderive.probability import Mean
from gainderive.symbols import counter, indexed, q, width, x

phi = Function("phi", real=True)
u = indexed("u")
i, j = counter("i"), counter("j")
n = width


def derive() -> Derivation:
    """Return the chain from the squared norm's second moment to ``1 + (kurtosis - 1) / n``."""
    norm = Sum(phi(u[i]) ** 2, (i, 1, n))
    pairs = Sum(phi(u[i]) ** 2 * phi(u[j]) ** 2, (i, 1, n), (j, 1, n))
    singles, doubled = Sum(Mean(phi(u[i]) ** 2), (i, 1, n)), Sum(Mean(pairs.function), *pairs.limits)
    second, fourth = GaussMean(phi(x) ** 2, x, q), GaussMean(phi(x) ** 4, x, q)
    lines = (
        (Mean(pairs) / Mean(norm) ** 2, SquareOfSum(norm**2, indices=(j,))),
        (doubled / Mean(norm) ** 2, MeanOfSum(Mean(pairs))),
        (doubled / singles**2, MeanOfSum(Mean(norm))),
        ((n * fourth + n * (n - 1) * second**2) / singles**2, IndependentMembers(doubled, family=u, q=q)),
        ((n * fourth + n * (n - 1) * second**2) / (n * second) ** 2, IndependentMembers(singles, family=u, q=q)),
        (1 + (fourth / second**2 - 1) / n, Arithmetic()),
    )
    given = Mean(norm**2) / Mean(norm) ** 2
    return Derivation(
        title="Fluctuation of a layer's squared norm",
        given=given,
        claim=ending(given, lines[-1][0]),
        steps=tuple(Step(line, by) for line, by in lines),
        assumptions=(
            Assumption(
                "the layer's inputs are given, and its weights are Gaussian, centred and independent: its n "
                "preactivations are then independent with the law N(0, q), at any width",
                otherwise="With uniform or truncated weights the preactivations are only nearly normal. Where q itself "
                "is random, as behind earlier layers, its own fluctuation comes on top (GD-0052).",
            ),
            Assumption(
                "E φ⁴ is finite",
                otherwise="Then the squared norm has no variance, at any width; all activations of the list grow "
                "slowly enough.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    # Squares of normal variables: the norm of a linear layer, whose mean is known, so that a ratio is a mean.
    outputs = generator.standard_normal((size, 20))
    return np.asarray((np.sum(outputs**2, axis=1) / 20) ** 2)


RESULT = Result(
    title="The squared norm of a layer of width n has the relative variance (κ - 1)/n, κ = E φ⁴ / (E φ²)²",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
A gain speaks about a mean. What *one* network does is another question: draw the weights once, and the squared norm of
the layer's output is a sum of $n$ random terms. They are independent, so the sum's variance is $n$ times that of one
term, and relative to the squared mean it is $(\kappa - 1)/n$ with $\kappa = E\varphi^4/(E\varphi^2)^2$.

That is the law of large numbers with its constant, and the constant belongs to the activation. The identity has
$\kappa = 3$; ReLU, which is 0 half of the time and so has the heavier tails relative to its mean, has $\kappa = 6$; a
bounded activation that is saturated most of the time has $\kappa$ near 1, and hardly fluctuates.

Nothing is approximated: given the layer's inputs, Gaussian weights make the preactivations exactly normal and exactly
independent at *every* width. What "infinite width" hides is this one layer's $1/n$, multiplied over the layers.
""",
    experiment=Experiment(
        what="the squared squared norm of a linear layer of 20 units, over the square of its mean",
        draw=_draw,
        expected=1 + (3 - 1) / 20,
    ),
    sources=(
        Source(
            "B. Hanin, D. Rolnick: How to start training: the effect of initialization and architecture, NeurIPS 2018",
            "https://arxiv.org/abs/1803.01719",
        ),
    ),
)
