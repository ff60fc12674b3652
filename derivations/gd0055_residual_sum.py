"""GD-0055: the second moment behind a residual block."""

import numpy as np
from sympy import S, Sum

from gainderive import catalog
from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import CentredWeights, Lemma, MeanOfTerms
from gainderive.probability import Mean
from gainderive.symbols import counter, fan_in, indexed, parameter

W, h, stream = indexed("W"), indexed("h"), indexed("s")
i, j = counter("i"), counter("j")
alpha = parameter("alpha")


def derive() -> Derivation:
    """Return the chain from the square of a block's output to a sum of two second moments."""
    branch = Sum(W[i, j] * h[j], (j, 1, fan_in))
    given = Mean((stream[i] + alpha * branch) ** 2)
    kept, cross, added = Mean(stream[i] ** 2), Mean(stream[i] * branch), Mean(branch**2)
    terms = ((S.One, kept.inside), (2 * alpha, cross.inside), (alpha**2, added.inside))
    separate = catalog.result("GD-0001").derivation
    steps = (
        Step(kept + 2 * alpha * cross + alpha**2 * added, MeanOfTerms(given, terms)),
        Step(kept + alpha**2 * added, CentredWeights(cross, family=W)),
        Step(kept + alpha**2 * separate.claim.rhs, Lemma(separate)),
    )
    return Derivation(
        title="Second moment behind a residual block",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "the branch ends in a linear layer whose weights W are centred, uncorrelated and independent of the "
                "stream s and of the layer's inputs h, which may depend on s in any way",
                otherwise="Without a last linear layer, as in s + tanh(s), branch and stream are correlated, and twice "
                "their mean product is added: for s + relu(s) that is E s² over again.",
            ),
            Assumption(
                "the last layer's bias is 0",
                otherwise="An independent bias adds α² E b² per block.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    # The branch reads the signs of the very stream that it is added to: that the two depend on each other is no matter.
    width = 6
    signal = 0.3 + generator.standard_normal((size, width))
    weights = generator.standard_normal((size, width)) / np.sqrt(width)
    return np.asarray((signal[:, 0] + np.einsum("rj,rj->r", weights, np.sign(signal))) ** 2)


RESULT = Result(
    title="A residual block adds α² times its branch's second moment to that of the stream",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
A residual block computes $s + \alpha f(s)$. Stream and branch depend on each other, since the branch reads the stream.
Yet their mean product is 0: the branch ends in a linear layer, and fresh centred weights have a random sign. So second
moments add, $E s^2 + \alpha^2\,n_{\mathrm{in}} v M_2$, and nothing has to be known of what is inside of the branch but
the second moment $M_2$ of its last features.

In a plain network each layer *multiplies* the second moment, and the gain has to be right to the last per cent. In a
residual network each block *adds*: a gain that is wrong by a factor inside of one branch changes one summand. That is
why residual networks forgive bad initialization, and why their own danger is another one: what adds, adds up (GD-0056).
""",
    experiment=Experiment(
        what="a block of 6 units whose branch reads the signs of its own stream",
        draw=_draw,
        expected=0.3**2 + 1 + 1,
    ),
    sources=(
        Source(
            "B. Hanin, D. Rolnick: How to start training: the effect of initialization and architecture, NeurIPS 2018 "
            "(residual modules)",
            "https://arxiv.org/abs/1803.01719",
        ),
    ),
)
