"""A model that is run forward and backward, and is afterwards what it was to the last bit.

Nothing large is copied. The model runs on *aliases* of its parameters, which share their numbers but are leaves of
their own: gradients arrive at the aliases, so that `.grad` and hooks of the user's parameters see nothing. Whatever
writes to the numbers of a parameter or buffer all the same is seen by the dispatcher before it happens, and what will
be overwritten is copied then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from gainderive.errors import BadModel
from gainderive.pytorch._untouched import untouched

if TYPE_CHECKING:
    from torch import Tensor, nn

SMALL = 1 << 16
"""Bytes up to which numbers are copied beforehand: batch normalisation updates its statistics unannounced."""


@contextmanager
def apart(model: nn.Module, inputs: Sequence[Tensor] = ()) -> Iterator[dict[str, Tensor]]:
    """Run `model` on aliases of its parameters; on leaving, also after an exception, all is as it was.

    Parameters
    ----------
    model : Module
        Not scripted, all parameters with numbers.
    inputs : sequence of Tensor
        Whose numbers are put back too.

    Yields
    ------
    dict
        The alias of each parameter by its first qualified name; a tied one has one alias.

    Raises
    ------
    BadModel
        For parameters that have no shape yet, and for a scripted model, whose parameters cannot be replaced.

    Examples
    --------
    >>> import torch
    >>> layer = torch.nn.Linear(2, 1)
    >>> with apart(layer) as aliases:
    ...     layer(torch.ones(1, 2)).sum().backward()
    ...     aliases["weight"].grad
    tensor([[1., 1.]])
    >>> layer.weight.grad is None
    True
    """
    import torch

    _refuse(model)
    precision = torch.get_default_dtype()
    try:
        with ExitStack() as stack:
            stack.enter_context(untouched(model))
            stack.enter_context(torch.enable_grad())
            stack.enter_context(_numbers_kept([*model.parameters(), *model.buffers(), *inputs]))
            yield stack.enter_context(_aliased(model))
    finally:
        torch.set_default_dtype(precision)


def _refuse(model: nn.Module) -> None:
    import torch

    for name, module in model.named_modules():
        if isinstance(module, torch.jit.ScriptModule):
            raise BadModel(
                f"{name or 'the model'} is scripted, and nobody can look into it; pass the module it is from"
            )
    for name, parameter in model.named_parameters():
        if isinstance(parameter, torch.nn.parameter.UninitializedTensorMixin):
            raise BadModel(f"{name} has no shape yet; call the model once on a batch, which makes its lazy layers")
        if parameter.is_meta:
            raise BadModel(
                f"{name} is on the meta device and has no numbers; materialise and initialise the model first"
            )


@contextmanager
def _aliased(model: nn.Module) -> Iterator[dict[str, Tensor]]:
    """Put aliases in the places of the parameters, and on leaving the parameters back."""
    import torch

    aliases: dict[int, Any] = {}
    named: dict[str, Tensor] = {}
    places = []
    for prefix, module in model.named_modules():
        for name, parameter in module._parameters.items():
            if parameter is None:
                continue
            if id(parameter) not in aliases:
                alias = torch.nn.Parameter(parameter.detach(), requires_grad=parameter.requires_grad)
                alias.__dict__.update(parameter.__dict__)
                aliases[id(parameter)] = alias
                named[f"{prefix}.{name}".lstrip(".")] = alias
            places.append((module._parameters, name, parameter))
    try:
        for parameters, name, parameter in places:
            parameters[name] = aliases[id(parameter)]
        yield named
    finally:
        for parameters, name, parameter in places:
            parameters[name] = parameter


@contextmanager
def _numbers_kept(tensors: list[Tensor]) -> Iterator[None]:
    """Put back the numbers of `tensors` that were overwritten, whether by a function of torch or through a view."""
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode

    watched = {_place(tensor): tensor.detach() for tensor in tensors if tensor.numel()}
    kept = {place: _copied(tensor) for place, tensor in watched.items() if tensor.untyped_storage().nbytes() <= SMALL}

    class Mode(TorchDispatchMode):
        def __torch_dispatch__(
            self, function: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
        ) -> Any:
            kwargs = kwargs or {}
            for written in _written(function, args, kwargs):
                place = _place(written)
                if place in watched and place not in kept:
                    kept[place] = _copied(watched[place])
            return function(*args, **kwargs)

    try:
        with Mode():
            yield
    finally:
        with torch.no_grad():
            for place, numbers in kept.items():
                now = _bytes(watched[place])
                if not torch.equal(now, numbers):
                    now.copy_(numbers)


def _written(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[Tensor]:
    """Yield the tensors that a call of the dispatcher's `function` overwrites, as its schema declares them."""
    import torch

    if not function._schema.is_mutable:
        return
    for position, argument in enumerate(function._schema.arguments):
        if argument.alias_info is None or not argument.alias_info.is_write:
            continue
        value = args[position] if position < len(args) else kwargs.get(argument.name)
        for tensor in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(tensor, torch.Tensor):
                yield tensor


def _place(tensor: Tensor) -> int:
    """Return where the numbers of `tensor` begin in memory, whichever view of them it is."""
    return int(tensor.untyped_storage().data_ptr())


def _bytes(tensor: Tensor) -> Tensor:
    """Return the whole memory behind `tensor`, so that NaNs compare as what they are."""
    import torch

    storage = tensor.untyped_storage()
    return torch.empty(0, dtype=torch.uint8, device=tensor.device).set_(storage)


def _copied(tensor: Tensor) -> Tensor:
    return _bytes(tensor).clone()
