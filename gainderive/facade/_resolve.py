"""From what a user types to an activation."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr

from gainderive import activations, expressions
from gainderive.activations import Activation
from gainderive.errors import BadExpression


def resolve(what: Any) -> Activation:
    """Return the activation that `what` denotes: a name, an expression in ``x``, or an ``Activation``.

    Raises
    ------
    UnknownActivation
        For an identifier that is no activation's name.
    BadExpression
        For text or a SymPy expression that is not a real function of ``x`` alone, and for objects of
        any other type.
    """
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
        f"an activation is a name ('relu'), an expression in x ('tanh(x) + x/5') or a SymPy expression, "
        f"not {_article(type(what).__name__)}"
    )


def _anonymous(expression: Expr, text: str) -> Activation:
    return Activation(name="phi", title=text, expression=expression)


def _article(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"
