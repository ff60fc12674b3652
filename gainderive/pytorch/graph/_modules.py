"""Which modules are one operation, and what kind of operation."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from gainderive.pytorch.graph._flow import Op

if TYPE_CHECKING:
    from torch import nn

_TORCH = "torch.nn.modules."
_BY_FILE = {
    "linear": Op.LAYER,
    "conv": Op.LAYER,
    "sparse": Op.LAYER,
    "rnn": Op.RECURRENT,
    "batchnorm": Op.NORM,
    "instancenorm": Op.NORM,
    "normalization": Op.NORM,
    "dropout": Op.CARRY,
    "pooling": Op.CARRY,
    "flatten": Op.CARRY,
    "padding": Op.CARRY,
    "fold": Op.CARRY,
    "upsampling": Op.CARRY,
    "pixelshuffle": Op.CARRY,
    "channelshuffle": Op.CARRY,
}
"""From the file of ``torch.nn.modules`` that defines a class to what its objects do."""
_MIXING = ("Softmax", "Softmin", "Softmax2d", "LogSoftmax")
_ROWS = (3, 5)
"""Rows of numbers that a module of unknown kind is tried on."""
_LOUD = 30
"""Their size, beside which the small constant in a normalisation is nothing; sign functions differ all the same."""


def kind_of_module(module: nn.Module) -> Op | None:
    """Return what `module` does as one operation, or ``None`` where its forward has to be looked into.

    A user's module without weight matrices may be a normalisation: it is tried on numbers. One that is an activation is
    looked into, because its operations tell more than its values.

    >>> import torch
    >>> kind_of_module(torch.nn.Linear(2, 3)), kind_of_module(torch.nn.Sequential())
    (<Op.LAYER: 'layer'>, None)
    """
    home = _home(module)
    if home is None:
        return Op.NORM if _normalises(module) else None
    file, name = home
    if name == "Identity":
        return Op.CARRY
    if file in _BY_FILE:
        return _BY_FILE[file]
    if file != "activation":
        return None
    if name == "MultiheadAttention":
        return Op.ATTENTION
    if name in _MIXING:
        return Op.MIX
    return None if name == "GLU" else Op.ELEMENTWISE


def kinds_of_modules(model: nn.Module) -> dict[str, Op | None]:
    """Return what each module of `model` does as one operation, by name."""
    return {name: kind_of_module(module) for name, module in model.named_modules()}


def _home(module: nn.Module) -> tuple[str, str] | None:
    """Return file and name of torch's class that `module` is an object of, or of a class made from; else ``None``."""
    for kind in type(module).__mro__:
        if kind.__module__.startswith(_TORCH) and kind.__name__ != "Module":
            own = type(module).forward is getattr(kind, "forward", None) or kind.__module__.rpartition(".")[2] in (
                "linear",
                "conv",
            )
            return (kind.__module__.rpartition(".")[2], kind.__name__) if own else None
    return None


def _normalises(module: nn.Module) -> bool:
    """Tell whether a user's module without inner weights gives the same for its input and for a multiple of it."""
    import torch

    if any(True for _ in module.children()) or any(p.dim() > 1 for p in module.parameters()):
        return False
    widths = {parameter.numel() for parameter in module.parameters() if parameter.numel() > 1}
    if len(widths) > 1:
        return False
    try:
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            torch.manual_seed(0)
            trial: Any = copy.deepcopy(module).cpu().double()
            x = _LOUD * torch.randn(*_ROWS, max(widths, default=8), dtype=torch.float64)
            once, scaled = trial(x), trial(4 * x)
            size = once.abs().max()
            return once.shape == x.shape and bool(size > 0) and bool((once - scaled).abs().max() <= 1e-3 * size)
    except Exception:  # Whatever a user's module raises for numbers that it was not made for.
        return False
