r"""The trapezoid rule past poles, for functions that are rational in :math:`E = e^{cx}` and polynomial in ``x``.

**Theorem.** Let :math:`F` be as for :mod:`gainderive.enclosure._strip`, but with finitely many poles :math:`z_j` in the
open upper half of the rectangle (and their conjugates in the lower half), none on its boundary or the real line. Then
with the remainder :math:`R` bounded there

.. math:: \int_{-T}^{T} F = h \sum_{k=-N}^{N} F(kh)
   + 2\,{\rm Re}\; 2\pi i \sum_j \mathop{\rm Res}_{z_j} \frac{F(z)}{1 - e^{-2\pi i z/h}} + R .

*Proof.* The integral of :math:`F/(1-u)` around the rectangle now has the residues at :math:`z_j` and
:math:`\bar z_j` besides those at :math:`kh`; and below the real line :math:`F/(1-u) = F + F u/(1-u)`, where moving the
path of the first term to the real line leaves the residues of :math:`F` at :math:`\bar z_j`. The lower ones together
are those of :math:`F u/(1-u) = -F/(1 - 1/u)`, the conjugates of the upper ones.

So the rectangle may be much higher than the strip in which :math:`F` is analytic, and the nodes are fewer: with the
Gaussian weight the best height is about :math:`2\pi q/h`. The poles are known exactly: with
:math:`f = P(x, E)/\prod_i Q_i(E)^{m_i}`, at the logarithms of the roots of :math:`Q_i`, whose isolation is certified.
There :math:`Q_i(E)` has an exact 0 as first coefficient of its power series; the rest is arithmetic of power series.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import sympy
from flint import acb, acb_series, arb, ctx, fmpz_poly
from sympy import Expr, Poly, PolynomialError, Rational, exp, fraction, together

from gainderive.balls import ARITHMETIC, Program, compiled, is_number, number, run, working_precision
from gainderive.enclosure._strip import Trapezoid, past_poles
from gainderive.symbols import parameter, x

_E = parameter("exp(c*x)", positive=True)
_MOST_ORDER = 12
"""Poles of higher order are left to the other rules."""
_POLE_IN_NODES = 6
"""What a pole costs, in nodes."""
_MOST_POLES = 200


@dataclass(frozen=True, eq=False)
class RationalForm:
    """The function ``numerator(x, E) / prod(Q**m for Q, m in factors)`` with ``E = exp(c x)``, ``c > 0``.

    Each ``Q`` is an irreducible polynomial in ``E`` with integer coefficients, other than ``E`` itself.
    """

    c: Rational
    numerator: Expr
    factors: tuple[tuple[Poly, int], ...]

    @cached_property
    def program(self) -> Program:
        """The whole function of `x` and ``E``."""
        below = sympy.Mul(*(factor.as_expr() ** order for factor, order in self.factors))
        return compiled(self.numerator / below)

    @cached_property
    def above(self) -> Program:
        """The numerator."""
        return compiled(self.numerator)

    @cached_property
    def coefficients(self) -> list[list[int]]:
        """The coefficients of each factor, leading one first."""
        return [[int(coefficient) for coefficient in factor.all_coeffs()] for factor, _ in self.factors]

    @cached_property
    def orders(self) -> list[int]:
        """The power of each factor."""
        return [order for _, order in self.factors]

    @property
    def is_arithmetic(self) -> bool:
        """Whether the function is made of ``x``, ``E``, numbers and arithmetic alone."""
        names = {name for program in (self.program, self.above) for name, *_ in program.code}
        leaves = {*self.program.leaves, *self.above.leaves} - {x, _E}
        return names <= ARITHMETIC.keys() and all(map(is_number, leaves))

    def places(self, height: float) -> list[tuple[int, acb, float]]:
        """Return, for each pole ``z`` below `height`, the index of its factor, ``c z``, and the imaginary part."""
        found = []
        c = float(self.c)
        for index, (factor, _) in enumerate(self.factors):
            for root in _roots(factor, ctx.prec):
                angle = float(root.arg().mid())
                turn = math.ceil(-angle / (2 * math.pi) + 1e-9)
                while (angle + 2 * math.pi * turn) / c < height:
                    logarithm = root.log() + acb(0, 2 * arb.pi() * turn)
                    found.append((index, logarithm, (angle + 2 * math.pi * turn) / c))
                    turn += 1
        return found


@lru_cache(maxsize=1024)
def rational_form(f: Expr) -> RationalForm | None:
    """Return `f` as a rational function of an exponential and a polynomial of ``x``, if it is one without real poles.

    >>> form = rational_form(sympy.tanh(x) ** 2)
    >>> form.c, [(factor.as_expr(), order) for factor, order in form.factors]
    (2, [(exp(c*x) + 1, 2)])
    """
    explicit = f.rewrite([sympy.tanh, sympy.sinh, sympy.cosh, sympy.coth, sympy.sech, sympy.csch], exp)
    explicit = sympy.expand(explicit, deep=True, power_exp=True, mul=False, multinomial=False, log=False, basic=False)
    exponentials = [e for e in explicit.atoms(exp) if x in e.free_symbols]
    rates = [e.exp / x for e in exponentials]
    if not rates or not all(isinstance(rate, Rational) for rate in rates):
        return None
    c = Rational(math.gcd(*(int(r.p) for r in rates)), math.lcm(*(int(r.q) for r in rates)))
    plain = explicit.xreplace({e: _E ** (rate / c) for e, rate in zip(exponentials, rates, strict=True)})
    numerator, denominator = fraction(sympy.cancel(together(plain)))
    try:
        below, above = Poly(denominator, _E, domain="QQ"), Poly(numerator, x, _E)
        common = math.gcd(*(power for (power,) in below.monoms()), *(power for _, power in above.monoms()))
        if common > 1:
            # The hyperbolic tangent comes as (E**2 - 1)/(E**2 + 1).
            c = c * common
            numerator, denominator = (p.as_expr().subs(_E, _E ** Rational(1, common)) for p in (above, below))
            below, above = Poly(denominator, _E, domain="QQ"), Poly(numerator, x, _E)
    except (PolynomialError, sympy.CoercionFailed):
        return None
    if above.free_symbols - {x, _E}:
        return None
    size, factors = below.factor_list()
    power = sum(order for factor, order in factors if factor.as_expr() == _E)
    proper = tuple((factor.clear_denoms()[1], order) for factor, order in factors if factor.as_expr() != _E)
    if not proper or max(order for _, order in proper) > _MOST_ORDER:
        return None
    if any(root.imag.contains(0) and not root.real < 0 for factor, _ in proper for root in _roots(factor, 64)):
        return None
    return RationalForm(c, sympy.factor(numerator) / (size * _E**power), proper)


@lru_cache(maxsize=1024)
def _roots(factor: Poly, precision: int) -> list[acb]:
    coefficients = [int(coefficient) for coefficient in reversed(factor.all_coeffs())]
    return [root for root, _ in fmpz_poly(coefficients).complex_roots()]


@dataclass(frozen=True, eq=False)
class ResidueRule:
    """Nodes ``(x, E, w)`` and poles ``(factor, x, E, w/(1-u))``; functions are evaluated anew at each sum."""

    form: RationalForm
    constants: list[Any]
    constants_above: list[Any]
    nodes: list[tuple[arb, arb, arb]]
    poles: list[tuple[int, acb_series, acb_series, acb_series]]
    step: arb
    remainder: arb
    half: bool

    def __call__(self) -> arb:
        """Return the integral over the line, or its right half, by the theorem."""
        code, leaves = self.form.program.real, self.constants
        at, power = _places(self.form.program)
        total = arb(0)
        for node, exponential, weight in self.nodes:
            registers = leaves.copy()
            if at is not None:
                registers[at] = node
            if power is not None:
                registers[power] = exponential
            total = total + run(code, registers) * weight
        residues = acb(0)
        for pole in self.poles:
            residues = residues + self._residue(*pole)
        # 2 Re(2 pi i r) = -4 pi Im r
        beyond = -4 * arb.pi() * residues.imag
        return total * self.step + (beyond / 2 if self.half else beyond) + self.remainder

    def _residue(self, index: int, at: acb_series, exponential: acb_series, weight: acb_series) -> acb:
        """Return the residue of ``f w/(1-u)`` at a pole, from the power series of ``x``, ``E``, ``w/(1-u)`` there."""
        order = self.form.orders[index]
        before, ctx.cap = ctx.cap, order + 1
        try:
            program, registers = self.form.above, self.constants_above.copy()
            place, power = _places(program)
            if place is not None:
                registers[place] = at
            if power is not None:
                registers[power] = exponential
            value = run(program.arithmetic, registers) * weight
            for other, factor in enumerate(self.form.coefficients):
                below = factor[0] * exponential + factor[1]
                for coefficient in factor[2:]:
                    below = below * exponential + coefficient
                if other == index:
                    # The first coefficient is 0 exactly.
                    below = acb_series(below.coeffs()[1:], order)
                for _ in range(self.form.orders[other]):
                    value = value / below
            return value[order - 1]
        finally:
            ctx.cap = before


def _places(program: Program) -> tuple[int | None, int | None]:
    leaves = program.leaves
    return (leaves.index(x) if x in leaves else None), (leaves.index(_E) if _E in leaves else None)


def residue_rule(
    form: RationalForm,
    weighted: Callable[[acb, bool], acb],
    rate: arb,
    least: float,
    most: int,
    target: arb,
    even: bool,
) -> ResidueRule | None:
    """Return the cheapest rule whose remainder is about `target` and whose nodes reach beyond `least`.

    `weighted` is the function with its weight ``exp(-rate x**2)``, on complex balls.
    """
    if not form.is_arithmetic:
        return None
    rule = past_poles(weighted, list(_heights(form, least)), least, most, target, even, _POLE_IN_NODES, float(form.c))
    return None if rule is None else _prepared(form, rule, rate, even)


def _heights(form: RationalForm, least: float) -> Iterator[tuple[float, int]]:
    """Yield heights between the poles, each as far from them as can be, with the number of poles below."""
    with working_precision(53):
        # Where the nodes' end is reached, the weight has grown by as much as it falls to there: nothing is won beyond.
        turn = 2 * math.pi / float(form.c)
        # Each root of a factor has a pole in every turn, so that many turns hold as many levels as are looked at.
        places = sorted(place for _, _, place in form.places(min(1.5 * least + 2 * turn, (_MOST_POLES + 2) * turn)))
    levels = sorted({round(place, 9) for place in places})[: _MOST_POLES + 1]
    for low, high in zip([0.0, *levels], levels, strict=False):
        if high - low > 1e-3:
            yield (0.9 * high if low == 0 else (low + high) / 2), sum(1 for place in places if place < (low + high) / 2)


def _prepared(form: RationalForm, rule: Trapezoid, rate: arb, even: bool) -> ResidueRule:
    step, c = arb(rule.step), arb(Rational(form.c).p) / int(form.c.q)
    constants, above = (
        [arb(0) if leaf in (x, _E) else number(leaf) for leaf in p.leaves] for p in (form.program, form.above)
    )
    first = (c * step).exp()
    nodes: list[tuple[arb, arb, arb]] = []
    for k in range(0 if even else -rule.count, rule.count + 1):
        at = k * step
        weight = (-rate * at * at).exp()
        nodes.append((at, first**k, weight / 2 if even and k == 0 else weight))
    poles = []
    for index, logarithm, _ in form.places(rule.height):
        order = form.factors[index][1] + 1
        before, ctx.cap = ctx.cap, order
        try:
            at = acb_series([logarithm / c, 1], order)
            exponential = acb_series([logarithm, c], order).exp()
            turn = (at * acb(0, -2 * arb.pi() / step)).exp()
            weight = (at * at * acb(-rate)).exp() / (1 - turn)
            poles.append((index, at, exponential, weight))
        finally:
            ctx.cap = before
    return ResidueRule(
        form,
        constants,
        [acb_series([constant]) for constant in above],
        nodes,
        poles,
        step,
        arb(0, rule.remainder),
        even,
    )
