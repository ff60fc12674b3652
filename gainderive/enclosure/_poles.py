r"""Proof that an integral is infinite because of a pole at a point of the real line.

If :math:`(x - r)^m f(x)`, ``m >= 1``, is a continuous function without zero on a neighbourhood of :math:`r`, which one
ball shows, then :math:`|f(x)| \ge c/|x - r|^m` there, and :math:`\int |f|` is infinite.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from flint import arb
from sympy import Expr, Poly, PolynomialError, cancel, fraction, real_roots, together

from gainderive.errors import GainderiveError
from gainderive.symbols import x

_NEIGHBOURHOOD = 2.0**-20


def pole(expr: Expr, lower: arb | None, upper: arb | None, ball: Callable[[Expr, arb], arb]) -> Expr | None:
    """Return a point of ``[lower, upper]`` (``None``: unbounded) at which `expr` is shown to have a pole.

    `ball` evaluates an expression at a ball of ``x``.
    """
    for point, order in _candidates(expr):
        at = ball(point, arb(0))
        if (lower is not None and at < lower) or (upper is not None and at > upper):
            continue
        around = at + arb(0, _NEIGHBOURHOOD)
        try:
            value = ball(cancel((x - point) ** order * expr), around)
        except (GainderiveError, PolynomialError):
            continue
        if value.is_finite() and not value.contains(0):
            return point
    return None


def _candidates(expr: Expr) -> Iterator[tuple[Expr, int]]:
    """Yield real zeros of the denominator's polynomial factors with their multiplicities."""
    for factor, power in fraction(together(expr))[1].as_powers_dict().items():
        try:
            zeros = Counter(real_roots(Poly(factor, x)))
        except (PolynomialError, NotImplementedError):
            continue
        if power.is_Integer and power > 0:
            yield from ((zero, count * int(power)) for zero, count in zeros.items())
