r"""The trapezoid rule for an integrand that is analytic around the real line, with a proved remainder.

**Theorem.** Let :math:`F` be analytic on the closed rectangle :math:`|{\rm Re} z| \le T`, :math:`|{\rm Im} z| \le d`,
real on the real line, and :math:`T = (N + \tfrac12) h`. Then

.. math:: \Bigl| \int_{-T}^{T} F - h \sum_{k=-N}^{N} F(kh) \Bigr| \le
   \frac{2}{e^{2\pi d/h} - 1} \int_{-T}^{T} |F(x + id)|\,dx
   + 2 \int_0^d \bigl(|F(T + iy)| + |F(-T + iy)|\bigr) e^{-2\pi y/h}\,dy .

*Proof.* With :math:`u = e^{-2\pi i z/h}`, the function :math:`F/(1 - u)` has the residue :math:`h F(kh)/(2\pi i)` at
:math:`kh`, so the sum is its integral around the rectangle. On the lower half of the boundary
:math:`1/(1-u) = 1 + u/(1-u)`, and the 1 integrates to :math:`\int_{-T}^T F` by Cauchy's theorem. The rest is at most
:math:`1/(e^{2\pi d/h} - 1)` times :math:`|F|` on the horizontal sides; on the vertical sides :math:`u = -e^{2\pi y/h}`,
and it is at most :math:`e^{-2\pi |y|/h}` times :math:`|F|`. The two halves are equal, since :math:`F(\bar z) =
\overline{F(z)}`. (Goodwin 1949; Trefethen & Weideman 2014, theorem 5.1, for the infinite strip.)

Balls give everything: a cover of the rectangle by boxes shows that :math:`F` is analytic, boxes along the sides bound
:math:`|F|`. All of it is computed once, at low precision; then a value costs :math:`2N + 1` real evaluations.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from flint import acb, arb

from gainderive.balls import working_precision

Complex = Callable[[acb, bool], acb]
_LOW = 40
"""Bits for bounds."""
_MOST_BOXES = 1500
_FINEST = 2.0**-8
"""Smallest box of the cover, relative to its width."""
_SEGMENTS = 32
"""Segments per side and half-line at which the integrand is bounded."""
_HEIGHTS = (0.95, 0.7, 0.5, 0.35)
"""Heights of the rectangle that are tried, relative to the strip in which the integrand is known to be analytic."""


@dataclass(frozen=True)
class Trapezoid:
    """Step, number of nodes to each side of 0, and the remainder's bound, for the integral from ``-T`` to ``T``."""

    step: float
    count: int
    remainder: arb


def analytic_height(function: Complex, reach: float, even: bool) -> float:
    """Return a height below which boxes show `function` to be analytic on ``|Re z| <= reach``; 0 when there is none."""
    boxes = [(0.0, reach, 0.0, reach)] if even else [(0.0, reach, 0.0, reach), (-reach, 0.0, 0.0, reach)]
    height, budget = reach, _MOST_BOXES
    with working_precision(_LOW):
        while boxes:
            left, right, low, high = boxes.pop()
            if low >= height or function(_box(left, right, low, high), True).is_finite():
                continue
            budget -= 1
            if right - left <= _FINEST * reach or budget < 0:
                height = min(height, low)
                continue
            x, y = (left + right) / 2, (low + high) / 2
            # The lower boxes are looked at first: they may make the upper ones superfluous.
            boxes += [(left, x, y, high), (x, right, y, high), (left, x, low, y), (x, right, low, y)]
    return height


def trapezoid(
    function: Complex, height: float, reach: float, least: float, most: int, target: arb, even: bool
) -> Trapezoid | None:
    """Return the rule with fewest nodes whose remainder is about `target`, and whose ``T >= least``.

    ``None`` when that takes more than `most` nodes to each side. `function` must be analytic where
    ``|Re z| <= reach`` and ``0 <= Im z < height``.
    """
    with working_precision(_LOW):
        tops = ((d, _horizontal(function, d, reach, even)) for d in (_short(share * height) for share in _HEIGHTS))
        rules = [_Candidate.of(d, top, least, target) for d, top in tops if top.is_finite()]
        # The vertical sides are the costly part, so they are bounded for the best height first.
        for rule in sorted(rules, key=lambda rule: rule.count):
            if rule.count > most or rule.end > reach:
                continue
            remainder = rule.remainder(function, even)
            if remainder < 4 * target:
                return Trapezoid(rule.step, rule.count, remainder)
    return None


@dataclass(frozen=True)
class _Candidate:
    """A rule for the rectangle of height `d`, over whose upper side ``|F|`` integrates to at most `top`."""

    d: float
    top: arb
    decay: float
    step: float
    count: int

    @classmethod
    def of(cls, d: float, top: arb, least: float, target: arb) -> _Candidate:
        """Choose the step so that the upper side adds half of `target`."""
        decay = float((4 * top / target + 1).log().abs_upper())
        step = max(_short(2 * math.pi * d / decay), 2.0**-100)
        return cls(d, top, decay, step, max(math.ceil(least / step - 0.5), 0))

    @property
    def end(self) -> float:
        """The ``T`` of the theorem."""
        return (self.count + 0.5) * self.step

    def remainder(self, function: Complex, even: bool) -> arb:
        """Return the right side of the theorem."""
        sides = _vertical(function, self.end, self.d, self.step, self.decay)
        sides += sides if even else _vertical(function, -self.end, self.d, self.step, self.decay)
        fall = (2 * arb.pi() * self.d / self.step).exp() - 1
        return (2 * self.top / fall + 2 * sides).abs_upper()


def _horizontal(function: Complex, d: float, reach: float, even: bool) -> arb:
    """Bound the integral of ``|F(x + id)|`` over ``|x| <= reach``."""
    width = reach / _SEGMENTS
    lefts = [k * width for k in range(0 if even else -_SEGMENTS, _SEGMENTS)]
    total = sum((function(_box(left, left + width, d, d), False).abs_upper() for left in lefts), arb(0))
    return total * width * (2 if even else 1)


def _vertical(function: Complex, end: float, d: float, h: float, decay: float) -> arb:
    """Bound the integral of ``|F(end + iy)| exp(-2 pi y/h)`` over ``0 <= y <= d``."""
    # So many boxes that the exponential falls by little more than e on each.
    count = 2 ** math.ceil(math.log2(max(decay, _SEGMENTS)))
    height = d / count
    total = arb(0)
    for k in range(count):
        low = k * height
        size = function(_box(end, end, low, low + height), False).abs_upper()
        total += size * (-2 * arb.pi() * low / h).exp()
    return total * height


def _box(left: float, right: float, low: float, high: float) -> acb:
    """Return a ball that contains a rectangle."""
    return acb(_between(left, right), _between(low, high))


def _between(low: float, high: float) -> arb:
    return arb(low) if low == high else arb(low).union(arb(high))


def _short(number: float) -> float:
    """Round down to 12 bits, so that multiples are exact in double precision."""
    mantissa, exponent = math.frexp(number)
    return math.ldexp(math.floor(mantissa * 4096), exponent - 12)
