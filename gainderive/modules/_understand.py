"""From any callable to an activation of the catalogue, a composed one, or an opaque callable."""

from __future__ import annotations

from typing import Any

from gainderive.activations import Activation, load
from gainderive.callables import Elementwise, Opaque, elementwise
from gainderive.errors import BadCallable, GainderiveError
from gainderive.modules._calls import calls
from gainderive.modules._known import Recognised, agree, known
from gainderive.modules._names import name_of
from gainderive.modules._refused import refuse_other_shapes
from gainderive.pieces import breakpoints
from gainderive.symbols import x

_SEQUENTIAL = "torch.nn.modules.container.Sequential"


def understand(what: Any) -> Recognised | Opaque:
    """Return the activation that the callable `what` is, or the callable made ready to be sampled.

    Raises
    ------
    BadCallable
        When it is a class, not one elementwise function, or does not return real numbers.

    Examples
    --------
    >>> import numpy
    >>> understand(lambda x: numpy.maximum(x, 0) ** 3).name
    'the function'
    """
    if isinstance(what, type):
        raise BadCallable(f"{what.__name__} is a class; pass an object of it, such as {what.__name__}()")
    refuse_other_shapes(what)
    what = _of_one_channel(what)
    if type(what).__module__ == "torch.nn.modules.dropout":
        return Recognised(load("identity"), {})
    parts = _parts(what)
    inner = [understand(part) for part in parts or ()]
    opaque = Opaque(name_of(what), elementwise(calls(what), name_of(what)))
    found = known(what, opaque.function) if parts is None else _composed(inner, opaque.function)
    return found or opaque


def _of_one_channel(what: Any) -> Any:
    """Return a ``PReLU`` whose channels have equal slopes as one with a single slope."""
    kind = type(what)
    if f"{kind.__module__}.{kind.__qualname__}" != "torch.nn.modules.activation.PReLU" or what.weight.numel() == 1:
        return what
    single = kind(1, dtype=what.weight.dtype)
    single.weight.data.fill_(what.weight.flatten()[0])
    return single


def _parts(what: Any) -> list[Any] | None:
    """Return the modules that a ``Sequential`` applies one after the other, or ``None``."""
    kind = type(what)
    return list(what) if f"{kind.__module__}.{kind.__qualname__}" == _SEQUENTIAL else None


def _composed(inner: list[Recognised | Opaque], function: Elementwise) -> Recognised | None:
    """Return the composition of known activations, if its kinks can be found and its values are those of `function`."""
    parts = [part for part in inner if isinstance(part, Recognised)]
    if len(parts) < len(inner):
        return None
    parts = [part for part in parts if part.entry.expression != x] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    expression = x
    for part in parts:
        closed = part.activation if part.activation.is_closed else part.entry.at()
        expression = closed.numeric.subs(x, expression)
    activation = Activation(
        name="phi", title=" then ".join(part.entry.title for part in parts) or "identity", expression=expression
    )
    try:
        breakpoints(expression)
        return Recognised(activation, {}) if agree(activation, function) else None
    except GainderiveError:
        return None
