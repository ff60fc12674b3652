"""The flow of a model without inputs: its forward is executed with symbols by torch.fx."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from gainderive.pytorch._untouched import untouched
from gainderive.pytorch.graph._flow import Flow
from gainderive.pytorch.graph._functions import words
from gainderive.pytorch.graph._modules import kind_of_module
from gainderive.pytorch.graph._record import Recorder
from gainderive.pytorch.graph._run import without_fast_path

if TYPE_CHECKING:
    from torch import nn

_QUESTIONS = words("size dim numel shape device dtype ndim is_nested requires_grad ndimension stride")
"""Methods and attributes that return no values."""


def traced(model: nn.Module) -> Flow | str:
    """Return what `model` does, or why torch.fx cannot tell."""
    import torch
    from torch import fx

    class Tracer(fx.Tracer):
        def is_leaf_module(self, m: Any, module_qualified_name: str) -> bool:
            return kind_of_module(m) is not None

        def call_module(self, m: Any, forward: Any, args: Any, kwargs: Any) -> Any:
            if type(m) is nn.TransformerEncoder:  # Its forward asks questions that a symbol cannot answer.
                return _through(m, *args)
            return super().call_module(m, forward, args, kwargs)

    from torch import nn

    def _through(encoder: Any, value: Any, *rest: Any) -> Any:
        for layer in encoder.layers:
            value = layer(value)
        return value if encoder.norm is None else encoder.norm(value)

    root = model
    if kind_of_module(model) is not None or type(model) is nn.TransformerEncoder:
        return "it is traced only as part of a model"
    required = inspect.signature(model.forward).parameters.values()
    optional = {p.name: p.default for p in required if p.default is not inspect.Parameter.empty}
    with untouched(model), without_fast_path(), torch.no_grad():
        for module in model.modules():
            module.training = False
        try:
            tracer = Tracer()
            graph = tracer.trace(root, concrete_args=optional or None)
        except Exception as error:
            return f"torch.fx cannot trace it ({type(error).__name__}: {str(error).splitlines()[0][:200]})"
    return _Tracing(model).read(graph)


class _Tracing(Recorder):
    """Reads a graph of torch.fx."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__(model, {}, {})
        self._model = model
        self._constants: dict[Any, Any] = {}

    def is_value(self, thing: Any) -> bool:
        from torch import fx

        return isinstance(thing, fx.Node)

    def constant(self, value: Any) -> Any:
        return self._constants.get(value, value)

    def read(self, graph: Any) -> Flow:
        """Return the flow that `graph` describes."""
        import torch

        output: Any = ()
        modules = dict(self._model.named_modules())
        for node in graph.nodes:
            where = _where(node)
            if node.op == "placeholder":
                self.input(node)
            elif node.op == "get_attr":
                self._constants[node] = _attribute(self._model, node.target)
            elif node.op == "call_module":
                module = modules[node.target]
                self.module(kind_of_module(module), module, node.target, node.args, node.kwargs, node)
            elif node.op == "call_method" and node.target not in _QUESTIONS:
                self.function(getattr(torch.Tensor, node.target), node.args, node.kwargs, node, where)
            elif node.op == "call_function":
                if node.target is getattr and node.args[1] in _QUESTIONS:
                    continue
                self.function(node.target, node.args, node.kwargs, node, where)
            elif node.op == "output":
                output = node.args
        return self.flow(output)


def _where(node: Any) -> str:
    stack = list((node.meta.get("nn_module_stack") or {}).values())
    return str(stack[-1][0]) if stack else ""


def _attribute(model: Any, target: str) -> Any:
    for part in target.split("."):
        model = getattr(model, part)
    return model
