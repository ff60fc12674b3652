"""From elementwise operations to activations, scales, sums and products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gainderive.pytorch.graph._flow import Flow, Node, Of, Op, Unknown
from gainderive.pytorch.graph._formula import acts_elementwise, function_of, is_multiple, plain
from gainderive.pytorch.graph._functions import SUMS, words
from gainderive.pytorch.graph._nonlinearity import Nonlinearity

_PRODUCTS = words("mul rmul imul multiply div truediv rtruediv itruediv true_divide divide")


def refined(flow: Flow) -> Flow:
    """Return `flow` with elementwise operations taken together where they are a function of one value.

    ``0.5 * h * (1 + torch.tanh(...))`` is one activation, ``x + f(x)`` a sum. Operations inside such a function stay
    in the flow, without anyone who takes their values.
    """
    flow = _promoted(flow)
    origin = _origins(flow)
    found: dict[Any, Nonlinearity | None] = {}
    nodes: list[Node] = []
    for node in flow:
        if node.op is not Op.ELEMENTWISE:
            nodes.append(node)
        elif origin[node.index] == node.index:
            nodes.append(replace(node, op=_combination(node)))
        elif _is_end(flow, node, origin):
            source = origin[node.index]
            key = _key(flow, node.index, source)
            if key not in found:
                found[key] = function_of(flow, node.index, source)
            nodes.append(_one(node, source, found[key]))
        else:
            nodes.append(replace(node, op=Op.CARRY, inputs=(origin[node.index],)))
    return Flow(tuple(nodes), flow.outputs)


def _promoted(flow: Flow) -> Flow:
    """Return `flow` with those unknown operations as elementwise ones that act on one number after the other."""
    tried: dict[str, bool] = {}
    nodes = []
    for node in flow:
        if node.op is Op.MIX and node.call is not None and node.call[1][:1] == (Of(node.inputs[0]),):
            function, (_, *others), named = node.call
            key = f"{node.does} {others} {named}"
            if key not in tried:
                tried[key] = len(node.inputs) == 1 and acts_elementwise(function, tuple(others), named)
            node = replace(node, op=Op.ELEMENTWISE) if tried[key] else node
        nodes.append(node)
    return Flow(tuple(nodes), flow.outputs)


def _one(node: Node, source: int, phi: Nonlinearity | None) -> Node:
    if phi is None:
        return replace(node, op=Op.MIX, inputs=(source,))
    phi = replace(phi, where=node.where)
    return replace(node, op=Op.SCALE if is_multiple(phi) else Op.ACTIVATION, inputs=(source,), phi=phi)


def _origins(flow: Flow) -> list[int]:
    """Return for each node the one of which it is an elementwise function: itself, unless it is elementwise."""
    origin: list[int] = []
    for node in flow:
        met = {origin[index] for index in node.inputs}
        alone = node.op is Op.ELEMENTWISE and len(met) == 1 and not _has_tensors(node)
        origin.append(met.pop() if alone else node.index)
    return origin


def _is_end(flow: Flow, node: Node, origin: list[int]) -> bool:
    """Tell whether somebody takes the value who is no part of the same function."""
    takers = flow.consumers[node.index]
    inner = all(flow[t].op is Op.ELEMENTWISE and origin[t] == origin[node.index] for t in takers)
    return node.index in flow.outputs or not takers or not inner


def _combination(node: Node) -> Op:
    """Return what an elementwise operation on several values does, or on one and a tensor of constants."""
    if len(set(node.inputs)) == 1:
        return Op.CARRY
    return Op.SUM if node.does in SUMS else Op.PRODUCT if node.does in _PRODUCTS else Op.MIX


def _has_tensors(node: Node) -> bool:
    """Tell whether the arguments hold a tensor of different numbers, such as a bias or a mask."""
    return node.module is None and node.call is not None and any(map(_is_tensor, _values(node.call[1:])))


def _is_tensor(value: Any) -> bool:
    return isinstance(value, Unknown) or hasattr(value, "detach")


def _values(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple):
        for part in value:
            yield from _values(part)
    else:
        yield plain(value)


def _key(flow: Flow, index: int, source: int) -> Any:
    """Return what two functions have in common if and only if they are made of the same operations."""
    if index == source:
        return "x"
    node = flow[index]
    if node.module is not None:
        torchs = type(node.module).__module__.startswith("torch.nn.modules.")
        return repr(node.module) if torchs and not any(True for _ in node.module.parameters()) else index
    if node.call is None:
        return index
    parts = (_key(flow, v.node, source) if isinstance(v, Of) else repr(v) for v in _values(node.call[1:]))
    return (node.does, tuple(node.call[2]), *parts)
