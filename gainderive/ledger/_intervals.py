"""What follows from numbers that are known as intervals, such as roots."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, Symbol

from gainderive import enclosure
from gainderive.balls import working_precision
from gainderive.enclosure import Enclosure
from gainderive.ledger._numbers import Number, ball, made

_DIGITS = 24


def evaluated(expr: Expr, values: Mapping[Symbol, Number], digits: int = _DIGITS) -> Enclosure:
    """Return an expression of numbers that are known as intervals, as an interval that holds all its values.

    Examples
    --------
    >>> from gainderive.roots import enclose_root
    >>> from gainderive.symbols import q
    >>> float(evaluated(q**4, {q: enclose_root(q**2 - 2, q, 1.4, 24)}))
    4.0
    """
    bits = int(digits * 3.33) + 70
    with working_precision(bits):
        known = {symbol: ball(made(value), bits) for symbol, value in values.items()}
        return Enclosure.from_arb(enclosure.ball(expr, bits, known), digits)
