"""From an object of a framework to the catalogue's entry for it, with its parameters."""

from __future__ import annotations

import functools
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from types import MappingProxyType
from typing import Any

import numpy as np

from gainderive import activations
from gainderive.activations import Activation
from gainderive.callables import PROBES, Elementwise
from gainderive.errors import BadExpression, BadParameter
from gainderive.modules._names import origin
from gainderive.quadrature import Compiled

AGREEMENT = 1e-8
"""Relative difference of values that is none; torch's softplus is off by 2e-9 beyond its threshold."""
ROUNDINGS = 64.0


@dataclass(frozen=True)
class Recognised:
    """An activation and the parameters with which it was met, those that differ from its defaults."""

    entry: Activation
    settings: Mapping[str, Any]

    @property
    def activation(self) -> Activation:
        """The entry, its parameters set if some were met."""
        return self.entry.at(**self.settings) if self.settings else self.entry


def known(what: Any, function: Elementwise) -> Recognised | None:
    """Return the entry of the catalogue that `what` is, with its parameters, or ``None``.

    Parameters
    ----------
    what : object
        A function, a class' instance, or a ``functools.partial`` of a function.
    function : Elementwise
        The same, ready to be called: an entry whose values differ from it is none.
    """
    for name in _named(origin(what)).get(id(_identity(what)), ()):
        entry = activations.load(name)
        try:
            settings = dict(_settings(what, entry))
            closed = entry.at(**settings)
            agrees = agree(closed, function)
        except (BadParameter, BadExpression):
            continue
        if agrees:
            return Recognised(entry, settings if closed != entry.at() else {})
    return None


def _identity(what: Any) -> Any:
    """Return what the catalogue may know by name: the function, or the class of an instance."""
    if isinstance(what, functools.partial):
        return what.func
    return type(what) if hasattr(type(what), "forward") or hasattr(what, "get_config") else what


@cache
def _named(root: str) -> Mapping[int, tuple[str, ...]]:
    """Return the entries' names by the ``id`` of the objects in the loaded package `root` that stand for them."""
    found: dict[int, list[str]] = defaultdict(list)
    for name in activations.names():
        entry = activations.load(name)
        for dotted in (*entry.elsewhere, *entry.other_defaults):
            if dotted.partition(".")[0] == root and (target := _object(dotted)) is not None:
                found[id(target)].append(name)
    return MappingProxyType({key: tuple(dict.fromkeys(names)) for key, names in found.items()})


def _object(dotted: str) -> Any:
    """Return the object called `dotted` in a package that is loaded, or ``None``."""
    root, *rest = dotted.split(".")
    found: Any = sys.modules.get(root)
    path = root
    for part in rest:
        path = f"{path}.{part}"
        found = getattr(found, part, None) or sys.modules.get(path)
    return found


def _settings(what: Any, entry: Activation) -> Iterator[tuple[str, Any]]:
    """Yield the parameters and choices of `entry` that `what` has: arguments of a partial, attributes, defaults."""
    given = what.keywords if isinstance(what, functools.partial) else {}
    defaults = _defaults(what.func if isinstance(what, functools.partial) else what)
    named = [(parameter.name, *parameter.aliases) for parameter in entry.parameters]
    for names in (*named, *((choice.name,) for choice in entry.choices)):
        values = (of(name) for of in (given.get, partial(_attribute, what), defaults.get) for name in names)
        value = next((value for value in values if value is not None), None)
        if value is not None:
            yield names[0], _number(value)


def _attribute(what: Any, name: str) -> Any:
    return getattr(what, name, None)


def _defaults(function: Any) -> dict[str, Any]:
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return {}
    return {p.name: p.default for p in signature.parameters.values() if p.default is not inspect.Parameter.empty}


def _number(value: Any) -> Any:
    """Return the number that a tensor of equal numbers holds; its type keeps its precision."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    if isinstance(value, np.ndarray) and value.size and np.all(value == value.flat[0]):
        return value.flat[0]
    return value


def agree(activation: Activation, function: Elementwise) -> bool:
    """Tell whether the values of `activation` are those of `function` where functions are probed."""
    with np.errstate(all="ignore"):
        expected = np.broadcast_to(Compiled(activation.numeric).values(PROBES), PROBES.shape)
    slack = max(AGREEMENT, ROUNDINGS * function.unit) * (1 + np.abs(expected))
    return bool(np.all(np.abs(function(PROBES) - expected) <= slack))
