"""GD-0069: what max pooling over four positions does to the second moment."""

import numpy as np
from sympy import Max

from gainderive import exact
from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, ending
from gainderive.joint import JointMean
from gainderive.symbols import branch, q

POSITIONS = tuple(branch(index) for index in range(1, 5))


def derive() -> Derivation:
    """Return the chain from the largest of four to ``q (1 + sqrt(3)/pi)``."""
    given = JointMean(Max(*POSITIONS) ** 2, *((position, q) for position in POSITIONS))
    reduced = exact.reduced(given)
    steps = (*reduced, *exact.close(reduced[-1].becomes))
    return Derivation(
        title="Second moment behind max pooling over 2 × 2 positions",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "the four preactivations are independent and of the law N(0, q); the pooling stands before the "
                "activation, or behind one that grows, with which it commutes",
                otherwise="Equal neighbours leave q unchanged; independent ones are the other extreme. Behind a ReLU a "
                "window whose largest is negative, one in sixteen, becomes 0.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    return np.asarray(np.max(generator.standard_normal((size, 4)), axis=1) ** 2)


RESULT = Result(
    title="Max pooling over 2 × 2 independent positions multiplies the second moment by 1 + √3/π",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
The largest of four normal variables is positive in fifteen of sixteen cases, and large: its second moment is more than
one and a half times that of each. With two positions nothing would happen (GD-0042); with four it is $1 + \sqrt3/\pi$.

The proof shows where $\sqrt 3$ comes from. Write the density of the maximum with $\Phi = \tfrac12(1 +
\operatorname{erf})$. The odd powers of the error function drop out by symmetry. Two integrations by parts turn its
square into two densities beside the one that was there, and the integral of a product of three normal densities
brings a $\sqrt 3$.

A ReLU that is pooled keeps nearly all of this: only windows in which all four are negative become 0, and their
largest value is near 0 anyway. So behind ReLU and $2 \times 2$ max pooling the gain is about $1/\sqrt{1.55}$ and not
$\sqrt 2$: He's gain there makes the second moment *triple* per stage when positions are independent. That pooled
networks survive it is due to the few stages, and to neighbours that are alike.
""",
    experiment=Experiment(
        what="the largest of 4 independent standard normal variables, squared",
        draw=_draw,
        expected=1 + float(np.sqrt(3) / np.pi),
    ),
)
