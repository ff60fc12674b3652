"""From what a user types to an activation or a unit."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr

from gainderive import expressions, units
from gainderive.activations import Activation
from gainderive.errors import BadExpression
from gainderive.units import Unit


def resolve(what: Any) -> Activation | Unit:
    """Return what `what` denotes: the name of an activation or a unit, an expression in ``x``, or either itself.

    Raises
    ------
    UnknownActivation
        For an identifier that is no activation's name.
    BadExpression
        For text or a SymPy expression that is not a real function of ``x`` alone, and for objects of
        any other type.
    """
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
        f"an activation is a name ('relu'), an expression in x ('tanh(x) + x/5') or a SymPy expression, "
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
