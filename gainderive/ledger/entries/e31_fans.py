"""E31: what the fans are, and when to use which."""

import numpy as np

from gainderive.ledger import Claim, Derived, Experiment, Parts, Said, Source
from gainderive.ledger.entries._networks import Array, Rng, by_batches

_CHANNELS, _KERNEL, _OUTPUTS = 4, 3, 8
_POSITIONS = 5


def _convolved(fan: int) -> Experiment:
    """Return the experiment of a convolution's output, in its inside, with ``Var W = 1 / fan``."""

    def measure(rng: Rng, networks: int) -> Array:
        weights = rng.standard_normal((networks, _CHANNELS, _KERNEL)) / np.sqrt(fan)
        inputs = rng.standard_normal((networks, _CHANNELS, _POSITIONS))
        windows = np.lib.stride_tricks.sliding_window_view(inputs, _KERNEL, axis=2)
        moments: Array = np.mean(np.einsum("nck,ncpk->np", weights, windows) ** 2, axis=1)
        return moments

    what = (
        f"second moment behind a convolution of {_CHANNELS} channels with a kernel of {_KERNEL}, with Var W = 1/{fan}"
    )
    return Experiment(what, by_batches(measure), 0.9, 1.1, precision=0.05)


CLAIM = Claim(
    says="fan_in is the number of inputs that meet in one output, for a convolution channels times kernel size; "
    "fan_out is the number of outputs that one input feeds. fan_in keeps the signal, fan_out the gradient.",
    who=(Source("questions in lectures; documentation of initializers"),),
    check=Parts(
        {
            "fan_in of a linear layer": Said(Derived("GD-0001")),
            "fan_in of a convolution": Said(Derived("GD-0007"), _convolved(_CHANNELS * _KERNEL)),
            "fan_out keeps the gradient": Said(Derived("GD-0002")),
        }
    ),
    remark="Channels are those of one group. fan_out of a convolution with stride or groups is smaller than the "
    "number of output channels times the kernel's size, which PyTorch takes. At a border with padding fewer inputs "
    "meet. Use fan_in unless the backward pass is what fails; over a whole network the difference is the ratio of its "
    "first and last width.",
    results=("GD-0001", "GD-0002", "GD-0007"),
)
