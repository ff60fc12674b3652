"""Enclosures to as many digits as asked."""

from __future__ import annotations

import math
from decimal import Decimal

from sympy import Expr, sympify

from gainderive import numbers
from gainderive.enclosure._ball import ball_or_nonfinite
from gainderive.enclosure._enclosure import Enclosure
from gainderive.errors import Undecided

_BITS_PER_DIGIT = math.log2(10)
_SLACK = 3
"""Bits that leave room for rounding the ends outward."""
_MOST_ATTEMPTS = 6


def enclose(expr: Expr, digits: int = 15) -> Enclosure:
    r"""Return a rigorous interval around the value of `expr`, of relative radius at most ``10**-digits``.

    The working precision rises by the accuracy that is missing until the interval is narrow enough. Of a value that
    cannot be told from 0, however high the precision, an interval of radius ``10**-digits`` is returned.

    Parameters
    ----------
    expr : Expr
        Without free symbols: elementary functions, error functions, constants, algebraic numbers,
        and ``GaussMean`` and ``GaussIntegral`` of such functions, also piecewise.
    digits : int
        At least 1; Python, NumPy and SymPy integers.

    Raises
    ------
    BadDigits
        When `digits` is no integer between 1 and 100,000.
    BadExpression
        When `expr` has free symbols, or a function without enclosure.
    MomentDiverges
        When a Gaussian mean in it is proved to be infinite.
    Undecided
        When no bound was found, or precision did not help.

    Examples
    --------
    >>> from sympy import tanh
    >>> from gainderive.gaussian import GaussMean
    >>> from gainderive.symbols import x
    >>> print(enclose(GaussMean(tanh(x) ** 2, x, 1), 20))
    0.394294490397841174416 ± 1e-21
    """
    places = numbers.digits(digits)
    expr = sympify(expr)
    needed = int(places * _BITS_PER_DIGIT) + 1 + _SLACK
    precision = needed + 4
    for attempt in range(_MOST_ATTEMPTS):
        value = ball_or_nonfinite(expr, precision)
        if value.is_finite():
            result = Enclosure.from_arb(value, places)
            if result.is_narrow or (attempt > 1 and _is_small(result)):
                return result
        vague = not value.is_finite() or value.contains(0)
        precision += precision if vague else max(needed - value.rel_accuracy_bits(), 0) + 8
    raise Undecided(f"{expr} could not be enclosed to {places} digits; the last attempt used {precision} bits")


def _is_small(result: Enclosure) -> bool:
    """Tell whether the interval holds 0 and its radius is at most ``10**-digits``."""
    return 0 in result and result.rad <= Decimal(1).scaleb(-result.digits)
