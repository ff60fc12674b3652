"""Rigorous intervals whose ends are exact decimals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

from flint import arb, fmpq, fmpz
from sympy import Basic, Float, Rational

from gainderive import display, notation
from gainderive.balls import working_precision
from gainderive.enclosure._ball import ball
from gainderive.errors import Undecided

_BITS_PER_DIGIT = math.log2(10)
_EXTRA_DIGITS = 3
"""Digits of the ends beyond those asked for: rounding outward to them widens the interval by 1 % at most."""
_MOST_BITS = 2_000


@dataclass(frozen=True)
class Enclosure:
    r"""The numbers from `lower` to `upper`, one of which is the value.

    The relative radius is at most ``10**-digits``: :math:`\tfrac12 (\mathrm{upper} - \mathrm{lower}) \le 10^{-n} |y|`
    for every :math:`y` in the interval. Of a value that may be 0, the radius itself is at most ``10**-digits``.

    Parameters
    ----------
    lower, upper : Decimal
        Exact ends, rounded outward.
    digits : int
        Digits to which the interval is narrow.

    Examples
    --------
    >>> from decimal import Decimal
    >>> third = Enclosure(Decimal("0.33333"), Decimal("0.33334"), 4)
    >>> Fraction(1, 3) in third, 0.5 in third
    (True, False)
    >>> print(third)
    0.33334 ± 1e-5
    """

    lower: Decimal
    upper: Decimal
    digits: int

    @property
    def mid(self) -> Decimal:
        """Midpoint, exactly."""
        return _EXACT.multiply(_EXACT.add(self.lower, self.upper), _HALF)

    @property
    def rad(self) -> Decimal:
        """Half the width, exactly."""
        return _EXACT.multiply(_EXACT.subtract(self.upper, self.lower), _HALF)

    @classmethod
    def from_arb(cls, value: arb, digits: int) -> Enclosure:
        """Return the interval of a finite ball, its ends rounded outward to about ``digits + 3`` significant digits."""
        # These stay flint integers: Python refuses to print its own beyond 4,300 digits.
        middle, radius, power = value.mid_rad_10exp(digits + _EXTRA_DIGITS)
        exponent = int(power)
        low, high = middle - radius, middle + radius
        if radius == 0 and len(str(middle).rstrip("0")) <= digits + _EXTRA_DIGITS:
            exact = _EXACT.normalize(_decimal(middle, exponent))
            if 0 <= exact.adjusted() < digits and exact == exact.to_integral_value():
                exact = Decimal(int(exact))
            return cls(exact, exact, digits)
        drop = max(len(str(abs(middle) or radius)) - digits - _EXTRA_DIGITS, 0)
        unit = fmpz(10) ** drop
        return cls(_decimal(low // unit, exponent + drop), _decimal(-(-high // unit), exponent + drop), digits)

    def to_arb(self) -> arb:
        """Return a ball that contains the interval and is little wider."""
        bits = int((self.digits + 2 * _EXTRA_DIGITS) * _BITS_PER_DIGIT) + 32
        with working_precision(bits):
            return arb(_fraction(self.lower)).union(arb(_fraction(self.upper)))

    @property
    def is_narrow(self) -> bool:
        """Whether the radius is as small as `digits` promises."""
        if self.lower <= 0 <= self.upper and self.lower != self.upper:
            return False
        size = min(abs(self.lower), abs(self.upper))
        return self.rad <= _EXACT.scaleb(size, -self.digits)

    def contains(self, value: Any) -> bool:
        """Tell whether `value` lies between the ends, compared exactly, or through balls when it is irrational.

        Raises
        ------
        Undecided
            When an irrational number is too near to an end.
        """
        if isinstance(value, Basic) and not isinstance(value, (Rational, Float)):
            return self._contains_irrational(value)
        if isinstance(value, (float, Decimal)) and not math.isfinite(value):
            return False
        if isinstance(value, Basic):
            value = Rational(value)
            value = Fraction(int(value.p), int(value.q))
        exact = Fraction(value)
        return Fraction(self.lower) <= exact <= Fraction(self.upper)

    __contains__ = contains

    def _contains_irrational(self, value: Basic) -> bool:
        start = int(self.digits * _BITS_PER_DIGIT) + 32
        for bits in (start, 2 * start, 4 * start):
            with working_precision(bits):
                low, high, at = arb(_fraction(self.lower)), arb(_fraction(self.upper)), ball(value, bits)
                if low <= at <= high:
                    return True
                if at < low or at > high:
                    return False
        raise Undecided(f"whether {value} lies in [{self.lower}, {self.upper}] could not be decided")

    def overlaps(self, other: Enclosure) -> bool:
        """Tell whether the two intervals have a number in common."""
        return self.lower <= other.upper and other.lower <= self.upper

    def to_latex(self) -> str:
        """Return the interval as LaTeX: an exact decimal, or a middle and a radius that contain it."""
        if self.lower == self.upper:
            return f"{self.lower:f}"
        return notation.ball(Rational(str(self.lower)), Rational(str(self.upper)))

    def _repr_latex_(self) -> str:
        return f"${self.to_latex()}$"

    def _repr_html_(self) -> str:
        # One above the other: the digits that agree are those that are sure.
        ends = {"lower": self.lower, "upper": self.upper}
        rows = ((name, display.element("code", str(end))) for name, end in ends.items())
        return display.table("", [*rows, ("radius", f"{self.rad:.1e}")])

    def __float__(self) -> float:
        return float(self.mid)

    def __str__(self) -> str:
        if self.lower == self.upper:
            return str(self.lower)
        middle = self.mid
        shown = Context(prec=self.digits + 1, rounding=ROUND_HALF_EVEN).plus(middle)
        error = _EXACT.add(self.rad, abs(_EXACT.subtract(middle, shown)))
        # Never less than a unit in the last digit shown, so that the text tells its own accuracy.
        exponent = error.adjusted() + (error != _EXACT.scaleb(Decimal(1), error.adjusted()))
        return f"{shown} ± 1e{max(exponent, shown.as_tuple().exponent)}"


_EXACT = Context(prec=1_000_000, Emax=999_999_999_999_999_999, Emin=-999_999_999_999_999_999)
"""Wide enough that sums, differences and halves of ends are not rounded."""
_HALF = Decimal("0.5")
"""A product is exact and fast in a context of a million digits; a quotient is computed to all of them."""


def _decimal(integer: fmpz, exponent: int) -> Decimal:
    return _EXACT.scaleb(Decimal(integer.str()), exponent)


def _fraction(number: Decimal) -> fmpq:
    numerator, denominator = number.as_integer_ratio()
    return fmpq(numerator, denominator)
