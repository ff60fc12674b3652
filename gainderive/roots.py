"""A certified root of an equation in one unknown.

>>> from gainderive.symbols import q
>>> print(float(enclose_root(q**2 - 2, q, 1.4, 20)))
1.4142135623730951
"""

from __future__ import annotations

from decimal import ROUND_DOWN, Context, Decimal, getcontext, localcontext

from flint import arb
from sympy import Expr, Rational, Symbol

from gainderive import enclosure
from gainderive.enclosure import Enclosure
from gainderive.errors import Undecided

_MOST_STEPS = 200


def enclose_root(residual: Expr, unknown: Symbol, start: float, digits: int) -> Enclosure:
    """Return an interval in which `residual` changes sign, of relative radius at most ``10**-digits``.

    The secant rule finds the root near `start`; then balls at both ends of the interval are shown to have
    strictly opposite signs, so a root lies inside (intermediate value theorem).

    Parameters
    ----------
    residual : Expr
        Continuous in `unknown`, with no other free symbol; may contain Gaussian means.
    unknown : Symbol
        Positive unknown.
    start : float
        First guess, good to a few digits.
    digits : int
        Relative radius is at most ``10**-digits``.

    Raises
    ------
    Undecided
        When the change of sign cannot be certified.
    """
    with localcontext() as context:
        context.prec = digits + 25
        # Rounded far above the secant's own error, so that the ends do not depend on how near `start` was.
        root = _rounded(_secant(residual, unknown, Decimal(start), digits), digits + 2)
        width = _rounded(root.scaleb(-digits) / 2, 2)
        lower, upper = root - width, root + width
    left, right = (_at(residual, unknown, end, digits) for end in (lower, upper))
    if not (left < 0 < right or right < 0 < left):
        raise Undecided(f"a change of sign near {unknown} = {float(root)} could not be certified to {digits} digits")
    return Enclosure(lower, upper, digits)


def _secant(residual: Expr, unknown: Symbol, start: Decimal, digits: int) -> Decimal:
    a, b = start, start * (1 + Decimal("1e-8"))
    fa, fb = (_midpoint(_at(residual, unknown, end, digits)) for end in (a, b))
    for _ in range(_MOST_STEPS):
        if abs(b - a) <= abs(b).scaleb(-digits - 9) or fa == fb:
            break
        a, fa, b = b, fb, b - fb * (b - a) / (fb - fa)
        fb = _midpoint(_at(residual, unknown, b, digits))
    return b


def _rounded(number: Decimal, digits: int) -> Decimal:
    return Context(prec=digits, rounding=ROUND_DOWN).plus(number)


def _at(residual: Expr, unknown: Symbol, value: Decimal, digits: int) -> arb:
    precision = int(digits * 3.33) + 70
    return enclosure.ball(residual, precision, {unknown: Rational(str(value))})


def _midpoint(ball: arb) -> Decimal:
    return Decimal(ball.mid().str(getcontext().prec, radius=False))
