"""A9: the first layer's gradient against the last one's, when the first layer saturates."""

import numpy as np

from gainderive.ledger import Amended, Claim, Experiment, Said, Source
from gainderive.ledger.entries._gaussian_layers import share_within
from gainderive.ledger.entries._networks import GAIN, WIDTH, Array, Rng, by_batches, forward, gradient_norms, weights

_LAYERS = 4
_ORDERS = -2.0
"""Orders of magnitude: two of them are the least that the plural means."""


def _decades(scale: float, bias: float) -> Experiment:
    """Return the experiment of how many decades the first gradient lies above the last, per entry of the weights."""

    def measure(rng: Rng, networks: int) -> Array:
        gains = [scale, *[GAIN] * (_LAYERS - 1)]
        stack = [weights(rng, networks, WIDTH, WIDTH, gain) for gain in gains]
        layers = forward(rng.standard_normal((networks, WIDTH)), stack, bias)
        norms = gradient_norms(layers, rng.standard_normal((networks, WIDTH)))
        return np.log10(norms[0] / norms[-1])

    what = f"log₁₀(‖∇W₁‖/‖∇W_L‖) with a first layer whose u has standard deviation {scale:g} and mean {bias:g}"
    return Experiment(what, by_batches(measure), -np.inf, _ORDERS, precision=0.1)


CLAIM = Claim(
    says="When the early layer saturates, its gradient norm is orders of magnitude below that of the last layer.",
    who=(Source("lecture notes on vanishing gradients"),),
    check=Said(_decades(10, 0), amended=Amended("saturated by a shift to one side", _decades(1, 6))),
    correct="It is, when a shift saturates the layer: then no unit is left in the linear region. A scale leaves some "
    "there: of centred preactivations with standard deviation 10 the share {linear} still has |u| < 1, and these carry "
    "the gradient.",
    remark=f"Measured on networks of {_LAYERS} layers with {WIDTH} units each, over weights, inputs and errors.",
    numbers={"linear": (share_within(1, 100), 2)},
    results=("GD-0002", "GD-0019"),
)
