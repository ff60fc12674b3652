r"""The equation :math:`w\,E f(\sqrt q\,z) + b = q^k`, and which side is larger for all small and all large ``q``.

With :math:`q = g^2` and :math:`r(x) = w f(x) + b - x^{2k}` it says :math:`E r(gz) = 0`. Let :math:`e(t) = r(t) + r(-t)`
for ``t > 0``, and ``p`` the standard normal density.

**Small q.** Let ``n`` be the first order for which :math:`e^{(n)}(0^+)` is not 0. On a box :math:`0 < t < \delta` on
which :math:`e^{(n)}` keeps away from 0, :math:`e(t)/t^n` lies between bounds of :math:`e^{(n)}/n!` (Taylor). The
function :math:`g \mapsto p(y/g)/g^{n+1}` grows while :math:`(n+1) g^2 \le y^2`. So for
:math:`g \le g_0 \le \delta/\sqrt{n+1}`

.. math:: \frac{E r(gz)}{g^n} \ge \frac{c}{2}\,E[|z|^n; |z| < \delta/g_0]
   - \frac{E[(g_0z)^{2k}; |g_0z| > \delta]}{g_0^n}, \qquad c = \inf_{t < \delta} \frac{e^{(n)}(t)}{n!} > 0 ,

because :math:`r \ge -x^{2k}`; and likewise with :math:`w f + b` for :math:`e^{(n)} < 0`.

**Large q.** Let :math:`e(t)/t^m` keep away from 0 for :math:`t > T`. As :math:`p(y/g)/g^{m+1}` falls once
:math:`(m+1) g^2 \ge y^2`, the same holds for :math:`g \ge g_1 \ge T` with the regions exchanged.

**All q.** Where ``e`` has one sign on the half-line, so has :math:`E r(gz)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import factorial

from flint import arb, fmpq
from sympy import Expr, Rational, S, factor_terms, oo

from gainderive import algebra, enclosure
from gainderive.balls import HalfLine, evaluate, rational, rational_midpoint, sign_of, working_precision
from gainderive.charts._equation import Equation
from gainderive.charts._far_out import range_beyond, turned
from gainderive.charts._isolate import sign
from gainderive.derivation._scale import BothSigns, doubled_even_part, weak_sign
from gainderive.errors import BadExpression, Undecided
from gainderive.gaussian import GaussIntegral
from gainderive.pieces import Piece
from gainderive.symbols import q, x

_BITS = 96
_BOXES = 32
_MOST_ORDER = 8
_NEAR = tuple(Rational(1, 4**n) for n in range(12))
_STARTS = tuple(fmpq(2) ** n for n in range(13))
_BELOW = (3, 8, 64)
_BEYOND = (1, 3, 8, 64)
"""How far ``g`` is from the place where the function's values near 0, or far out, begin to decide."""


@dataclass(frozen=True)
class Balance:
    r"""The equation :math:`w\,E f(\sqrt q\,z) + b = q^k` for ``q > 0``.

    Parameters
    ----------
    f : Expr
        In ``symbols.x`` alone, nowhere negative.
    weight, bias : Expr
        Numbers ``w > 0`` and ``b >= 0``.
    power : int
        ``k``, 0 or 1.
    """

    f: Expr
    weight: Expr
    bias: Expr
    power: int

    @property
    def equation(self) -> Equation:
        """Left less right."""
        return Equation(self.bias - q**self.power, ((self.weight, self.f),))

    @property
    def _image(self) -> Expr:
        return self.weight * self.f + self.bias

    @cached_property
    def _parts(self) -> tuple[Piece, ...]:
        """The doubled even part of what is left of the equation, on the positive half-line."""
        return doubled_even_part(self._image - x ** (2 * self.power))

    @cached_property
    def is_identity(self) -> bool:
        """Whether every ``q`` is shown to solve the equation."""
        try:
            return all(part.expr == 0 or algebra.is_zero(part.expr) for part in self._parts)
        except (Undecided, BadExpression):
            return False

    @cached_property
    def everywhere(self) -> int:
        """The sign of left less right for every ``q > 0``, where the integrand shows one; else 0."""
        try:
            ways = {_sign(part, 2 * self.power) for part in self._parts} - {0}
        except (Undecided, BadExpression):
            return 0
        return ways.pop() if len(ways) == 1 else 0

    def beginning(self) -> tuple[Rational, int]:
        """Return a ``q`` up to which left less right has one sign, and the sign.

        Raises
        ------
        Undecided
            When none is found.
        """
        first = self._parts[0]
        order, leading = _first_order(first.expr)
        for delta in _NEAR:
            if first.upper != oo and not evaluate(first.upper - delta, {}) >= 0:
                continue
            with working_precision(_BITS):
                coefficient = _hull(leading, delta) / factorial(order)
            way = sign(coefficient)
            if not way:
                continue
            for ratio in _BELOW:
                g = delta / ratio
                inside = enclosure.ball(GaussIntegral(x**order, x, 1, 0, ratio), _BITS)
                rest = self._opposing(way, g, delta, oo)
                with working_precision(_BITS):
                    if coefficient.abs_lower() * inside > rest / arb(rational(g)) ** order:
                        return g**2, way
        raise Undecided("the mean for small q")

    def end(self) -> tuple[Rational, int]:
        """Return a ``q`` from which on left less right has one sign, and the sign.

        Raises
        ------
        Undecided
            When none is found.
        """
        last = self._parts[-1]
        for start in _STARTS:
            begin = Rational(int(start.p), int(start.q))
            if not evaluate(begin - last.lower, {}) >= 0:
                continue
            for degree in range(2 * self.power, -1, -1):
                with working_precision(_BITS):
                    way, least = _far(last.expr, degree, start)
                if not way:
                    continue
                for ratio in _BEYOND:
                    g = begin * ratio
                    outside = enclosure.ball(GaussIntegral(x**degree, x, 1, Rational(1, ratio), oo), _BITS)
                    rest = self._opposing(way, g, S.Zero, begin)
                    with working_precision(_BITS):
                        if least * outside > rest / arb(rational(g)) ** degree:
                            return g**2, way
        raise Undecided("the mean for large q")

    def _opposing(self, way: int, g: Rational, lower: Expr, upper: Expr) -> arb:
        """Return the doubled integral over a region of what is against `way`, both halves of the line together."""
        against = x ** (2 * self.power) if way > 0 else self._image
        return enclosure.ball(GaussIntegral(against + against.subs(x, -x), x, g**2, lower, upper), _BITS)


def _first_order(function: Expr) -> tuple[int, Expr]:
    """Return the first order at which the derivative at 0 is not 0, and that derivative."""
    for order in range(_MOST_ORDER + 1):
        at_zero = function.subs(x, 0)
        if sign_of(at_zero):
            return order, function
        if at_zero != 0 and not algebra.is_zero(at_zero):
            break
        function = function.diff(x)
    raise Undecided("the function's order at 0")


def _hull(function: Expr, delta: Rational) -> arb:
    """Return a ball around all values on the interval from 0 to `delta`."""
    values = [_over(function, delta * k / _BOXES, delta * (k + 1) / _BOXES) for k in range(_BOXES)]
    least = min((value.lower() for value in values), key=rational_midpoint)
    most = max((value.upper() for value in values), key=rational_midpoint)
    return least.union(most)


def _over(function: Expr, lower: Rational, upper: Rational) -> arb:
    ball = evaluate(function, {x: arb(rational(lower)).union(arb(rational(upper)))})
    if not ball.is_finite():
        raise Undecided(f"{function} on ({lower}, {upper})")
    return ball


def _far(function: Expr, degree: int, start: fmpq) -> tuple[int, arb]:
    """Return the sign of ``function/x**degree`` beyond `start` and a bound that its size is above; 0 if not shown."""
    line = HalfLine(1, start, lambda constant: evaluate(constant, {}))
    divided = function / x**degree
    for form in dict.fromkeys((divided, divided.expand())):
        try:
            tail = line.tail(form)
        except (Undecided, BadExpression):
            continue
        least = None if tail.low is None else tail.low.infimum(line.start)
        if tail.sign and least is not None and least > 0:
            return tail.sign, least.abs_lower()
    if start < 3:
        return 0, arb(0)
    try:
        values = range_beyond(function, degree, start)
    except (Undecided, BadExpression):
        return 0, arb(0)
    return (sign(values), values.abs_lower()) if values.is_finite() else (0, arb(0))


def _written(function: Expr, degree: int) -> Iterator[Expr]:
    """Yield ways to write what has the function's sign for ``x > 0``, in one of which it may be easier to see."""
    divided = (function / x**degree).expand()
    yield function
    yield divided
    yield factor_terms(turned(divided).expand())
    yield turned(function).expand()


def _sign(part: Piece, degree: int) -> int:
    for form in _written(part.expr, degree):
        try:
            return weak_sign(form, part.lower, part.upper)
        except BothSigns:
            return 0
        except (Undecided, BadExpression):
            continue
    raise Undecided(f"the sign of {part.expr}")
