"""GD-0061: what inverted dropout does to the second moment."""

import numpy as np

from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import Coin, MeanOfTerms
from gainderive.probability import Mean
from gainderive.symbols import counter, indexed, parameter

h, b = indexed("h"), indexed("b")
i = counter("i")
p = parameter("p", positive=True)


def derive() -> Derivation:
    """Return the chain from the dropped activation's square to ``E h^2 / p``."""
    given = Mean((h[i] * b[i] / p) ** 2)
    kept = Mean(h[i] ** 2 / p**2)
    steps = (
        Step(kept * p, Coin(given, family=b, probability=p)),
        Step(Mean(h[i] ** 2) / p, MeanOfTerms(kept, ((p**-2, h[i] ** 2),))),
    )
    return Derivation(
        title="Second moment behind inverted dropout",
        given=given,
        claim=ending(given, steps[-1].becomes),
        steps=steps,
        assumptions=(
            Assumption(
                "each activation is kept with probability p, independently of its value, and divided by p; in torch p "
                "is 1 minus the argument of nn.Dropout",
                otherwise="Without the division, as in the original dropout, the second moment is p E h² while "
                "training, and the weights are multiplied by p afterwards.",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    active = np.maximum(np.sqrt(2) * generator.standard_normal(size), 0)
    return np.asarray((active * (generator.random(size) < 0.8) / 0.8) ** 2)


RESULT = Result(
    title="Inverted dropout that keeps with probability p multiplies the second moment by 1/p",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
The division by $p$ keeps the *mean*: $E\,h b/p = E\,h$. The second moment is divided by $p$ twice and multiplied by $p$
once, so $1/p$ is left: dropout is noise, and noise has a second moment. Per layer that is a factor 2 at $p = \tfrac12$,
which twenty layers turn into a million, while training; in an evaluating network it is gone. A network that is
initialised for one of the two modes explodes or dies in the other, unless it is normalised or shallow.

By GD-0001 the next preactivation's second moment grows by the same factor, and nothing else changes: to hold it, put
$\sqrt p$ times the gain in front of the weights (GD-0062). The variance behaves in another way: $\mathrm{Var}\,h$
becomes $\mathrm{Var}\,h + \tfrac{1 - p}{p} E h^2$, so it is the second moment, again, in which the rule is simple.

The gradient passes the same mask and the same division, so its second moment is multiplied by $1/p$ as well.
Dropping whole branches of a residual network (stochastic depth) is this result for one coin per branch.
""",
    experiment=Experiment(
        what="√2 times ReLU of a standard normal variable, kept with probability 0.8",
        draw=_draw,
        expected=1 / 0.8,
    ),
    sources=(Source("torch.nn.Dropout, documentation (torch 2.13.0: outputs are scaled by 1/(1-p) during training)"),),
)
