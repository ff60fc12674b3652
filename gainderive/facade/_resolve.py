"""From what a user types to an activation."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr
from sympy.core.function import FunctionClass

from gainderive import activations, expressions, modules
from gainderive.activations import Activation
from gainderive.callables import Opaque
from gainderive.errors import BadCallable, BadExpression
from gainderive.modules import Recognised
from gainderive.symbols import x

NO_FORMULA = (
    "{name} is a callable without a formula, of which only values can be asked; gain() and gains() estimate from "
    "these. For anything else write it as an expression in x, such as 'tanh(x) + x/5'."
)


def understand(what: Any) -> Recognised | Opaque:
    """Return what `what` denotes: an activation and the parameters met with it, or a callable without a formula.

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
        return Recognised(_written(what(x)), {})
    if callable(what) and not isinstance(what, (Activation, Basic)):
        return modules.understand(what)
    return Recognised(_written(what), {})


def resolve(what: Any) -> Activation:
    """Return the activation that `what` denotes: a name, an expression in ``x``, an ``Activation`` or a known callable.

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
    return understood.activation


def _written(what: Any) -> Activation:
    if isinstance(what, Activation):
        return what
    if isinstance(what, str):
        text = what.strip()
        if text.isidentifier() and text != "x":
            return activations.load(text)
        return _anonymous(expressions.parse(text), text)
    if isinstance(what, Basic):
        return _anonymous(expressions.from_sympy(what), str(what))
    raise BadExpression(
        f"an activation is a name ('relu'), an expression in x ('tanh(x) + x/5'), a SymPy expression or a callable, "
        f"not {_article(type(what).__name__)}"
    )


def _anonymous(expression: Expr, text: str) -> Activation:
    return Activation(name="phi", title=text, expression=expression)


def _article(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"
