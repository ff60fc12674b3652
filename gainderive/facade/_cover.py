r"""All ``g`` with :math:`E f(gz) = 1`, :math:`f \ge 0`: brackets that hold one each, and none elsewhere, with proof.

Let :math:`M(g) = E f(gz)` and :math:`N(g) = E (gz)^2 f(gz)`. The functions
:math:`g M(g) = \int f(y)\, e^{-y^2/(2g^2)}\,dy/\sqrt{2\pi}` and :math:`g N(g)` do not fall, because their integrands do
not. So for :math:`a \le g \le b`

.. math:: \tfrac ab M(a) \le M(g) \le \tfrac ba M(b),

and the derivative :math:`g M'(g) = E (z^2 - 1) f(gz) = N(g)/g^2 - M(g)` is positive on :math:`[a, b]` where
:math:`a N(a) > b^3 M(b)`, negative where :math:`b N(b) < a^3 M(a)`. Balls of ``M`` and ``N`` at finitely many points
show which stretches hold no solution, and on which there is one at most.

Beyond these points (``p`` the standard normal density): :math:`p(y/g)/g` grows with ``g`` while :math:`g \le |y|` and
falls from then on. So for :math:`g \le g_0 \le \delta`

.. math:: \inf_{|y|<\delta} e \cdot P(|z| < \delta/g_0) \le M(g) \le \sup_{|y|<\delta} e + E[f(g_0 z); |g_0 z| > \delta]

with the even part ``e`` of ``f``, and for :math:`g \ge g_1 \ge T` the same with the regions exchanged.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from flint import arb
from sympy import Expr, Rational, S, erf, erfc, oo, sqrt

from gainderive import enclosure
from gainderive.balls import STARTS, HalfLine, evaluate, rational, rational_midpoint, working_precision
from gainderive.derivation._scale import doubled_even_part
from gainderive.errors import GainderiveError, Undecided
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.pieces import Piece
from gainderive.symbols import x

_BITS = 53
_BOXES = 32
_MOST_POINTS = 120
"""Points at which ``M`` and ``N`` are enclosed before the search is given up."""
_NEAR = tuple(Rational(1, 4**n) for n in range(5))
_BEYOND = (8, 64)
"""How far ``g`` is from the place where the function's values near 0, or far out, begin to decide."""
_WIDEST = 16.0


@dataclass(frozen=True)
class _Point:
    """The means at one ``g``."""

    g: Rational
    m: arb
    n: arb

    @property
    def side(self) -> int:
        """Which side of 1 the mean is on."""
        side = _side(self.m)
        if not side:
            raise Undecided(f"on which side of 1 the mean is at g = {self.g}")
        return side

    @property
    def exponent(self) -> float:
        """The power of ``g`` that ``g M(g)`` grows like."""
        return float((self.n / (self.m * rational(self.g) ** 2)).mid())

    @property
    def logarithm(self) -> float:
        """The logarithm of the mean."""
        return float(self.m.log().mid())


@lru_cache(maxsize=256)
def brackets_of_all(f: Expr) -> tuple[tuple[Rational, Rational], ...]:
    """Return intervals of ``g`` that hold one solution each, in ascending order; there are no others.

    Raises
    ------
    Undecided
        When this is not shown within a bounded effort.

    Examples
    --------
    >>> from sympy import exp
    >>> [(low < root < high) for root, (low, high) in zip((0.3261, 1.786), brackets_of_all(16 * x**2 * exp(-2 * x**2)))]
    [True, True]
    """
    try:
        search = _Search(f)
        (first, before), (last, beyond) = search.beginning(), search.end()
        points = list(search.walk(first, last))
    except GainderiveError as error:
        raise Undecided(f"all solutions of E[{f}] = 1: {error}") from error
    if points[0].side != before or points[-1].side != beyond:
        raise Undecided(f"all solutions of E[{f}] = 1")
    return tuple((a.g, b.g) for a, b in pairwise(points) if a.side != b.side)


class _Search:
    def __init__(self, f: Expr) -> None:
        self._f = f
        self._left = _MOST_POINTS

    @cached_property
    def _parts(self) -> tuple[Piece, ...]:
        return doubled_even_part(self._f)

    def _point(self, g: Rational) -> _Point:
        self._left -= 1
        if self._left < 0:
            raise Undecided("too many points are needed")
        m, n = (enclosure.ball(GaussMean(f, x, g**2), _BITS) for f in (self._f, x**2 * self._f))
        return _Point(g, m, n)

    def walk(self, first: Rational, last: Rational) -> Iterator[_Point]:
        """Yield points between which the mean stays on one side of 1, or is monotone."""
        a = self._point(first)
        yield a
        while a.g < last:
            a = self._next(a, last)
            yield a

    def _next(self, a: _Point, last: Rational) -> _Point:
        steps = max(_clear_step(a), _monotone_step(a))
        log_step = min(steps, math.log(_WIDEST))
        while log_step > 1e-12:
            b = self._point(_rounded(a.g, math.exp(log_step), last))
            if _is_clear(a, b) or _is_monotone(a, b):
                return b
            log_step = math.log(float(b.g / a.g)) / 2
        raise Undecided(f"near g = {float(a.g):.9g} the mean is too near to 1, and its slope to 0")

    def beginning(self) -> tuple[Rational, int]:
        """Return a ``g`` up to which the mean is on one side of 1, and which."""
        first = self._parts[0]
        for delta in _NEAR:
            if first.upper != oo and not evaluate(first.upper - delta, {}) >= 0:
                continue
            with working_precision(_BITS):
                values = [_over(first.expr, delta * k / _BOXES, delta * (k + 1) / _BOXES) for k in range(_BOXES)]
                most = _greatest([v.upper() for v in values])
                least = -_greatest([-v.lower() for v in values])
            for ratio in _BEYOND:
                g = delta / ratio
                doubled = self._f + self._f.subs(x, -x)
                rest = enclosure.ball(GaussIntegral(doubled, x, g**2, delta, oo), _BITS)
                inside = enclosure.ball(erf(ratio / sqrt(2)), _BITS)
                if side := _decided(least / 2 * inside, most / 2 + rest):
                    return g, side
        raise Undecided("the mean for small g")

    def end(self) -> tuple[Rational, int]:
        """Return a ``g`` from which on the mean is on one side of 1, and which."""
        last = self._parts[-1]
        for start in STARTS:
            begin = Rational(int(start.p), int(start.q))
            if not evaluate(begin - last.lower, {}) >= 0:
                continue
            with working_precision(_BITS):
                tail = HalfLine(1, start, lambda c: evaluate(c, {})).tail(last.expr)
                most = None if tail.high is None else tail.high.supremum(start)
                least = None if tail.low is None or tail.sign != 1 else tail.low.infimum(start)
            if most is None and least is None:
                continue
            for ratio in _BEYOND:
                g = begin * ratio
                outside = enclosure.ball(erfc(1 / (ratio * sqrt(S(2)))), _BITS)
                if least is not None and least.lower() / 2 * outside > 1:
                    return g, 1
                if most is not None and most.upper() < 2:
                    rest = enclosure.ball(GaussIntegral(self._f, x, g**2, -begin, begin), _BITS)
                    if most.upper() / 2 + rest < 1:
                        return g, -1
        raise Undecided("the mean for large g")


def _clear_step(a: _Point) -> float:
    """Return the logarithm of about the widest step that keeps clear of 1."""
    return a.logarithm if a.side > 0 else -0.9 * a.logarithm / max(a.exponent, 1e-3)


def _monotone_step(a: _Point) -> float:
    """Return the logarithm of about the widest step on which the mean is shown to be monotone."""
    return 0.8 * abs(math.log(max(a.exponent, 1e-3))) / (a.exponent + 2)


def _is_clear(a: _Point, b: _Point) -> bool:
    with working_precision(_BITS):
        ratio = arb(rational(b.g)) / arb(rational(a.g))
        return bool(a.m / ratio > 1) or bool(b.m * ratio < 1)


def _is_monotone(a: _Point, b: _Point) -> bool:
    with working_precision(_BITS):
        low, high = arb(rational(a.g)), arb(rational(b.g))
        return bool(low * a.n > high * high * high * b.m) or bool(high * b.n < low * low * low * a.m)


def _rounded(g: Rational, factor: float, last: Rational) -> Rational:
    """Return about ``factor * g``, above `g` and at most `last`, with a short denominator."""
    step = float(g) * (factor - 1)
    unit = Rational(2) ** (math.floor(math.log2(step)) - 6)
    return min(last, g + unit * math.floor(step / float(unit)))


def _over(function: Expr, lower: Rational, upper: Rational) -> arb:
    ball = evaluate(function, {x: arb(rational(lower)).union(arb(rational(upper)))})
    if not ball.is_finite():
        raise Undecided(f"{function} on ({lower}, {upper})")
    return ball


def _greatest(numbers: list[arb]) -> arb:
    return max(numbers, key=rational_midpoint)


def _decided(lower: arb, upper: arb) -> int:
    return 1 if lower > 1 else -1 if upper < 1 else 0


def _side(ball: arb) -> int:
    return _decided(ball, ball)
