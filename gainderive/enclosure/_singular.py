r"""Points at which the integrand has no finite value, or only a limit, and tails that fall slowly.

**Removable.** Let :math:`f = N/D` and let :math:`N, D` have zeros of order at least, exactly :math:`n` at :math:`p`.
On a convex set that contains :math:`p`, Taylor's formula gives

.. math:: N(x) = (x-p)^n \int_0^1 \frac{(1-s)^{n-1}}{(n-1)!} N^{(n)}(p + s(x-p))\,ds ,

a mean of values of :math:`N^{(n)}` over :math:`n!`. So on a ball around :math:`p` the quotient lies in the ball
:math:`N^{(n)}/D^{(n)}`, and is analytic where both derivatives are and the second is away from 0.

**Integrable.** Beside any other such point (a logarithm's, a root's in a denominator), :math:`x = p \pm e^{-t}` sends
it to infinity, where a growth bound (:class:`gainderive.balls.HalfLine`) of :math:`f(p \pm e^{-t})\,e^{-t}` shows
that the integral exists and how much of it may be cut off.

**Slow tails.** Where :math:`f` grows just as the weight falls and their product falls like a power, the same is done
with :math:`x = \pm e^t`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import sympy
from flint import acb, arb, fmpq
from sympy import Expr, Pow, Rational, exp, fraction, preorder_traversal, together

from gainderive.balls import STARTS, Growth, HalfLine, Program, compiled, working_precision
from gainderive.enclosure._panels import RATE, Integrand
from gainderive.errors import Undecided
from gainderive.symbols import x
from gainderive.zeros import as_quotient, is_zero_at, real_zeros

_MOST_ORDER = 8
_NEAR = Rational(12)
"""Where the points are looked for when there are infinitely many; the integral is not finite if others matter."""
_BRANCHING = (sympy.log, sympy.Ei, sympy.Ci, sympy.Chi, sympy.acot)


@lru_cache(maxsize=256)
def singular_points(expr: Expr) -> tuple[Expr, ...]:
    """Return points at which `expr` may have no value: zeros of denominators, of logarithms' and of roots' arguments.

    >>> singular_points(sympy.sin(x) / x + sympy.log(x - 1))
    (0, 1)
    """
    quotient = as_quotient(expr)
    functions = list(sympy.Mul.make_args(fraction(together(quotient))[1]))
    for node in preorder_traversal(quotient):
        if isinstance(node, _BRANCHING):
            functions.append(node.args[0])
        elif isinstance(node, Pow) and not (node.exp.is_integer and node.exp.is_nonnegative):
            functions.append(node.base)
    found: dict[Expr, None] = {}
    for function in functions:
        if x in function.free_symbols:
            try:
                found.update(dict.fromkeys(real_zeros(function)))
            except Undecided:
                found.update(dict.fromkeys(real_zeros(function, x, -_NEAR, _NEAR)))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Removable:
    """The quotient ``N^(n)/D^(n)`` that stands for an integrand around `point`, with its weight."""

    point: Expr
    quotient: Program


@lru_cache(maxsize=256)
def removable(expr: Expr, point: Expr) -> Removable | None:
    """Return what stands for `expr` around `point`, if it has a limit there by the theorem."""
    numerator, denominator = fraction(together(as_quotient(expr)))
    for order in range(_MOST_ORDER):
        if not is_zero_at(denominator, point):
            quotient = numerator / denominator * exp(-RATE * x**2)
            return Removable(point, compiled(quotient, x)) if order else None
        if not is_zero_at(numerator, point):
            return None
        numerator, denominator = numerator.diff(x), denominator.diff(x)
    return None


def cured(integrand: Integrand, cures: list[tuple[acb, Integrand]]) -> Integrand:
    """Return the integrand that asks a cure ``(point, quotient)`` where the plain answer is not finite."""

    def value(at: acb, must_be_analytic: bool) -> acb:
        plain = integrand(at, must_be_analytic)
        if plain.is_finite():
            return plain
        for point, quotient in cures:
            around = quotient(at.union(point), must_be_analytic)
            if around.is_finite():
                return around
        return plain

    return value


@dataclass(frozen=True, eq=False)
class Mapped:
    """A part of the integral, with ``x = point + side exp(-t)`` or ``x = side exp(t)``, from ``t = start`` on."""

    program: Program
    growth: Growth
    start: fmpq


@lru_cache(maxsize=256)
def beside(expr: Expr, point: Expr, side: int, constant: Callable[[Expr], arb]) -> tuple[Mapped, ...]:
    """Return the parts beside a point, of different reach: shorter ones later.

    Raises
    ------
    Undecided
        When that the integral exists is not shown.
    """
    place = point + side * exp(-x)
    inner = sympy.powsimp(expr.subs(x, place).expand(log=True, force=False) * exp(-x))
    program = compiled(inner * exp(-RATE * place**2), x)
    found = tuple(_mapped(inner, program, start, constant) for start in STARTS[:3])
    bounded = tuple(part for part in found if part is not None)
    if not bounded:
        raise Undecided(f"no bound was found for {expr} near x = {point}")
    return bounded


def slow_tail(expr: Expr, side: int, rate: Rational, constant: Callable[[Expr], arb]) -> Mapped | None:
    """Return the tail where ``expr * exp(-rate x**2)`` falls like a power; ``None`` where that is not shown."""
    product = sympy.powsimp(expr * exp(-rate * x**2))
    inner = product.subs(x, side * exp(x)) * exp(x)
    program = compiled(inner, x)
    return next(filter(None, (_mapped(inner, program, start, constant) for start in STARTS[:3])), None)


def _mapped(inner: Expr, program: Program, start: fmpq, constant: Callable[[Expr], arb]) -> Mapped | None:
    with working_precision(64):
        high = HalfLine(1, start, constant).tail(inner).high
    if high is None or high.tail(fmpq(0), start) is None:
        return None
    return Mapped(program, high, start)
