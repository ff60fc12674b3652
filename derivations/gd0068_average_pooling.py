"""GD-0068: what average pooling does to the second moment."""

import numpy as np
from sympy import Function, Sum

from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Step, ending
from gainderive.derivation.reasons import Arithmetic, IndependentMembers, MeanOfSum, SquareOfSum
from gainderive.gaussian import GaussMean
from gainderive.probability import Mean
from gainderive.symbols import counter, indexed, kernel_size, q, x

phi = Function("phi", real=True)
u = indexed("u")
i, j = counter("i"), counter("j")
k = kernel_size


def derive() -> Derivation:
    """Return the chain from the square of an average to ``(E phi)^2 + (E phi^2 - (E phi)^2)/K``."""
    total = Sum(phi(u[i]), (i, 1, k))
    pairs = Sum(phi(u[i]) * phi(u[j]), (i, 1, k), (j, 1, k))
    doubled = Sum(Mean(pairs.function), *pairs.limits)
    first, second = GaussMean(phi(x), x, q), GaussMean(phi(x) ** 2, x, q)
    given = Mean(total**2) / k**2
    lines = (
        (Mean(pairs) / k**2, SquareOfSum(total**2, indices=(j,))),
        (doubled / k**2, MeanOfSum(Mean(pairs))),
        ((k * second + k * (k - 1) * first**2) / k**2, IndependentMembers(doubled, family=u, q=q)),
        (first**2 + (second - first**2) / k, Arithmetic()),
    )
    return Derivation(
        title="Second moment behind average pooling",
        given=given,
        claim=ending(given, lines[-1][0]),
        steps=tuple(Step(line, by) for line, by in lines),
        assumptions=(
            Assumption(
                "the K pooled preactivations are independent and of the law N(0, q)",
                otherwise="Neighbouring positions of an image are alike. If all K were equal, pooling would do nothing "
                "and the second moment would stay; the truth lies in between.",
            ),
            Assumption(
                "E φ² is finite",
                otherwise="Then there is nothing to divide: an average of such terms has no second moment either.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    active = np.maximum(generator.standard_normal((size, 4)), 0)
    return np.asarray(np.mean(active, axis=1) ** 2)


RESULT = Result(
    title="Average pooling over K independent positions divides the variance by K and leaves the squared mean",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
An average has the same mean and a $K$-th of the variance, so of the second moment $(E\varphi)^2 + V$ what is left is
$(E\varphi)^2 + V/K$. Here, for once, second moment and variance part ways in an instructive manner. For an odd
activation, whose mean is 0, average pooling divides by $K$, and a gain of $\sqrt K$ is missing behind it. For ReLU the
squared mean is $\tfrac1{2\pi}$ of $q$ and stays, so that pooling over ever larger windows does not make the signal
vanish: it makes it a constant, the same for every input.

Global average pooling at the end of a network is this result with $K$ the number of positions. What varies from input
to input is then of relative size $1/\sqrt K$, unless neighbouring positions are correlated, and they are.
""",
    experiment=Experiment(
        what="the average of 4 independent ReLU units at q = 1, squared",
        draw=_draw,
        expected=1 / (2 * np.pi) + (0.5 - 1 / (2 * np.pi)) / 4,
    ),
)
