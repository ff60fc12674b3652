"""The sign of a closed number, shown by a ball that does not contain 0."""

from __future__ import annotations

from sympy import Expr, Rational

from gainderive.balls._evaluate import evaluate
from gainderive.balls._precision import working_precision
from gainderive.errors import BadExpression, Undecided

_PRECISIONS = (64, 256, 1024)
"""Bits at which a number is told from 0, one after the other."""


def sign_of(expr: Expr) -> int | None:
    """Return the sign of a number; 0 only where arithmetic is exact, ``None`` where no ball is away from 0.

    >>> from sympy import exp, pi, sqrt
    >>> sign_of(exp(pi) - pi - 20), sign_of(sqrt(2) - 2)
    (-1, -1)
    >>> sign_of(sqrt(2) * sqrt(3) - sqrt(6)), sign_of(exp(1) ** 2 - exp(2))
    (0, 0)
    """
    if isinstance(expr, Rational):
        return int(expr.p > 0) - int(expr.p < 0)
    if expr.free_symbols:
        return None
    for precision in _PRECISIONS:
        with working_precision(precision):
            try:
                value = evaluate(expr, {})
            except (BadExpression, Undecided):
                return None
        if value > 0:
            return 1
        if value < 0:
            return -1
        if value.is_zero():
            return 0
    return None
