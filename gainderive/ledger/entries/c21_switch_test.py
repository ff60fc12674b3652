"""C21: the switch test."""

import numpy as np

from gainderive.ledger import Claim, Experiment, Said, Source
from gainderive.ledger.entries._networks import Array, Rng, by_batches, share_beyond, weights

_WIDTH = 16
"""Few enough for many networks; of fewer than 11 normalised units none can be beyond 3."""
_SCALE, _SHIFT = 5.0, 2.0
"""Deviation and mean of inputs that nobody standardised."""


def _saturated(*, switched: bool, low: float, high: float) -> Experiment:
    def measure(rng: Rng, networks: int) -> Array:
        inputs = rng.standard_normal((networks, _WIDTH))
        # The standardised inputs are the same samples without their scale and shift; Xavier's variance is 1/n here.
        h = inputs if switched else _SHIFT + _SCALE * inputs
        u = np.einsum("nij,nj->ni", weights(rng, networks, _WIDTH, _WIDTH, 1.0), h)
        if switched:
            u = (u - u.mean(axis=1, keepdims=True)) / u.std(axis=1, keepdims=True)
        return share_beyond(3, u)

    after = "after the switch" if switched else "with inputs of mean 2 and deviation 5"
    return Experiment(f"share of |u| > 3 {after}", by_batches(measure), low, high, precision=0.02)


CLAIM = Claim(
    says="Switch to Xavier, standardised inputs and LayerNorm: if the saturated share falls markedly, the cause is "
    "found.",
    who=(Source("lecture notes: a checklist for saturation"),),
    check=Said(_saturated(switched=False, low=0.4, high=1.0), _saturated(switched=True, low=0.0, high=0.01)),
    remark="Which of the three it was the test does not tell: LayerNorm alone bounds the share, whatever the weights "
    "and inputs.",
    results=("GD-0001", "GD-0016"),
)
