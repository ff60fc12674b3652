"""B15: what residual connections do for the gradient."""

import numpy as np

from gainderive.ledger import Claim, Experiment, Said, Source
from gainderive.ledger.entries._networks import WIDTH, Array, Rng, by_batches, weights

_BLOCKS = 5
_SATURATING = 3.0
"""Bias of every branch, which shifts its tanh units into saturation."""


def _decades(*, residual: bool, low: float, high: float) -> Experiment:
    """Return the experiment of how many decades a gradient changes through blocks of saturated, normalised branches."""

    def measure(rng: Rng, networks: int) -> Array:
        h = rng.standard_normal((networks, WIDTH))
        slopes, stack = [], []
        for _ in range(_BLOCKS):
            size = np.sqrt(np.mean(h**2, axis=1, keepdims=True))
            matrix = weights(rng, networks, WIDTH, WIDTH, 1.0)
            u = np.einsum("nij,nj->ni", matrix, h / size) + _SATURATING
            # The norm's own derivative is left out: it removes one direction of eight.
            stack.append(matrix / size[:, :, None])
            slopes.append(1 - np.tanh(u) ** 2)
            h = np.tanh(u) + (h if residual else 0.0)
        start = delta = rng.standard_normal((networks, WIDTH))
        for matrix, slope in zip(reversed(stack), reversed(slopes), strict=True):
            delta = np.einsum("ni,nij->nj", delta * slope, matrix) + (delta if residual else 0.0)
        decades: Array = np.log10(np.linalg.norm(delta, axis=1) / np.linalg.norm(start, axis=1))
        return decades

    kind = "with" if residual else "without"
    what = f"log₁₀ of what is left of the gradient's norm behind {_BLOCKS} saturated blocks {kind} residual connections"
    return Experiment(what, by_batches(measure), low, high, precision=0.2)


CLAIM = Claim(
    says="Residual connections and pre-norm keep a path open for the gradient.",
    who=(Source("lecture notes: remedies against saturation"),),
    check=Said(
        _decades(residual=True, low=-0.1, high=0.5),
        _decades(residual=False, low=-np.inf, high=-2.0),
    ),
    remark="The path is the identity: it carries the gradient past a branch, however saturated that is. Behind a norm "
    "that stands on the path itself (post-norm) that is no longer so.",
    results=("GD-0002",),
)
