"""Which modules are one operation, and what kind of operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gainderive.errors import GainderiveError
from gainderive.modules import understand
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
_TRIALS = (3, 5)
"""Rows that a module of unknown kind is tried on."""


def kind_of_module(module: nn.Module) -> Op | None:
    """Return what `module` does as one operation, or ``None`` where its forward has to be looked into.

    A user's module without weight matrices may be an activation or a normalisation: it is tried on numbers.

    >>> import torch
    >>> kind_of_module(torch.nn.Linear(2, 3)), kind_of_module(torch.nn.Sequential())
    (<Op.LAYER: 'layer'>, None)
    """
    home = _home(module)
    if home is None:
        return _tried(module)
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


def _tried(module: nn.Module) -> Op | None:
    """Return what a user's module without inner weights does, found by calling a copy of it."""
    if any(True for _ in module.children()) or any(p.dim() > 1 for p in module.parameters()):
        return None
    sizes = {parameter.numel() for parameter in module.parameters() if parameter.numel() > 1}
    if not sizes:
        try:
            understand(module)
        except GainderiveError:
            pass
        else:
            return Op.ELEMENTWISE
    return Op.NORM if len(sizes) <= 1 and _normalises(module, max(sizes, default=8)) else None


def _normalises(module: nn.Module, width: int) -> bool:
    """Tell whether a copy of `module` gives the same for its input and for a multiple of it."""
    import copy

    import torch

    try:
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            torch.manual_seed(0)
            trial: Any = copy.deepcopy(module).cpu().double()
            x = 30 * torch.randn(*_TRIALS, width, dtype=torch.float64)
            once, scaled = trial(x), trial(4 * x)
            if once.shape != x.shape or not bool(once.abs().max() > 0):
                return False
            return bool((once - scaled).abs().max() <= 1e-3 * once.abs().max())
    except Exception:
        return False
