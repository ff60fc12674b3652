"""Odd and even integrands under a symmetric density."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, S, asinh, atan, cos, cosh, erf, exp, oo, sech, sin, sinh, tanh

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.notation import latex
from gainderive.symbols import x

_BOUNDED = (tanh, sech, sin, cos, erf, atan)
_AT_MOST_LINEAR = (asinh,)


@dataclass(frozen=True)
class Symmetry(Reason):
    r"""An odd integrand has mean 0; an even one twice the mean of its right half.

    Oddness or evenness is an identity of the algebra. A mean of 0 needs absolute convergence too: the
    check accepts integrands built by sums and products from ``x``, constants, bounded functions and
    exponentials of linear expressions, whose absolute Gaussian moments are all finite.
    """

    name: ClassVar[str] = "symmetry"
    of: GaussMean

    def check(self, before: Basic, after: Basic) -> Judgement:
        if not isinstance(self.of, GaussMean):
            return Judgement.refused("symmetry is about the whole line")
        f = self.of.integrand
        mirrored = f.subs(x, -x)
        if algebra.equal(f, -mirrored):
            if not is_moderate(f):
                return Judgement.refused(f"that the mean of {f} converges is not shown")
            return exchanged(before, after, self.of, S.Zero)
        if algebra.equal(f, mirrored):
            half = GaussIntegral(f, x, self.of.q, S.Zero, oo)
            return exchanged(before, after, self.of, 2 * half)
        return Judgement.refused(f"{f} is neither odd nor even")

    def explain(self) -> str:
        return (
            rf"Symmetry: the density is even, so ${latex(self.of.integrand)}$ has mean 0 if it is odd, "
            r"and twice the mean of its right half if it is even."
        )


def is_moderate(f: Expr) -> bool:
    """Tell whether `f` is shown to grow at most like a polynomial times an exponential of ``|x|``."""
    if f == x or x not in f.free_symbols:
        return True
    if f.is_Add or f.is_Mul:
        return all(map(is_moderate, f.args))
    if f.is_Pow and f.exp.is_Rational and f.exp.is_positive:
        return is_moderate(f.base) and bool(f.exp.is_Integer or f.base.is_nonnegative)
    if not (f.args and f.args[0].is_real):
        return False
    if isinstance(f, (exp, sinh, cosh)):
        return bool(f.args[0].is_polynomial(x)) and bool(f.args[0].as_poly(x).degree() <= 1)
    if isinstance(f, _BOUNDED):
        return True
    return isinstance(f, _AT_MOST_LINEAR) and is_moderate(f.args[0])
