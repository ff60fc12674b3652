r"""An equation between Gaussian means in one unknown ``q``, and the proof that a small interval holds one solution.

An equation is :math:`K(q) = c_0(q) + \sum_i c_i(q)\,E f_i(\sqrt q\,z) = 0` with polynomials :math:`c_i` and
:math:`f_i \ge 0`.

For :math:`f \ge 0` and :math:`N(q) = E\,x^2 f(x)`, :math:`x = \sqrt q\,z`, neither :math:`\sqrt q\,M(q)` nor
:math:`\sqrt q\,N(q)` falls as ``q`` grows, because their integrands do not; so for :math:`a \le q \le b`

.. math:: \sqrt{a/b}\,M(a) \le M(q) \le \sqrt{b/a}\,M(b) , \qquad q\,M'(q) = \frac12\Bigl(\frac{N(q)}q - M(q)\Bigr) ,

for kinked and jumping ``f`` as well, since only the density was differentiated. The interval Newton step
:math:`m - K(m)/K'(Q)`, ``m`` in the interval ``Q``, proves that ``Q`` holds exactly one solution when it maps ``Q``
into its inside, and that the solution is in the image (Moore, Kearfott & Cloud, Introduction to Interval Analysis,
theorem 8.4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flint import arb, fmpq
from sympy import Expr, Poly, Rational

from gainderive import enclosure
from gainderive.balls import evaluate, rational_midpoint, working_precision
from gainderive.charts._isolate import Jet
from gainderive.enclosure import Enclosure
from gainderive.errors import Undecided
from gainderive.gaussian import GaussMean
from gainderive.symbols import q, x

Mean = Callable[[Expr], Jet]
"""From a function to its mean and the mean's derivative by ``log q``, at a point or all over an interval."""


@dataclass(frozen=True)
class Equation:
    """The equation that a sum is 0.

    Attributes
    ----------
    constant : Expr
        Polynomial in ``symbols.q``.
    terms : tuple of (Expr, Expr)
        Pairs of a polynomial in ``symbols.q`` and a function in ``symbols.x`` that is nowhere negative.
    """

    constant: Expr
    terms: tuple[tuple[Expr, Expr], ...]

    def jet(self, mean: Mean, at: arb) -> Jet:
        """Return the left side and its derivative by ``log q``, for the means and the second moment(s) `at`."""
        value, slope = _polynomial(self.constant, at)
        for coefficient, f in self.terms:
            factor, steepness = _polynomial(coefficient, at)
            moment, change = mean(f)
            value = value + factor * moment
            slope = slope + steepness * moment + factor * change
        return value, slope

    def bound(self, bounds: Mean, largest: arb) -> arb:
        """Return a bound of the left side for complex ``q`` of size at most `largest`, from bounds of the means."""
        total = _size(self.constant, largest)
        for coefficient, f in self.terms:
            total = total + _size(coefficient, largest) * bounds(f)[0]
        return total


def _polynomial(coefficient: Expr, at: arb) -> Jet:
    """Return a polynomial in ``q`` and ``q`` times its derivative."""
    return evaluate(coefficient, {q: at}), evaluate(q * coefficient.diff(q), {q: at})


def _size(coefficient: Expr, largest: arb) -> arb:
    powers = Poly(coefficient, q).terms()
    return sum((abs(evaluate(c, {})) * largest**n for (n,), c in powers), arb(0))


_BITS_PER_DIGIT = 3.33
_MOST_STEPS = 60
_MOST_BITS_MORE = 6


@dataclass(frozen=True)
class Root:
    """The only solution in an interval of second moments.

    Attributes
    ----------
    lower, upper : fmpq
        Between them lies exactly one solution.
    image : arb
        A ball that holds it.
    """

    lower: fmpq
    upper: fmpq
    image: arb

    def enclosure(self, digits: int) -> Enclosure:
        """Return the solution's interval."""
        return Enclosure.from_arb(self.image, digits)

    def over(self, f: Expr, digits: int) -> arb:
        """Return a ball around the mean of `f`, which is nowhere negative, at the solution."""
        return mean_over(f, *_ends(self.image), int(digits * _BITS_PER_DIGIT) + 64)[0]


def certified(equation: Equation, start: float, digits: int) -> Root:
    """Return the solution near `start`, to `digits` digits, with the proof that its interval holds no other.

    Raises
    ------
    Undecided
        When an interval Newton step does not prove it.
    """
    bits = int(digits * _BITS_PER_DIGIT) + 64
    for more in range(_MOST_BITS_MORE):
        with working_precision(2 * bits):
            at = _newton(equation, _exactly(start), digits, bits)
            width = abs(at) * fmpq(1, 10) ** digits / 2
            lower, upper = at - width, at + width
            value, _ = _at(equation, at, at, bits)
            _, slope = _at(equation, lower, upper, bits)
            ball = arb(lower).union(arb(upper))
            image = arb(at) - value * ball / slope
            if image.is_finite() and image > arb(lower) and image < arb(upper):
                return Root(lower, upper, image)
        bits += 32 * 2**more
    raise Undecided(f"that there is one solution near q = {start:.9g} could not be proved to {digits} digits")


def mean_over(f: Expr, lower: fmpq, upper: fmpq, bits: int) -> Jet:
    """Return balls around the mean of `f >= 0` and its derivative by ``log q``, for ``lower <= q <= upper``."""
    both = [_between(function, lower, upper, bits) for function in (f, x**2 * f)]
    value, second = both
    return value, (second / arb(lower).union(arb(upper)) - value) / 2


def _between(f: Expr, lower: fmpq, upper: fmpq, bits: int) -> arb:
    low, high = (_mean(f, end, bits) for end in (lower, upper))
    if lower == upper:
        return low
    stretch = (arb(upper) / arb(lower)).sqrt()
    return (low / stretch).union(high * stretch)


@lru_cache(maxsize=1024)
def _mean(f: Expr, at: fmpq, bits: int) -> arb:
    return enclosure.ball(GaussMean(f, x, Rational(int(at.p), int(at.q))), bits)


def _at(equation: Equation, lower: fmpq, upper: fmpq, bits: int) -> Jet:
    """Return the equation's value and slope by ``u`` for all second moments of an interval."""
    return equation.jet(lambda f: mean_over(f, lower, upper, bits), arb(lower).union(arb(upper)))


def _newton(equation: Equation, at: fmpq, digits: int, bits: int) -> fmpq:
    """Return about the solution; how near it is does not matter for the proof."""
    known = 20
    for _ in range(_MOST_STEPS):
        precision = min(bits, 2 * known + 40)
        value, slope = _at(equation, at, at, precision)
        step = (value / slope).mid() if slope != 0 and value.is_finite() else arb(0)
        # Newton's step in log q never leaves the positive numbers.
        following = _rounded(arb(at) * (-step).exp(), digits)
        moved = abs(following - at)
        at = following
        if moved * fmpq(10) ** (digits + 6) <= at and precision == bits:
            break
        known = min(2 * known, bits)
    return at


def _rounded(ball: arb, digits: int) -> fmpq:
    """Return the midpoint with a few more than `digits` digits, so that the end does not depend on the start."""
    exact = rational_midpoint(ball)
    size = 0 if exact == 0 else int(abs(arb(exact)).log().mid().floor().unique_fmpz() or 0)
    unit = fmpq(1, 10) ** (digits + 8) * fmpq(10) ** int(size / 2.302585)
    count = (exact / unit).floor()
    return fmpq(count) * unit


def _exactly(start: float) -> fmpq:
    numerator, denominator = float(start).as_integer_ratio()
    return fmpq(numerator, denominator)


def _ends(ball: arb) -> tuple[fmpq, fmpq]:
    middle, radius = rational_midpoint(ball), rational_midpoint(ball.rad())
    return middle - radius, middle + radius
