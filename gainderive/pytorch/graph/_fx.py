"""The flow of a model without inputs: its forward is executed with symbols by torch.fx."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gainderive.pytorch._untouched import untouched
from gainderive.pytorch.graph._flow import Flow, Op, Unknown
from gainderive.pytorch.graph._functions import words
from gainderive.pytorch.graph._modules import kinds_of_modules
from gainderive.pytorch.graph._record import Recorder
from gainderive.pytorch.graph._run import without_fast_path

if TYPE_CHECKING:
    from torch import nn

_UNKNOWN = Unknown()
_QUESTIONS = words("size dim numel shape device dtype ndim is_nested requires_grad ndimension stride")
"""Methods and attributes that return no values."""


def traced(model: nn.Module) -> Flow | str:
    """Return what `model` does, or why torch.fx cannot tell."""
    import torch
    from torch import fx, nn

    kinds = kinds_of_modules(model)
    if kinds[""] is not None or type(model) is nn.TransformerEncoder:
        return "torch.fx traces it only as a part of a model"
    whole = {id(module) for name, module in model.named_modules() if kinds[name] is not None}

    class Tracer(fx.Tracer):
        def is_leaf_module(self, m: Any, module_qualified_name: str) -> bool:
            return id(m) in whole

        def call_module(self, m: Any, forward: Any, args: Any, kwargs: Any) -> Any:
            # Its forward asks whether its input is nested, which a symbol cannot answer.
            return (
                _through(m, args[0])
                if type(m) is nn.TransformerEncoder
                else super().call_module(m, forward, args, kwargs)
            )

    with untouched(model), without_fast_path(), torch.no_grad():
        for module in model.modules():
            module.training = False
        try:
            graph = Tracer().trace(model, concrete_args=_defaults(model) or None)
        except Exception as error:  # Whatever a forward raises for symbols instead of tensors.
            return f"torch.fx cannot trace it ({type(error).__name__}: {str(error).partition(chr(10))[0]:.200})"
        return _Tracing(model, kinds).read(graph)  # While the model holds the constants that the tracer left there.


def _through(encoder: Any, value: Any) -> Any:
    """Return what a ``TransformerEncoder`` makes of a value without masks."""
    for layer in encoder.layers:
        value = layer(value)
    return value if encoder.norm is None else encoder.norm(value)


def _defaults(model: nn.Module) -> dict[str, Any]:
    """Return the arguments that a forward can do without."""
    arguments = inspect.signature(model.forward).parameters.values()
    return {a.name: a.default for a in arguments if a.default is not inspect.Parameter.empty}


class _Tracing(Recorder):
    """Reads a graph of torch.fx."""

    def __init__(self, model: nn.Module, kinds: Mapping[str, Op | None]) -> None:
        super().__init__(model, {}, {})
        self._kinds = kinds
        self._model = model
        self._constants: dict[Any, Any] = {}

    def is_value(self, thing: Any) -> bool:
        from torch import fx

        return isinstance(thing, fx.Node)

    def constant(self, value: Any) -> Any:
        return self._constants.get(value, _UNKNOWN)

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
                self.module(self._kinds[node.target], module, node.target, node.args, node.kwargs, node)
            elif node.op == "call_method" and node.target not in _QUESTIONS:
                self.function(getattr(torch.Tensor, node.target, node.target), node.args, node.kwargs, node, where)
            elif node.op == "call_function" and node.target is getattr:
                if node.args[1] not in _QUESTIONS:
                    self.function(getattr(torch.Tensor, node.args[1], node.args[1]), node.args[:1], {}, node, where)
            elif node.op == "call_function":
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
