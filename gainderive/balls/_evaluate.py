"""Expressions without bound variable, evaluated at the current working precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flint import arb
from sympy import And, Basic, Expr, Not, Or, Piecewise, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from gainderive.balls._numbers import is_number, number
from gainderive.balls._program import compiled, run
from gainderive.balls._special import SPECIAL
from gainderive.errors import BadExpression, Undecided

Values = Mapping[Symbol, Any]
"""What stands for a free symbol: a ball or an expression."""
Means = Callable[[Basic, Values], arb]
"""Gives the ball of a Gaussian mean, whose own free symbols are among the values."""


def no_means(node: Basic, values: Values) -> arb:
    """Refuse a Gaussian mean, where only functions and numbers are understood."""
    raise BadExpression(f"{node} has no enclosure here: it is neither a number nor a function of numbers")


def evaluate(expr: Expr, values: Values, means: Means = no_means) -> arb:
    """Return a ball around `expr`, not finite where it is undefined or could not be bounded.

    Raises
    ------
    BadExpression
        When a symbol has no value, or a function no enclosure.
    Undecided
        When a case distinction could not be decided.
    """
    program = compiled(expr)
    return run(program.real, [_leaf(leaf, values, means) for leaf in program.leaves])


def _leaf(leaf: Basic, values: Values, means: Means) -> arb:
    if is_number(leaf):
        return number(leaf)
    if isinstance(leaf, Symbol):
        if leaf not in values:
            raise BadExpression(f"{leaf} has no value; give one, or replace it by a number")
        value = values[leaf]
        return value if isinstance(value, arb) else evaluate(value, values, means)
    special = SPECIAL.get(leaf.func)
    if special is not None:
        return special(*(evaluate(arg, values, means) for arg in leaf.args))
    if isinstance(leaf, Piecewise):
        return _cases(leaf, values, means)
    return means(leaf, values)


def _cases(expr: Piecewise, values: Values, means: Means) -> arb:
    for branch, condition in expr.args:
        if _holds(condition, values, means):
            return evaluate(branch, values, means)
    raise BadExpression(f"no case of {expr} holds")


def _holds(condition: Basic, values: Values, means: Means) -> bool:
    if isinstance(condition, (BooleanTrue, BooleanFalse)):
        return bool(condition)
    if isinstance(condition, And):
        return all(_holds(part, values, means) for part in condition.args)
    if isinstance(condition, Or):
        return any(_holds(part, values, means) for part in condition.args)
    if isinstance(condition, Not):
        return not _holds(condition.args[0], values, means)
    if isinstance(condition, Relational) and condition.rel_op in ("<", "<=", ">", ">="):
        difference = evaluate(condition.lhs - condition.rhs, values, means)
        strict = "=" not in condition.rel_op
        if "<" in condition.rel_op:
            difference = -difference
        if difference > 0 or (difference >= 0 and not strict):
            return True
        if difference < 0 or (difference <= 0 and strict):
            return False
    raise Undecided(f"whether {condition} holds could not be decided")
