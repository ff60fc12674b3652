"""GD-0079: the second moment behind a normalisation layer, and what epsilon does."""

import numpy as np

from gainderive.assumptions import Assumption
from gainderive.catalog import Experiment, Result, Topic
from gainderive.derivation import Derivation, Source, Step, ending
from gainderive.derivation.reasons import MeanOfTerms
from gainderive.probability import Mean
from gainderive.symbols import counter, indexed, parameter

h = indexed("h")
i = counter("i")
mu, epsilon = parameter("mu"), parameter("epsilon", positive=True)


def derive() -> Derivation:
    """Return the chain from the normalised units' mean square to ``sigma^2 / (sigma^2 + epsilon)``."""
    spread = Mean((h[i] - mu) ** 2)
    given = Mean((h[i] - mu) ** 2 / (spread + epsilon))
    return Derivation(
        title="Second moment behind a normalisation",
        given=given,
        claim=ending(given, spread / (spread + epsilon)),
        steps=(
            Step(
                spread / (spread + epsilon),
                MeanOfTerms(given, ((1 / (spread + epsilon), (h[i] - mu) ** 2),)),
            ),
        ),
        assumptions=(
            Assumption(
                "E averages over what the layer normalises: the units of a sample (layer norm), the samples of a "
                "channel (batch norm while training), with μ their mean, or 0 (RMS norm)",
                otherwise="Batch norm in an evaluating network divides by a constant that was collected before. It is "
                "then a linear layer, and second moments go through it as through any other.",
            ),
            Assumption(
                "the scale and shift of the layer are 1 and 0, as they begin",
                otherwise="A scale γ and a shift β make the second moment γ² times this, plus β².",
            ),
        ),
    )


def _draw(generator: np.random.Generator, size: int) -> np.ndarray:
    units = 0.05 * generator.standard_normal((size, 16)) + 3
    spread = np.var(units, axis=1)
    # The claim holds sample by sample; the part that is lost is measured, which is small where little is.
    normalised = (units - np.mean(units, axis=1, keepdims=True)) / np.sqrt(spread + 1e-3)[:, None]
    return np.asarray(np.mean(normalised**2, axis=1) * (spread + 1e-3) / spread)


RESULT = Result(
    title="Behind a normalisation layer the second moment is σ²/(σ² + ε): 1, unless the signal is as small as √ε",
    derive=derive,
    topic=Topic.REMEDIES,
    commentary=r"""
By construction a normalised signal has second moment 1, whatever came in (and mean 0, but for RMS norm): no gain in
front of it can be wrong. That is the whole forward effect, and it is why initialization is hardly discussed in networks
with a norm in every block.

Two things are left to get wrong. **Epsilon**: what the layer divides by is $\sqrt{\sigma^2 + \varepsilon}$. With
torch's $\varepsilon = 10^{-5}$ a signal of standard deviation $0.003$, which an embedding with small weights easily
has, comes out with *half* of the second moment, and one of $0.0003$ with a hundredth. A network that was drawn too
small is then not repaired by its norm, although everybody thinks so.

**Backwards** the same division happens to the gradient: $1/\sqrt{\sigma^2 + \varepsilon}$, with the two directions
taken out that the norm removes (the mean, and the signal itself). Weights that are twice as large in front of a norm
make the gradient behind it, towards the input, exactly as before, but their own gradient half as large. So the scale
of weights in front of a norm is not a gain; it is a learning rate in disguise.

The saturated share follows: behind a norm the preactivation has $q = 1$, and tanh has less than one per cent of its
units beyond the one-per-cent threshold of its slope.
""",
    experiment=Experiment(
        what="16 units with mean 3 and deviation 0.05, normalised with ε = 0.001: mean square over σ²/(σ² + ε)",
        draw=_draw,
        expected=1.0,
    ),
    sources=(Source("torch.nn.LayerNorm and torch.nn.BatchNorm1d, documentation (torch 2.13.0: eps = 1e-05)"),),
)
