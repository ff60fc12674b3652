"""A network of sine units that represents an image by a function of the coordinates."""

from __future__ import annotations

from math import sqrt

import torch
from torch import nn

from gainderive.examples._seeded import seeded


class Sine(nn.Module):
    """The sine of its inputs, times a frequency."""

    def __init__(self, omega: float) -> None:
        super().__init__()
        self.omega = omega

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sin(self.omega * x)


def siren(
    omega: float = 30.0, *, depth: int = 4, width: int = 128, seed: int = 0
) -> tuple[nn.Sequential, torch.Tensor]:
    r"""Return a SIREN with the initialization of its authors, and coordinates for it.

    The weights of the first layer are uniform in :math:`\pm 1/n`, those of the others in
    :math:`\pm\sqrt{6/n}/\omega`, with :math:`n` inputs: what the second sine sees has a second moment near 1, which
    falls from there to the fixed point of :math:`q \mapsto 1 - e^{-2q}`. Biases are 0; torch's own would add
    :math:`\omega^2/(3n)`.

    Parameters
    ----------
    omega : float
        Frequency of all sines.
    depth : int
        Number of sine layers; a linear layer comes after them.
    width : int
        Number of units in each layer.
    seed : int
        Other weights for another seed.

    Returns
    -------
    model : nn.Sequential
        From two coordinates to one brightness.
    batch : Tensor of shape ``(1024, 2)``
        The points of a grid in :math:`[-1, 1]^2`.

    Examples
    --------
    >>> model, batch = siren(depth=3)
    >>> model(batch).shape
    torch.Size([1024, 1])

    Source: V. Sitzmann, J. Martel, A. Bergman, D. Lindell, G. Wetzstein: Implicit neural representations with periodic
    activation functions, NeurIPS 2020, section 3.2.
    """
    with seeded(seed):
        first, hidden, last = (
            nn.Linear(2, width),
            [nn.Linear(width, width) for _ in range(depth - 1)],
            nn.Linear(width, 1),
        )
        nn.init.uniform_(first.weight, -1 / 2, 1 / 2)
        for layer in (*hidden, last):
            bound = sqrt(6 / width) / omega
            nn.init.uniform_(layer.weight, -bound, bound)
        for layer in (first, *hidden, last):
            nn.init.zeros_(layer.bias)
    model = nn.Sequential(first, Sine(omega))
    for layer in hidden:
        model.extend([layer, Sine(omega)])
    line = torch.linspace(-1, 1, 32)
    return model.append(last), torch.cartesian_prod(line, line)
