"""From what a user types to an activation or a unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Expr
from sympy.core.function import FunctionClass

from gainderive import expressions, modules, units
from gainderive.activations import Activation
from gainderive.callables import Opaque
from gainderive.errors import BadCallable, BadExpression
from gainderive.symbols import x
from gainderive.units import Unit

NO_FORMULA = (
    "{name} is a callable without a formula, of which only values can be asked; gain() and gains() estimate from "
    "these. For anything else write it as an expression in x, such as 'tanh(x) + x/5'."
)


@dataclass(frozen=True)
class Understood:
    """An activation or a unit, and the parameters that were met with it."""

    entry: Activation | Unit
    settings: Mapping[str, Any] = field(default_factory=dict)


def understand(what: Any) -> Understood | Opaque:
    """Return what `what` denotes: an activation or unit with the parameters met, or a callable without a formula.

    Raises
    ------
    UnknownActivation, BadExpression
        As :func:`resolve`.
    BadCallable
        For a callable that is not one elementwise function with real values.
    """
    if isinstance(what, Opaque):
        return what
    if isinstance(what, FunctionClass):  # sympy.tanh, not applied to anything
        return Understood(_written(what(x)))
    if callable(what) and not isinstance(what, (Activation, Unit, Basic)):
        found = modules.understand(what)
        return found if isinstance(found, Opaque) else Understood(found.entry, found.settings)
    return Understood(_written(what))


def resolve(what: Any) -> Activation | Unit:
    """Return the activation or unit that `what` denotes: a name, an expression in ``x``, itself, or a known callable.

    Raises
    ------
    UnknownActivation
        For an identifier that is no activation's name.
    BadExpression
        For text or a SymPy expression that is not a real function of ``x`` alone, and for objects of
        any other type.
    BadCallable
        For a callable that no entry of the catalogue describes: it has no formula.
    """
    understood = understand(what)
    if isinstance(understood, Opaque):
        raise BadCallable(NO_FORMULA.format(name=understood.name))
    return understood.entry.at(**understood.settings) if understood.settings else understood.entry


def _written(what: Any) -> Activation | Unit:
    if isinstance(what, (Activation, Unit)):
        return what
    if isinstance(what, str):
        text = what.strip()
        if text.isidentifier() and text != "x":
            return units.named(text)
        return _anonymous(expressions.parse(text), text)
    if isinstance(what, Basic):
        return _anonymous(expressions.from_sympy(what), str(what))
    raise BadExpression(
        f"an activation is a name ('relu'), an expression in x ('tanh(x) + x/5'), a SymPy expression or a callable, "
        f"not {_article(type(what).__name__)}"
    )


def resolve_elementwise(what: Any) -> Activation:
    """Return the activation that `what` denotes, as :func:`resolve` does, and refuse a unit.

    Raises
    ------
    BadExpression
        For a unit, which is not a function of one preactivation alone.
    """
    found = resolve(what)
    if isinstance(found, Unit):
        raise BadExpression(
            f"{found.title} is a unit of several preactivations or outputs, or has a random parameter; "
            "give an activation, which is applied to each preactivation alone"
        )
    return found


def _anonymous(expression: Expr, text: str) -> Activation:
    return Activation(name="phi", title=text, expression=expression)


def _article(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"
