"""From any callable to an activation of the catalogue, a composed one, or an opaque callable."""

from __future__ import annotations

from typing import Any

from gainderive.activations import Activation, load
from gainderive.callables import Opaque, elementwise
from gainderive.errors import BadCallable, BadExpression, GainderiveError
from gainderive.modules._calls import calls
from gainderive.modules._known import agree, known
from gainderive.modules._names import name_of
from gainderive.modules._refused import refuse_other_shapes
from gainderive.pieces import breakpoints
from gainderive.symbols import x

_SEQUENTIAL = "torch.nn.modules.container.Sequential"


def understand(what: Any) -> Activation | Opaque:
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
    parts = _parts(what)
    inner = [understand(part) for part in parts or ()]
    if _is_dropout(what):
        return load("identity")
    opaque = Opaque(name_of(what), elementwise(calls(what), name_of(what)))
    if parts is None:
        return known(what, opaque.function) or opaque
    return _composed(inner, opaque) or opaque


def _parts(what: Any) -> list[Any] | None:
    """Return the modules that a ``Sequential`` applies one after the other, or ``None``."""
    kind = type(what)
    return list(what) if f"{kind.__module__}.{kind.__qualname__}" == _SEQUENTIAL else None


def _is_dropout(what: Any) -> bool:
    """Tell whether `what` is a dropout that was not refused: it passes everything."""
    return bool(type(what).__module__ == "torch.nn.modules.dropout")


def _composed(inner: list[Activation | Opaque], opaque: Opaque) -> Activation | None:
    """Return the composition of known activations, if its kinks can be found and its values are those of `opaque`."""
    expression, titles = x, []
    for part in inner:
        if not isinstance(part, Activation):
            return None
        closed = part if part.is_closed else part.at()
        expression = closed.numeric.subs(x, expression)
        if expression != x:
            titles.append(closed.title)
    only = [part for part in inner if isinstance(part, Activation) and part.name != "identity"]
    if len(only) == 1:
        return only[0]
    activation = Activation(name="phi", title=" then ".join(titles) or "identity", expression=expression)
    try:
        breakpoints(expression)
        return activation if agree(activation, opaque.function) else None
    except (GainderiveError, BadExpression):
        return None
