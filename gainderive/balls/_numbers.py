"""Balls for the numbers that SymPy knows by name, by digits, or as roots of polynomials."""

from __future__ import annotations

from functools import lru_cache

from flint import arb, ctx, fmpq, fmpz_poly
from sympy import AtomicExpr, Basic, CRootOf, Expr, Float, Number, NumberSymbol, Rational, S

from gainderive.errors import BadExpression

_NAMED = {
    S.Pi: arb.pi,
    S.Exp1: arb.const_e,
    S.EulerGamma: arb.const_euler,
    S.Catalan: arb.const_catalan,
    S.GoldenRatio: lambda: (1 + arb(5).sqrt()) / 2,
}


class SelfEnclosing(AtomicExpr):
    """A real number that is an atom of SymPy and knows balls around itself."""

    is_number = True
    is_real = True
    is_finite = True
    is_commutative = True

    def ball(self, precision: int) -> arb:
        """Return a ball around the number, to about `precision` bits."""
        raise NotImplementedError


def is_number(expr: Basic) -> bool:
    """Tell whether :func:`number` has a ball for `expr`."""
    return isinstance(expr, (Number, NumberSymbol, CRootOf, SelfEnclosing))


def number(expr: Expr) -> arb:
    """Return a ball around a rational, a float (its exact binary value), a named constant, or a root.

    >>> from sympy import Rational
    >>> number(Rational(1, 4))
    0.250000000000000
    """
    if isinstance(expr, (Rational, Float)) and expr.is_finite:
        return arb(rational(expr))
    if expr in _NAMED:
        return _NAMED[expr]()
    if isinstance(expr, SelfEnclosing):
        return expr.ball(ctx.prec)
    if isinstance(expr, CRootOf) and expr.is_real:
        return _root(expr, ctx.prec)
    raise BadExpression(f"{expr} is not a finite real number that can be enclosed")


def rational(expr: Expr) -> fmpq:
    """Return a SymPy rational or float exactly."""
    exact = Rational(expr)
    return fmpq(int(exact.p), int(exact.q))


@lru_cache(maxsize=256)
def _root(expr: CRootOf, precision: int) -> arb:
    # SymPy numbers the real roots of the (irreducible) polynomial first, in ascending order; flint's root isolation
    # is certified and gives real roots an imaginary part that is exactly 0.
    coefficients = [int(c) for c in reversed(expr.poly.all_coeffs())]
    roots = [root.real for root, _ in fmpz_poly(coefficients).complex_roots() if root.imag.is_zero()]
    midpoints = sorted(roots, key=lambda root: rational_midpoint(root))
    return midpoints[expr.index]


def rational_midpoint(ball: arb) -> fmpq:
    """Return the midpoint of a finite ball exactly."""
    mantissa, exponent = ball.mid().man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)
