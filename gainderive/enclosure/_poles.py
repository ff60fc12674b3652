r"""Proof that an integral is infinite because of a pole at a point of the real line.

Let :math:`f = N/D` with :math:`D(r) = 0`. Where, on a neighbourhood of :math:`r`, :math:`|N| \ge c > 0` and
:math:`|D'| \le M`, the mean value theorem gives :math:`|D(x)| \le M |x - r|`, so :math:`|f(x)| \ge (c/M)/|x - r|`, and
:math:`\int |f|` is infinite over every interval of positive length that has :math:`r` inside or at an end. One ball
around :math:`r` shows both bounds; that :math:`r` belongs to the interval is shown too, never taken from balls that
only overlap.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from flint import arb, ctx
from sympy import Basic, Expr, Float, Integer, Rational, S, fraction, together

from gainderive.balls import working_precision
from gainderive.errors import GainderiveError, Undecided
from gainderive.symbols import x
from gainderive.zeros import as_quotient, real_zeros

_NEIGHBOURHOOD = 2.0**-20
_NEAR = Integer(5)
"""Where poles of functions with infinitely many are looked for."""
_FINER = (1, 4, 16)
"""Multiples of the working precision at which two numbers are compared."""

Ends = list[Any]
"""Expressions or balls; as lower ends, the greatest counts, as upper ends, the least."""
Ball = Callable[[Any, arb | None], arb]
"""Evaluates an expression in a ball of ``x``; ``None`` for a constant, which may be a ball already."""


def pole(expr: Expr, lower: Ends, upper: Ends, ball: Ball) -> Expr | None:
    """Return a pole of `expr` that is shown to lie between the finite ends; no end means unbounded.

    ``None`` also where that the interval has a positive length is not shown.
    """
    if not all(_is_above(high, low, ball, strict=True) for high in upper for low in lower):
        return None
    # SymPy solves for the decimals of a float; what is integrated has its binary value.
    exact = expr.xreplace({number: Rational(number) for number in expr.atoms(Float)})
    numerator, denominator = fraction(together(as_quotient(exact)))
    for point in _zeros(denominator):
        if not all(_is_above(point, low, ball) for low in lower):
            continue
        if not all(_is_above(high, point, ball) for high in upper):
            continue
        around = ball(point, None) + arb(0, _NEIGHBOURHOOD)
        try:
            above, slope = ball(numerator, around), ball(denominator.diff(x), around)
        except GainderiveError:
            continue
        if abs(above) > 0 and slope.is_finite():
            return point
    return None


def _is_above(a: Any, b: Any, ball: Ball, strict: bool = False) -> bool:
    """Tell whether ``a >= b`` is shown (``a > b`` when `strict`): exactly, or through balls that get finer."""
    difference = _exact_difference(a, b)
    if difference is not None:
        return bool(difference > 0) or (difference == 0 and not strict)
    for factor in _FINER:
        with working_precision(factor * ctx.prec):
            high, low = ball(a, None), ball(b, None)
            if high > low or (high >= low and not strict):
                return True
            if high < low:
                return False
    return False


def _exact_difference(a: Any, b: Any) -> Rational | None:
    """Return ``a - b`` where SymPy finds a rational for it without rounding."""
    if not (isinstance(a, Basic) and isinstance(b, Basic)) or a.has(Float) or b.has(Float):
        return None
    difference = (a - b).expand()
    return difference if isinstance(difference, Rational) else None


def _zeros(denominator: Expr) -> Iterator[Expr]:
    """Yield points at which the denominator is 0 exactly: the origin, and zeros of its factors near it."""
    if denominator.subs(x, 0) == 0:
        yield S.Zero
    for factor in denominator.as_powers_dict():
        if x in factor.free_symbols:
            with suppress(Undecided):
                # Of infinitely many the nearest ones will do.
                yield from _zeros_of_factor(factor)


def _zeros_of_factor(factor: Expr) -> tuple[Expr, ...]:
    try:
        return real_zeros(factor)
    except Undecided:
        return real_zeros(factor, x, -_NEAR, _NEAR)
