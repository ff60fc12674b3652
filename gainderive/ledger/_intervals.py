"""Numbers that are known as intervals only: where a result places a symbol, roots, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext

from sympy import Contains, Expr, Interval, Rational, Symbol

from gainderive import catalog, enclosure
from gainderive.balls import working_precision
from gainderive.derivation import items
from gainderive.enclosure import Enclosure
from gainderive.errors import BadClaim

_DIGITS = 24
_PRECISION = 60
"""Digits with which an end of a result's interval is written; the ends are shorter decimals, so they stay exact."""


def placed(result: str, symbol: Symbol) -> Enclosure:
    """Return the interval in which the claim of a result places a symbol.

    Parameters
    ----------
    result : str
        ID of a result whose claim holds lines ``Contains(symbol, Interval(...))``, as those of fixed points do.
    symbol : Symbol
        The symbol.

    Raises
    ------
    BadClaim
        When the result says nothing of the symbol.

    Examples
    --------
    >>> from gainderive.symbols import chi_1
    >>> float(placed("GD-0009", chi_1))
    1.2098313203834...
    """
    for line in items(catalog.result(result).derivation.claim):
        if isinstance(line, Contains) and line.args[0] == symbol and isinstance(line.args[1], Interval):
            low, high = (_decimal(end) for end in (line.args[1].start, line.args[1].end))
            return Enclosure(low, high, _DIGITS)
    raise BadClaim(f"{result} places {symbol} in no interval")


def evaluated(expr: Expr, values: Mapping[Symbol, Enclosure], digits: int = _DIGITS) -> Enclosure:
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
        known = {symbol: value.to_arb() for symbol, value in values.items()}
        return Enclosure.from_arb(enclosure.ball(expr, bits, known), digits)


def _decimal(number: Rational) -> Decimal:
    with localcontext() as context:
        context.prec = _PRECISION
        return Decimal(int(number.p)) / Decimal(int(number.q))
