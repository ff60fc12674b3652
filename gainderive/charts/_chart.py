r"""Polynomials in :math:`u = \log q` that stay within a proved distance of :math:`M(q) = E f(\sqrt q\,z)`, ``f >= 0``.

With :math:`q = e^{u + i\theta}`, :math:`|\theta| < \pi/2`, and :math:`\hat q = |q|/\cos\theta`

.. math:: |M(q)| \le \int f(x)\,\Bigl|\frac{e^{-x^2/(2q)}}{\sqrt{2\pi q}}\Bigr|\,dx
   = \int f(x)\,\frac{e^{-x^2/(2\hat q)}}{\sqrt{2\pi |q|}}\,dx = \sqrt{\hat q/|q|}\;M(\hat q) ,

so ``M`` is analytic in that strip, whether or not ``f`` is smooth. And :math:`\sqrt q\,M(q)` does not fall as the real
``q`` grows, because its integrand does not; hence :math:`|M(q)| \le \sqrt{Q/|q|}\,M(Q)` for every :math:`Q \ge \hat q`.

On an interval of half-width ``h`` the Bernstein ellipse of parameter :math:`\rho` has the half-axes
:math:`h(\rho \pm 1/\rho)/2`. Let ``B`` bound :math:`|M|` on it. The Chebyshev coefficients are at most
:math:`2B\rho^{-k}`, so the polynomial through the values at ``n`` Chebyshev points is wrong by at most
:math:`\sum_{k \ge n} 4B\rho^{-k}`, and its derivative, in units of ``h``, by at most
:math:`\sum_{k \ge n} 4B k^2 \rho^{-k}`, aliased terms included (Trefethen, Approximation Theory and Approximation
Practice, theorems 8.1 and 8.2). What the values themselves are wrong by is multiplied by the Lebesgue constant, and by
:math:`n^2` of it for the derivative (Markov).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from flint import arb, arb_poly, fmpq
from sympy import Expr, oo

from gainderive.balls import rational_midpoint, working_precision
from gainderive.charts._equation import Equation
from gainderive.enclosure import mean_ball
from gainderive.errors import Undecided
from gainderive.symbols import x

HALF_WIDTH = fmpq(1)
"""Of the widest charts, in ``u``."""
OFFSET = fmpq(2, 7)
"""Charts end here and every two further: no algebraic second moment, such as 1, is an end."""
_TALL = fmpq(7, 5)
"""Half the height of the ellipse in units of the half-width: less than a quarter turn for the widest chart."""
_ARCS = 64
_DEPTHS = ((20, 60), (44, 128))
"""Number of nodes and bits of their values, by how accurate a chart is wanted to be."""
DEEPEST = len(_DEPTHS) - 1


@dataclass(frozen=True, eq=False)
class Chart:
    """The function on ``middle - half <= u <= middle + half``: polynomials in ``(u - middle)/half``, with errors."""

    middle: fmpq
    half: fmpq
    value: arb_poly
    slope: arb_poly
    value_error: arb
    slope_error: arb

    def __call__(self, u: arb) -> tuple[arb, arb]:
        """Return balls around the function and its derivative by ``u``, for all numbers of a ball inside the chart."""
        t = (u - arb(self.middle)) / arb(self.half)
        return self.value(t) + self.value_error, (self.slope(t) + self.slope_error) / arb(self.half)


@lru_cache(maxsize=1024)
def chart(equation: Equation, middle: fmpq, half: fmpq, depth: int = 0) -> Chart:
    """Return the chart of an equation's left side around `middle`.

    Parameters
    ----------
    equation : Equation
        Between Gaussian means.
    middle, half : fmpq
        Of the interval in ``u``; `half` at most :data:`HALF_WIDTH`.
    depth : int
        0, or up to :data:`DEEPEST` for an error that is many orders of magnitude smaller.

    Raises
    ------
    MomentDiverges, Undecided, BadExpression
        When a mean that is needed is infinite, or has no enclosure.

    Examples
    --------
    >>> from sympy import Max, S
    >>> from gainderive.symbols import x
    >>> half = chart(Equation(S.Zero, ((S.One, Max(x, 0) ** 2),)), fmpq(0), fmpq(1))
    >>> value, slope = half(arb(1) / 2)
    >>> value.overlaps((arb(1) / 2).exp() / 2), slope.overlaps(value)
    (True, True)
    """
    count, bits = _DEPTHS[depth]
    rule = _rule(count)
    with working_precision(2 * bits):
        moments = [(arb(middle) + arb(half) * node).exp() for node in rule.nodes]
        samples = {f: _samples(f, middle, half, depth) for _, f in equation.terms}
        values = [
            equation.jet(lambda f, k=k: (samples[f].values[k], arb(0)), at)[0]  # type: ignore[misc]
            for k, at in enumerate(moments)
        ]
        largest = (arb(middle) + arb(half) * _RHO_AXIS).exp()
        bound = equation.bound(lambda f: (samples[f].bound, arb(0)), largest)
        if not all(v.is_finite() for v in (*values, bound)):
            raise Undecided(f"the means near q = {math.exp(float(middle)):.6g}")
        doubt = rule.lebesgue * max((v.rad() for v in values), key=rational_midpoint)
        value = arb_poly(rule.monomials([arb(v.mid()) for v in values]))
        slope_error = rule.slope_share * bound + count**2 * doubt
        errors = ((rule.value_share * bound + doubt).abs_upper(), slope_error.abs_upper())
        return Chart(middle, half, value, value.derivative(), *(arb(0, error) for error in errors))


@dataclass(frozen=True, eq=False)
class _Samples:
    """A mean at the Chebyshev points of an interval, and a bound of it on the ellipse around."""

    values: tuple[arb, ...]
    bound: arb


@lru_cache(maxsize=4096)
def _samples(f: Expr, middle: fmpq, half: fmpq, depth: int) -> _Samples:
    """Return what charts of all equations with this mean share: it depends on no weight or bias."""
    count, bits = _DEPTHS[depth]
    largest = float(half) * _Ellipse.of(half).reach
    with working_precision(2 * bits):
        center, width = arb(middle), arb(half)
        values = tuple(_mean(f, (center + width * node).exp(), bits) for node in _rule(count).nodes)
        beyond = _mean(f, (center + arb(largest)).exp(), bits)
        return _Samples(values, beyond * ((arb(largest) + width * _RHO_AXIS) / 2).exp())


def _mean(f: Expr, q: arb, bits: int) -> arb:
    # By halves: for large second moments, trapezoid sums on the whole line pass ever more poles.
    return mean_ball(f, q, bits, 0, oo) + mean_ball(f.subs(x, -x), q, bits, 0, oo)


_RHO = float(_TALL) + math.hypot(1, float(_TALL))
_RHO_AXIS = arb((_RHO + 1 / _RHO) / 2 + 1e-9)
"""The half-axis along the interval, in units of the half-width, rounded up."""


@dataclass(frozen=True)
class _Ellipse:
    r"""How far :math:`\log\hat q` gets beyond the middle, in units of the half-width."""

    reach: float

    @classmethod
    def of(cls, half: fmpq) -> _Ellipse:
        return _ellipse(float(half))


@lru_cache(maxsize=64)
def _ellipse(half: float) -> _Ellipse:
    """Return the largest over arcs of the quarter that matters, each by the worst of its two ends."""
    quarter = [math.pi / 2 * k / _ARCS for k in range(_ARCS + 1)]
    axis = (_RHO + 1 / _RHO) / 2
    tall = half * float(_TALL)
    most = max(half * axis * math.cos(a) - math.log(math.cos(tall * math.sin(b))) for a, b in pairwise(quarter))
    return _Ellipse(most / half + 1e-6)


class _Rule:
    """What depends on the number of nodes alone."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.nodes = [(arb.pi() * (2 * k + 1) / (2 * count)).cos() for k in range(count)]
        self.lebesgue = arb(1 + 2 / math.pi * math.log(count + 1) + 1e-9)

    @cached_property
    def value_share(self) -> arb:
        """What the error is at most, in units of the bound on the ellipse."""
        return 4 * self._ratio**self.count / (1 - self._ratio)

    @cached_property
    def slope_share(self) -> arb:
        """The same of the derivative: ``(n + j)**2 <= n**2 exp(2j/n)`` makes its series geometric."""
        return 4 * self.count**2 * self._ratio**self.count / (1 - self._ratio * (arb(2) / self.count).exp())

    @property
    def _ratio(self) -> arb:
        return 1 / arb(_RHO - 1e-9)

    def monomials(self, values: list[arb]) -> list[arb]:
        """Return the coefficients in powers of ``t`` of the polynomial through `values`."""
        chebyshev = [sum((v * c for v, c in zip(values, row, strict=True)), arb(0)) for row in self._cosines]
        # Clenshaw's recurrence, on polynomials.
        double, last, before = arb_poly([0, 2]), arb_poly([0]), arb_poly([0])
        for coefficient in reversed(chebyshev[1:]):
            last, before = double * last - before + coefficient, last
        result: list[arb] = (arb_poly([0, 1]) * last - before + chebyshev[0]).coeffs()
        return result

    @cached_property
    def _cosines(self) -> list[list[arb]]:
        n = self.count
        return [
            [(2 if j else 1) * (arb.pi() * j * (2 * k + 1) / (2 * n)).cos() / n for k in range(n)] for j in range(n)
        ]


@lru_cache(maxsize=8)
def _rule(count: int) -> _Rule:
    with working_precision(512):
        rule = _Rule(count)
        assert rule.value_share > 0
        assert rule.slope_share > 0
        assert rule._cosines
    return rule
