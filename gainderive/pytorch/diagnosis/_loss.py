"""What gradients are taken of: the user's loss, a usual one, or a synthetic one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gainderive.pytorch.diagnosis._plan import values_in

if TYPE_CHECKING:
    from torch import Tensor

Loss = Callable[..., Any]


def loss_of(output: Any, target: Any, loss: Loss | None, seed: int) -> Tensor | None:
    """Return a number to differentiate, or ``None`` where the output depends on no parameter.

    Parameters
    ----------
    output : object
        What the model returns; of several tensors the first one meets the target.
    target : tensor or None
        Classes, or values of the output's size.
    loss : callable or None
        The user's.
    seed : int
        Of the cotangent that stands in for a loss: normal, of unit second moment, over the root of their number.
    """
    import torch

    if loss is not None:
        value: Tensor = loss(output) if target is None else loss(output, target)
        return value if value.dim() == 0 else value.mean()
    found = list(values_in(output))
    if target is not None:
        return _usual(found[0], target)
    generator = torch.Generator().manual_seed(seed)
    parts = [
        (value * torch.randn(value.shape, generator=generator).to(value)).sum() / math.sqrt(value.numel())
        for value in found
        if value.requires_grad
    ]
    return torch.stack([part.double() for part in parts]).sum() if parts else None


def _usual(output: Tensor, target: Tensor) -> Tensor:
    """Return the squared error, or the cross entropy for classes, which lie along the last axis or the second."""
    from torch.nn import functional

    if target.is_floating_point():
        error: Tensor = functional.mse_loss(output, target.reshape(output.shape))
        return error
    if output.dim() > 1 and output.numel() == target.numel() * output.shape[-1]:
        output, target = output.reshape(-1, output.shape[-1]), target.reshape(-1)
    entropy: Tensor = functional.cross_entropy(output, target)
    return entropy
