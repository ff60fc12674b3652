"""The last resort: the modules of a model as a chain, in the order in which they are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gainderive.pytorch.graph._flow import Call, Flow, Node, Op
from gainderive.pytorch.graph._modules import kind_of_module

if TYPE_CHECKING:
    from torch import nn


def ordered(model: nn.Module) -> Flow:
    """Return the flow that `model` would have if each of its modules took what the one registered before returns."""
    nodes = [Node(0, Op.INPUT, (), "", "input")]
    inside: list[str] = []
    for name, module in model.named_modules():
        if any(name.startswith(f"{outer}.") for outer in inside):
            continue
        kind = kind_of_module(module)
        if kind is not None:
            inside.append(name)
            before = len(nodes) - 1
            call: Call | None = (module, (), {}) if kind is Op.ELEMENTWISE else None
            nodes.append(Node(before + 1, kind, (before,), name, type(module).__name__, module=module, call=call))
    return Flow(tuple(nodes), (len(nodes) - 1,))
