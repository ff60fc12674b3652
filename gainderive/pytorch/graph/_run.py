"""The flow of a model, recorded while it runs once on example inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gainderive.errors import BadModel
from gainderive.pytorch._untouched import untouched
from gainderive.pytorch.graph._flow import Flow, Op
from gainderive.pytorch.graph._modules import kinds_of_modules
from gainderive.pytorch.graph._record import Recorder

if TYPE_CHECKING:
    from torch import nn


def recorded(model: nn.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Flow:
    """Return what `model` does with example inputs, in evaluation mode and without gradients.

    Raises
    ------
    BadModel
        When its forward raises.
    """
    import torch
    from torch.overrides import TorchFunctionMode

    kinds = kinds_of_modules(model)
    recorder = Running(model)

    class Mode(TorchFunctionMode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            result = func(*args, **(kwargs or {}))
            recorder.called(func, args, kwargs or {}, result)
            return result

    with untouched(model), without_fast_path(), torch.no_grad():
        for module in model.modules():
            module.training = False
        recorder.inputs((args, kwargs))
        try:
            with recorder.hooked(model, kinds), Mode():
                output = model(*args, **kwargs)
        except Exception as error:
            raise BadModel(
                f"{type(model).__name__}.forward raises {type(error).__name__} for the example inputs: {error}. Pass "
                "inputs that it takes."
            ) from error
        return recorder.flow(output)


@contextmanager
def without_fast_path() -> Iterator[None]:
    """Keep torch's transformer layers from computing everything in one call."""
    import torch

    enabled = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(enabled)


class Running(Recorder):
    """Records what hooks and a function mode see of a run."""

    def __init__(self, model: nn.Module) -> None:
        from torch.utils.weak import WeakIdKeyDictionary

        super().__init__(model, WeakIdKeyDictionary(), WeakIdKeyDictionary())
        self._stack = [""]
        self._inside = 0
        """How many modules are running whose inside is of no interest."""

    def is_value(self, thing: Any) -> bool:
        import torch

        return isinstance(thing, torch.Tensor)

    def inputs(self, given: Any) -> None:
        """Record every tensor in `given` as an input."""
        for tensor in self._values(given):
            self.input(tensor)

    def called(self, function: Any, args: Any, kwargs: Any, result: Any) -> None:
        """Record a call, unless it happens inside of a module that is one operation."""
        if not self._inside:
            self.function(function, args, kwargs, result, self._stack[-1])

    @contextmanager
    def hooked(self, model: nn.Module, kinds: Mapping[str, Op | None]) -> Iterator[None]:
        """Follow which module is running."""
        handles: list[Any] = []
        try:
            for name, module in model.named_modules():
                before, after = self._hooks(name, kinds[name])
                handles.append(module.register_forward_pre_hook(before, with_kwargs=True))
                handles.append(module.register_forward_hook(after, with_kwargs=True))
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _hooks(self, name: str, kind: Op | None) -> tuple[Callable[..., None], Callable[..., None]]:
        def before(module: Any, args: Any, kwargs: Any) -> None:
            self._stack.append(name)
            self._inside += kind is not None

        def after(module: Any, args: Any, kwargs: Any, output: Any) -> None:
            self._stack.pop()
            self._inside -= kind is not None
            if not self._inside:
                self.module(kind, module, name, args, kwargs, output)

        return before, after
