r"""Proof that an integral is infinite because of a pole at a point of the real line.

Let :math:`f = N/D` with :math:`D(r) = 0`. Where, on a neighbourhood of :math:`r`, :math:`|N| \ge c > 0` and
:math:`|D'| \le M`, the mean value theorem gives :math:`|D(x)| \le M |x - r|`, so :math:`|f(x)| \ge (c/M)/|x - r|`, and
:math:`\int |f|` is infinite. One ball around :math:`r` shows both bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flint import arb
from sympy import Expr, Poly, PolynomialError, S, fraction, real_roots, together

from gainderive.errors import GainderiveError
from gainderive.symbols import x

_NEIGHBOURHOOD = 2.0**-20


def pole(expr: Expr, lower: arb | None, upper: arb | None, ball: Callable[[Expr, arb | None], arb]) -> Expr | None:
    """Return a point of ``[lower, upper]`` (``None``: unbounded) at which `expr` is shown to have a pole.

    `ball` evaluates an expression, in a ball of ``x``.
    """
    numerator, denominator = fraction(together(expr))
    for point in _zeros(denominator):
        at = ball(point, None)
        if (lower is not None and at < lower) or (upper is not None and at > upper):
            continue
        around = at + arb(0, _NEIGHBOURHOOD)
        try:
            above, slope = ball(numerator, around), ball(denominator.diff(x), around)
        except GainderiveError:
            continue
        if abs(above) > 0 and slope.is_finite():
            return point
    return None


def _zeros(denominator: Expr) -> Iterator[Expr]:
    """Yield points at which the denominator is 0 exactly: the origin, and real zeros of polynomial factors."""
    if denominator.subs(x, 0) == 0:
        yield S.Zero
    for factor in denominator.as_powers_dict():
        try:
            yield from dict.fromkeys(real_roots(Poly(factor, x)))
        except (PolynomialError, NotImplementedError):
            continue
