"""What is measured where: from a model's structure to the operations whose values are looked at."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gainderive.activations import Activation
from gainderive.callables import Opaque
from gainderive.pytorch.diagnosis._ends import Curve, curve
from gainderive.pytorch.graph import Flow, Layer, Node, Op, Structure
from gainderive.pytorch.graph._weights import slots

if TYPE_CHECKING:
    from torch import nn

Key = tuple[str, str, int]
"""An operation in any run of the model: where, what, and how many of that kind came before it there."""

PASSED = (Op.CARRY, Op.SCALE, Op.NORM, Op.SUM)
"""What lies between a layer and the activation whose preactivations are reported as the layer's."""


@dataclass(frozen=True, eq=False)
class Place:
    """One layer, and the operations at which it is measured.

    Attributes
    ----------
    layer : Layer
        From the structure.
    calls : tuple of Key
        The operations that it is.
    preactivations, activations : tuple of Key
        Those whose values the activation gets and gives; none where no activation follows.
    norm : str
        Qualified name of the normalisation between layer and activation, if there is one.
    joined : bool
        Whether the layer's output is only a part of the preactivation, such as a term of a sum.
    phi : Curve or None
        The activation.
    """

    layer: Layer
    calls: tuple[Key, ...]
    preactivations: tuple[Key, ...]
    activations: tuple[Key, ...]
    norm: str
    joined: bool
    phi: Curve | None


def plan(structure: Structure, model: nn.Module) -> tuple[Place, ...]:
    """Return where each layer of a structure that was seen running is measured."""
    flow, keys = structure.flow, keys_of(structure.flow)
    operations: dict[str, list[Node]] = {}
    for node in flow:
        for slot in slots(node, model):
            operations.setdefault(slot.name, []).append(node)
    return tuple(_place(layer, operations.get(layer.name, []), flow, keys) for layer in structure.layers)


def keys_of(nodes: Iterable[Node]) -> list[Key]:
    """Return the keys of all operations in the order of execution."""
    before: Counter[tuple[str, str]] = Counter()
    found = []
    for node in nodes:
        found.append((node.where, node.does, before[node.where, node.does]))
        before[node.where, node.does] += 1
    return found


def _place(layer: Layer, operations: list[Node], flow: Flow, keys: list[Key]) -> Place:
    ways = [_ahead(flow, node) for node in operations] if layer.follower is not None else []
    found = [way for way in ways if way is not None]
    phi = layer.follower.activation if layer.follower is not None else None
    passed = [flow[index] for way in found for index in way.between]
    return Place(
        layer=layer,
        calls=tuple(keys[node.index] for node in operations),
        preactivations=tuple(keys[way.source] for way in found),
        activations=tuple(keys[way.activation] for way in found),
        norm=next((node.where for node in passed if node.op is Op.NORM), ""),
        joined=any(node.op is Op.SUM for node in passed),
        phi=curve(phi) if isinstance(phi, (Activation, Opaque)) else None,
    )


@dataclass(frozen=True)
class _Way:
    source: int
    activation: int
    between: tuple[int, ...]


def _ahead(flow: Flow, start: Node) -> _Way | None:
    """Return the way to the first activation that a layer's output meets."""
    before = {start.index: -1}
    for index in range(start.index, len(flow)):
        if index not in before or (index != start.index and flow[index].op not in PASSED):
            continue
        for taker in flow.consumers[index]:
            before.setdefault(taker, index)
    met = [index for index in before if flow[index].op is Op.ACTIVATION]
    if not met:
        return None
    between, index = [], before[min(met)]
    while index != start.index:
        between.append(index)
        index = before[index]
    return _Way(before[min(met)], min(met), tuple(between))


def units_of(layer: Layer) -> int:
    """Return how many units a layer has: the first axis of its weight, the second of a transposed convolution's."""
    match layer.kind:
        case "conv_transpose":
            return int(layer.shape[1] * getattr(layer.module, "groups", 1))
        case "embedding":
            return layer.shape[1]
        case "matmul":
            return int(math.prod(layer.shape) // layer.fan_in)
        case "recurrent":
            return int(getattr(layer.module, "hidden_size", layer.shape[0]))
        case "attention_in":
            return layer.shape[1]
    return layer.shape[0]


def axis_of(shape: tuple[int, ...], units: int, layer: Layer) -> int | None:
    """Return the axis along which a value's units lie, or ``None`` where it has none of that length."""
    spatial = len(layer.shape) - 2
    if layer.kind.startswith("conv") and len(shape) >= spatial + 1:
        channel = len(shape) - spatial - 1
        if shape[channel] == units:
            return channel
    fitting = [axis for axis, length in enumerate(shape) if length == units]
    return fitting[-1] if fitting else None


def values_in(thing: Any) -> Iterable[Any]:
    """Yield the floating tensors in arguments or outputs, in their order."""
    import torch

    if isinstance(thing, torch.Tensor):
        if thing.is_floating_point() and thing.numel():
            yield thing
    elif isinstance(thing, dict):
        for part in thing.values():
            yield from values_in(part)
    elif isinstance(thing, (list, tuple)):
        for part in thing:
            yield from values_in(part)
    elif hasattr(thing, "__dataclass_fields__"):
        yield from values_in(vars(thing))
