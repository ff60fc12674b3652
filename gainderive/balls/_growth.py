r"""Bounds of the form :math:`C\,(1+t)^n\,e^{kt + At^2}` for :math:`t \ge T_0 \ge 1`, and their Gaussian tails.

**The tail.** Let :math:`h(t) = C (1+t)^n e^{kt-\beta t^2}`, :math:`\beta > 0`, :math:`n^+ = \max(n, 0)` and
:math:`\lambda = 2\beta T - k - n^+/(1+T)`. If :math:`\lambda > 0` then

.. math:: \int_T^\infty h(t)\,dt \le h(T)/\lambda .

*Proof.* :math:`(\log h)'(t) = n/(1+t) + k - 2\beta t \le n^+/(1+t) + k - 2\beta t`, whose right side decreases in
:math:`t` and is :math:`-\lambda` at :math:`T`. So :math:`h(t) \le h(T) e^{-\lambda (t-T)}` for
:math:`t \ge T`; integrate this over :math:`[T, \infty)`.

Exponents are exact rationals where they can be, so that a growth rate *equal* to the Gaussian's decay is seen as equal.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from flint import arb, fmpq

Exact: TypeAlias = "fmpq | arb"
"""A number that is exact where possible, else a ball."""

ZERO, ONE = fmpq(0), fmpq(1)


def greatest(numbers: list[Exact]) -> Exact:
    """Return the maximum, exact when all are."""
    if all(isinstance(n, fmpq) for n in numbers):
        return max(numbers)
    result = arb(numbers[0])
    for other in numbers[1:]:
        result = result.max(arb(other))
    return result


def approximate(number: Exact) -> float:
    """Return a float near `number`; only for choices that need no rigour."""
    return float(Fraction(int(number.p), int(number.q))) if isinstance(number, fmpq) else float(number.mid())


@dataclass(frozen=True)
class Growth:
    """The function ``c (1+t)**n exp(k t + a t**2)``, ``c > 0``."""

    c: arb
    n: Exact = ZERO
    k: Exact = ZERO
    a: Exact = ZERO

    def __mul__(self, other: Growth) -> Growth:
        return Growth(self.c * other.c, self.n + other.n, self.k + other.k, self.a + other.a)

    def __pow__(self, e: Exact) -> Growth:
        return Growth(arb(self.c) ** arb(e), self.n * e, self.k * e, self.a * e)

    def scaled(self, factor: arb) -> Growth:
        """Return `factor` times the function."""
        return Growth(self.c * factor, self.n, self.k, self.a)

    @property
    def order(self) -> tuple[float, float, float]:
        """Sorts by asymptotic size; approximate, only for choices that need no rigour."""
        return approximate(self.a), approximate(self.k), approximate(self.n)

    def at(self, t: fmpq) -> arb:
        """Return the value at `t`."""
        return self.c * ((1 + arb(t)).log() * self.n + arb(t) * self.k + arb(t) * arb(t) * self.a).exp()

    def supremum(self, start: fmpq) -> arb | None:
        """Return the largest value on ``t >= start`` where the function is shown to decrease there, else ``None``."""
        slope = 2 * self.a * start + self.k
        if not self.n <= 0:
            slope = slope + self.n / (1 + start)
        return self.at(start) if self.a <= 0 and slope <= 0 else None

    def infimum(self, start: fmpq) -> arb | None:
        """Return the least value on ``t >= start`` where the function is shown to increase there, else ``None``."""
        slope = 2 * self.a * start + self.k
        if not self.n >= 0:
            slope = slope + self.n / (1 + start)
        return self.at(start) if self.a >= 0 and slope >= 0 else None

    def tail(self, rate: Exact, start: fmpq) -> arb | None:
        """Return a bound of the integral of the function times ``exp(-rate t**2)`` over ``t > start``, or ``None``."""
        beta = rate - self.a
        decay = 2 * beta * start - self.k
        if not self.n <= 0:
            decay = decay - self.n / (1 + start)
        if not (beta > 0 and decay > 0):
            return None
        return Growth(self.c, self.n, self.k, -beta).at(start) / decay

    def diverges(self, rate: Exact) -> bool:
        """Tell whether the integral of the function times ``exp(-rate t**2)`` is shown to be infinite."""
        if self.a > rate:
            return True
        if self.a != rate or not isinstance(self.a, fmpq):
            return False
        return bool(self.k > 0 or (self.k == 0 and self.n >= -1))

    def start_of_tail(self, rate: Exact, logarithm: float, least: float) -> fmpq | None:
        """Return a convenient ``T >= least`` (a multiple of 1/8) where :meth:`tail` is about ``exp(logarithm)``."""
        beta, k, n = approximate(rate) - approximate(self.a), approximate(self.k), approximate(self.n)
        if beta <= 0:
            return None
        size = float(self.c.log().mid())

        def small(t: float) -> bool:
            decay = 2 * beta * t - k - max(n, 0.0) / (1 + t)
            return decay > 0 and size + n * math.log1p(t) + k * t - beta * t * t - math.log(decay) <= logarithm

        low = math.ceil(8 * least)
        if small(low / 8):
            return fmpq(low, 8)
        step = 8
        while not small((low + step) / 8):
            step *= 2
            if step > 2**60:
                return None
        high = low + step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if small(middle / 8) else (middle, high)
        return fmpq(high, 8)


def largest(growths: list[Growth]) -> Growth:
    """Return a bound of the sum: ``(1+t)``, ``t`` and ``t**2`` are at least 0, so larger exponents are larger."""
    return Growth(
        sum((g.c for g in growths), arb(0)),
        greatest([g.n for g in growths]),
        greatest([g.k for g in growths]),
        greatest([g.a for g in growths]),
    )


def smallest(growths: list[Growth]) -> Growth:
    """Return a function that is at most each of some: smaller exponents are smaller."""
    c, n, k, a = (-greatest([-getattr(g, name) for g in growths]) for name in ("c", "n", "k", "a"))
    return Growth(arb(c), n, k, a)
