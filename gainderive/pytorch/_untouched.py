"""A model that has been run and is as it was: modes, buffers, attributes, random states."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from torch import nn

_CONTAINERS = (list, dict, set)


@contextmanager
def untouched(model: nn.Module) -> Iterator[None]:
    """Undo on leaving, also after an exception, what running `model` does to it and to the random states.

    Put back are each module's attributes (and the entries of those that are plain lists, dicts and sets), so also its
    mode and the buffers; a buffer's values where they changed in place; and the random states of torch, NumPy and
    Python. Parameters are neither copied nor put back, since a forward pass does not change them.

    Examples
    --------
    >>> import torch
    >>> norm = torch.nn.BatchNorm1d(2)
    >>> with untouched(norm):
    ...     _ = norm(torch.randn(8, 2))
    >>> norm.num_batches_tracked.item(), norm.running_mean.tolist()
    (0, [0.0, 0.0])
    """
    import torch

    devices = list(range(torch.cuda.device_count())) if torch.cuda.is_initialized() else []
    buffers = [(buffer, buffer.detach().clone()) for buffer in model.buffers() if not buffer.is_meta]
    attributes = [_Attributes(module) for module in model.modules()]
    states = random.getstate(), np.random.get_state()  # noqa: NPY002 (the state that others use is what is kept)
    try:
        with torch.random.fork_rng(devices=devices):
            yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])  # noqa: NPY002
        for attribute in attributes:
            attribute.put_back()
        with torch.no_grad():
            for buffer, value in buffers:
                # Whether it changed is not told by its version, which batch normalisation does not count.
                if not torch.equal(buffer, value):
                    buffer.copy_(value)


class _Attributes:
    """What an object's ``__dict__`` held, and what the plain containers in it held."""

    def __init__(self, owner: Any) -> None:
        self.owner = owner
        self.held = dict(vars(owner))
        self.contents = [(value, value.copy()) for value in self.held.values() if isinstance(value, _CONTAINERS)]

    def put_back(self) -> None:
        vars(self.owner).clear()
        vars(self.owner).update(self.held)
        for container, content in self.contents:
            if isinstance(container, list):
                container[:] = content
            elif container != content or list(container) != list(content):
                container.clear()
                container.update(content)
