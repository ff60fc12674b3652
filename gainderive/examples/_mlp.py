"""Plain networks: linear layers with one activation between them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from importlib import import_module
from typing import Any

import torch
from torch import nn

from gainderive import activations
from gainderive.errors import BadParameter
from gainderive.examples._seeded import seeded

CLASSES = 10
SAMPLES = 256


class Elementwise(nn.Module):
    """A function of tensors as a module."""

    def __init__(self, function: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.function(x)


def mlp(
    activation: str | Callable[[torch.Tensor], torch.Tensor] = "relu",
    *,
    depth: int = 6,
    width: int = 128,
    gain: float | None = None,
    seed: int = 0,
) -> tuple[nn.Sequential, torch.Tensor]:
    r"""Return a plain network, and standard normal inputs for it.

    Parameters
    ----------
    activation : str or callable
        A name of the catalogue for which torch has a module or function, a module, or a function of tensors.
    depth : int
        Number of layers that the activation follows; a linear layer comes after them.
    width : int
        Number of inputs, and of units in each layer.
    gain : float or None
        :math:`g` in :math:`\operatorname{Var} W = g^2/\text{fan\_in}`, with biases of 0; the last layer has gain 1.
        ``None`` leaves the layers as torch made them.
    seed : int
        Other weights and inputs for another seed.

    Returns
    -------
    model : nn.Sequential
        From ``width`` inputs to 10 outputs.
    batch : Tensor of shape ``(256, width)``
        Independent standard normal inputs.

    Raises
    ------
    UnknownActivation
        For a name that the catalogue does not know.
    BadParameter
        For one that torch has no function for.

    Examples
    --------
    >>> model, batch = mlp("silu", depth=2, width=16)
    >>> [type(module).__name__ for module in model]
    ['Linear', 'SiLU', 'Linear', 'SiLU', 'Linear']
    """
    follows = _module(activation)
    with seeded(seed):
        model = nn.Sequential()
        for _ in range(depth):
            model.extend([nn.Linear(width, width), deepcopy(follows)])
        model.append(nn.Linear(width, CLASSES))
        if gain is not None:
            _set(model, gain)
        return model, torch.randn(SAMPLES, width)


def deep_tanh(
    gain: float = 1.0, *, depth: int = 30, width: int = 256, seed: int = 0
) -> tuple[nn.Sequential, torch.Tensor]:
    r"""Return a deep network of tanh layers, all with one gain, and standard normal inputs for it.

    With the default, which Xavier's rule is often used with, the signal dies out: the length map :math:`q \mapsto
    g^2\,E\tanh(\sqrt q\,z)^2` has a positive fixed point for :math:`g > 1` only.

    Parameters
    ----------
    gain, depth, width, seed
        As for :func:`mlp`.

    Returns
    -------
    model, batch
        As for :func:`mlp`.

    Examples
    --------
    >>> model, batch = deep_tanh()
    >>> bool(model[:59](batch).square().mean() < 0.05)  # behind the thirtieth layer
    True
    """
    return mlp("tanh", depth=depth, width=width, gain=gain, seed=seed)


def _set(model: nn.Sequential, gain: float) -> None:
    *inner, last = (module for module in model if isinstance(module, nn.Linear))
    for layer, own in ((last, 1.0), *((layer, gain) for layer in inner)):
        nn.init.normal_(layer.weight, std=own / layer.in_features**0.5)
        nn.init.zeros_(layer.bias)


def _module(activation: str | Callable[[torch.Tensor], torch.Tensor]) -> nn.Module:
    if isinstance(activation, nn.Module):
        return activation
    if not isinstance(activation, str):
        return Elementwise(activation)
    entry = activations.load(activation)
    for dotted in entry.elsewhere:
        found = _of_torch(dotted)
        if found is not None:
            return found() if isinstance(found, type) else Elementwise(found)
    raise BadParameter(f"torch has no function called {activation}; give one of tensors, or a module")


def _of_torch(dotted: str) -> Any:
    home, _, name = dotted.rpartition(".")
    return getattr(import_module(home), name, None) if home.partition(".")[0] == "torch" else None
