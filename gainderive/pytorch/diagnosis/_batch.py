"""A user's batch as the arguments of a model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gainderive.errors import BadParameter

if TYPE_CHECKING:
    from torch import Tensor, nn


FEW = 16
"""Samples on which the structure of a large model can be seen."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Positional and keyword arguments of a model's forward."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def mapped(self, function: Callable[[Tensor], Tensor]) -> Batch:
        """Return the batch with `function` applied to every tensor in it."""
        return Batch(
            tuple(_mapped(value, function) for value in self.args),
            {name: _mapped(value, function) for name, value in self.kwargs.items()},
        )

    @property
    def few(self) -> Batch | None:
        """The first samples of every tensor; ``None`` where they are few, or not equally many in each."""
        tensors = self.tensors
        if {len(values) if values.dim() else 0 for values in tensors} != {len(tensors[0]) if tensors[0].dim() else -1}:
            return None
        return self.mapped(lambda values: values[:FEW]) if len(tensors[0]) > FEW else None

    @property
    def tensors(self) -> tuple[Tensor, ...]:
        """All tensors in it."""
        return tuple(_tensors((self.args, self.kwargs)))


def batch_of(given: Any, model: nn.Module) -> Batch:
    """Return a tensor, an array, a tuple or list of arguments, or a dict of keyword arguments as a batch.

    The user's tensors are not handed on, but others that share their numbers. An array gets the precision and the
    place of the model's parameters.

    Raises
    ------
    BadParameter
        For anything else, and for an empty batch.
    """
    import torch

    like = next((p for p in model.parameters() if p.is_floating_point()), torch.empty(0))

    def tensor(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            if value.dtype.kind not in "fiub":
                raise BadParameter(f"an array of type {value.dtype} is no input of a model; give numbers")
            # The array may belong to a file that is mapped for reading only.
            made = torch.from_numpy(np.array(value))
            return made.to(like) if made.is_floating_point() else made.to(like.device)
        if isinstance(value, torch.Tensor):
            return value.detach().requires_grad_(value.requires_grad)
        return value

    if isinstance(given, dict):
        found = Batch((), {str(name): tensor(value) for name, value in given.items()})
    elif isinstance(given, (tuple, list)):
        found = Batch(tuple(map(tensor, given)), {})
    elif isinstance(given, (torch.Tensor, np.ndarray)):
        found = Batch((tensor(given),), {})
    else:
        raise BadParameter(
            "a batch is a tensor, an array, a tuple of arguments or a dict of keyword arguments, not "
            f"{type(given).__name__}"
        )
    if not found.tensors or any(not value.numel() for value in found.tensors):
        raise BadParameter("the batch holds no numbers; pass some samples, such as 64")
    return found


def standardised(batch: Batch) -> Batch:
    """Return `batch` with each feature of its real-valued tensors brought to mean 0 and variance 1.

    A feature is an entry of the last axis, of images (4 axes or more) a channel. Categories (numbers that are all 0 or
    1), indices and single numbers stay.

    >>> import torch
    >>> scaled = standardised(Batch((30 * torch.eye(4) + 5,), {})).args[0]
    >>> bool(scaled.mean(0).abs().max() < 1e-6)
    True
    """
    return batch.mapped(_standardised)


def _standardised(values: Tensor) -> Tensor:
    if not values.is_floating_point() or values.dim() < 2 or not bool(values.isfinite().all()):
        return values
    if bool(((values == 0) | (values == 1)).all()):
        return values
    feature = 1 if values.dim() > 3 else values.dim() - 1
    others = [axis for axis in range(values.dim()) if axis != feature]
    mean = values.mean(others, keepdim=True)
    deviation = values.std(others, keepdim=True, correction=0)
    return (values - mean) / deviation.where(deviation > 0, deviation.new_ones(()))


def _mapped(value: Any, function: Callable[[Tensor], Tensor]) -> Any:
    import torch

    if isinstance(value, torch.Tensor):
        return function(value)
    if isinstance(value, dict):
        return {key: _mapped(part, function) for key, part in value.items()}
    if isinstance(value, (tuple, list)) and type(value) in (tuple, list):
        return type(value)(_mapped(part, function) for part in value)
    return value


def _tensors(value: Any) -> Iterator[Tensor]:
    import torch

    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, dict):
        yield from _tensors(tuple(value.values()))
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _tensors(part)
