"""Odd and even integrands under a symmetric density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import (
    Abs,
    Basic,
    Expr,
    Heaviside,
    Max,
    Min,
    Piecewise,
    S,
    asinh,
    atan,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    oo,
    sech,
    sign,
    sin,
    sinh,
    tanh,
)

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.notation import latex
from gainderive.symbols import x

_BOUNDED = (tanh, sech, sin, cos, erf, erfc, atan, sign, Heaviside)
_AT_MOST_LINEAR = (asinh,)


@dataclass(frozen=True)
class Symmetry(Reason):
    r"""An odd integrand has mean 0; an even one twice the mean of its right half, which is half of the whole.

    Oddness or evenness is an identity of the algebra. A mean of 0 needs absolute convergence too: the
    check accepts integrands built by sums, products and switches from ``x``, constants, bounded functions and
    exponentials of linear or downward quadratic expressions, whose absolute Gaussian moments are all finite.
    """

    name: ClassVar[str] = "symmetry"
    of: GaussMean | GaussIntegral

    def check(self, before: Basic, after: Basic) -> Judgement:
        f = self.of.integrand
        mirrored = f.subs(x, -x)
        if isinstance(self.of, GaussIntegral):
            return self._of_half(before, after, mirrored)
        if algebra.equal(f, -mirrored):
            if not is_moderate(f):
                return Judgement.refused(f"that the mean of {f} converges is not shown")
            return exchanged(before, after, self.of, S.Zero)
        if algebra.equal(f, mirrored):
            half = GaussIntegral(f, x, self.of.q, S.Zero, oo)
            return exchanged(before, after, self.of, 2 * half)
        return Judgement.refused(f"{f} is neither odd nor even")

    def _of_half(self, before: Basic, after: Basic, mirrored: Expr) -> Judgement:
        f = self.of.integrand
        if (self.of.lower, self.of.upper) not in ((S.Zero, oo), (-oo, S.Zero)):
            return Judgement.refused(f"{self.of} is not over a half-line that begins at 0")
        if not (algebra.equal(f, mirrored) and is_moderate(f)):
            return Judgement.refused(f"{f} is not even, or that its mean converges is not shown")
        return exchanged(before, after, self.of, GaussMean(f, x, self.of.q) / 2)

    def explain(self) -> str:
        if isinstance(self.of, GaussIntegral):
            return rf"Symmetry: ${latex(self.of.integrand)}$ is even, so its right half gives half of its mean."
        return (
            rf"Symmetry: the density is even, so ${latex(self.of.integrand)}$ has mean 0 if it is odd, "
            r"and twice the mean of its right half if it is even."
        )

    def checked(self) -> str:
        if isinstance(self.of, GaussIntegral):
            return (
                "The integrand is compared with its mirror image in $x = 0$ as an identity, and its mean over the "
                "whole line is shown to converge."
            )
        return (
            "$-x$ is put for $x$, and the result is minus the integrand, or the integrand itself, as an identity; a "
            "mean of 0 is accepted only where the integrand is shown to have a finite absolute mean."
        )


def _is_tame(exponent: Expr, downward: bool) -> bool:
    """Tell whether an exponent is linear or constant, or, if `downward`, a quadratic that is bounded above."""
    if not exponent.is_polynomial(x):
        return False
    polynomial = exponent.as_poly(x)
    if polynomial is None or polynomial.degree() <= 1:
        return True
    return downward and polynomial.degree() == 2 and bool(polynomial.LC().is_nonpositive)


def _is_away_from_zero(base: Expr) -> bool:
    """Tell whether `base` is shown to be at least a positive number: one plus what is not negative, or a cosh."""
    if isinstance(base, cosh):
        return bool(base.args[0].is_real)
    constant, rest = base.as_coeff_Add()
    return bool(constant.is_positive and rest.is_nonnegative)


def is_moderate(f: Expr) -> bool:
    """Tell whether `f` is shown to grow at most like a polynomial times an exponential of ``|x|``.

    The bound holds uniformly while what else `f` depends on stays in a compact range and `f` is continuous in it.
    """
    if f == x or x not in f.free_symbols:
        return True
    if f.is_Add or f.is_Mul:
        return all(map(is_moderate, f.args))
    if f.is_Pow and f.exp.is_Rational:
        if f.exp.is_negative:
            return _is_away_from_zero(f.base)
        return is_moderate(f.base) and bool(f.exp.is_Integer or f.base.is_nonnegative)
    if isinstance(f, Piecewise):
        return all(is_moderate(branch) for branch, _ in f.args)
    if not (f.args and f.args[0].is_real):
        return False
    if isinstance(f, (Max, Min, Abs)):
        return all(is_moderate(arg) and arg.is_real for arg in f.args)
    if isinstance(f, (exp, sinh, cosh)):
        return _is_tame(f.args[0], isinstance(f, exp))
    if isinstance(f, _BOUNDED):
        return True
    return isinstance(f, _AT_MOST_LINEAR) and is_moderate(f.args[0])
