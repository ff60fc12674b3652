r"""Special functions that closed forms need and SymPy lacks, all real functions of real arguments.

*The bivariate normal distribution function*

.. math:: \Phi_2(h, k; \rho) = P(Z_1 \le h,\ Z_2 \le k), \qquad \operatorname{Corr}(Z_1, Z_2) = \rho,\ |\rho| < 1,

with standard normal :math:`Z_1, Z_2`. Means of error functions over parts of the line are such probabilities. Owen's
function :math:`T(h, a)` says the same in other words (D. B. Owen, Tables for computing bivariate normal probabilities,
Ann. Math. Statist. 27, 1956), but has a jump at ``h = 0`` that the probability has not.

*Real and imaginary part of* :math:`\mathrm{erf}(u + iv)`, which half-lines' parts of ``E cos`` and ``E sin`` bring.
SymPy's own ``re`` and ``im`` write them as sums of complex numbers, whose imaginary parts cancel only exactly.

>>> from sympy import Rational
>>> binormal(0, 0, Rational(1, 2))
1/3
>>> binormal(1, 0, Rational(1, 2)).evalf(20)
0.46874295264516808310
>>> erf_im(0, 1), erf_re(1, 0)
(erfi(1), erf(1))
"""

from __future__ import annotations

from typing import Any

import mpmath
from flint import acb, arb, ctx, fmpq
from mpmath.libmp import from_man_exp, round_nearest
from sympy import Expr, Float, Function, Rational, S, asin, cos, default_sort_key, erf, erfi, exp, oo, pi, sin, sqrt

_GUARD = 32
_MOST_BITS = 2048
"""Working precision beyond which no more digits are looked for."""


def _accurate(function: Any, prec: int) -> Expr | None:
    """Return the value to `prec` bits, or ``None`` where cancellation leaves fewer: SymPy reads signs off these digits.

    The arguments are taken with as many bits as the ball; that these suffice is seen when its relative radius is small.
    """
    if function.free_symbols:
        return None
    before, working = ctx.prec, prec + _GUARD
    try:
        while working <= max(_MOST_BITS, 4 * prec):
            ctx.prec = working
            value = function.ball(*(_narrow(arg, working) for arg in function.args))
            if value.rel_accuracy_bits() >= prec:
                mantissa, exponent = value.mid().man_exp()
                return Float._new(from_man_exp(int(mantissa), int(exponent), prec, round_nearest), prec)
            working *= 2
    finally:
        ctx.prec = before
    return None


def _narrow(arg: Expr, bits: int) -> arb:
    """Return a ball around `arg` from its SymPy digits, correct to all but the last few of `bits`."""
    if isinstance(arg, Rational):
        return arb(fmpq(int(arg.p), int(arg.q)))
    negative, mantissa, exponent, _ = mpmath.mpf(arg._to_mpmath(bits))._mpf_
    middle = arb(-int(mantissa) if negative else int(mantissa)) * arb(2) ** int(exponent)
    return middle + arb(0, abs(middle)) * arb(2) ** (4 - bits)


def _distribution(u: arb) -> arb:
    return (-u / arb(2).sqrt()).erfc() / 2


def normal_distribution(u: Expr) -> Expr:
    r"""Return :math:`\Phi(u) = P(Z \le u)`, written with the error function."""
    return (1 + erf(u / sqrt(2))) / 2


class binormal(Function):  # noqa: N801 (SymPy's functions are written as in mathematics)
    r"""The probability :math:`\Phi_2(h, k; \rho)` as a SymPy function of real arguments, ``-1 < rho < 1``.

    Its partial derivatives, with the normal density :math:`n`,

    .. math:: \partial_h \Phi_2 = n(h)\,\Phi\Bigl(\frac{k - \rho h}{\sqrt{1-\rho^2}}\Bigr), \qquad
       \partial_\rho \Phi_2 = \frac{1}{2\pi\sqrt{1-\rho^2}} \exp\Bigl(-\frac{h^2 - 2\rho hk + k^2}{2(1-\rho^2)}\Bigr),

    give its values by integration over :math:`\rho = \sin\theta` (R. L. Plackett, A reduction formula for normal
    multivariate integrals, Biometrika 41, 1954):

    .. math:: \Phi_2(h, k; \rho) = \Phi(h)\Phi(k) + \frac1{2\pi} \int_0^{\arcsin\rho}
       \exp\Bigl(-\frac{h^2 + k^2 - 2hk\sin\theta}{2\cos^2\theta}\Bigr)\,d\theta .
    """

    nargs = 3

    @classmethod
    def eval(cls, h: Expr, k: Expr, rho: Expr) -> Expr | None:
        """Return a simpler form: uncorrelated, both at 0, an infinite argument, or arguments in order."""
        if -oo in (h, k):
            return S.Zero
        if oo in (h, k):
            return S.One if h == k else normal_distribution(k if h == oo else h)
        if rho == 0:
            return normal_distribution(h) * normal_distribution(k)
        if h == 0 and k == 0:
            return Rational(1, 4) + asin(rho) / (2 * pi)
        if default_sort_key(h) > default_sort_key(k):
            return cls(k, h, rho)
        return None

    def fdiff(self, argindex: int = 1) -> Expr:
        h, k, rho = self.args
        if argindex == 3:
            return exp(-(h**2 - 2 * rho * h * k + k**2) / (2 * (1 - rho**2))) / (2 * pi * sqrt(1 - rho**2))
        if argindex == 2:
            h, k = k, h
        return exp(-(h**2) / 2) / sqrt(2 * pi) * normal_distribution((k - rho * h) / sqrt(1 - rho**2))

    def _eval_is_extended_real(self) -> bool | None:
        return True if all(arg.is_extended_real for arg in self.args) else None

    def _eval_is_positive(self) -> bool | None:
        return self._eval_is_extended_real()

    @staticmethod
    def ball(h: arb, k: arb, rho: arb) -> arb:
        """Enclose the value by integration, mapped to ``[0, 1]`` so that all of the ball `rho` is covered."""
        angle = acb(rho.asin())
        squares, product = acb(h * h + k * k), acb(2 * h * k)

        def slope(t: acb, _: bool) -> acb:
            theta = t * angle
            cosine = theta.cos()
            return (-(squares - product * theta.sin()) / (2 * cosine * cosine)).exp() * angle

        tolerance = arb(2) ** -ctx.prec
        integral = acb.integral(slope, 0, 1, rel_tol=tolerance, abs_tol=tolerance).real
        return _distribution(h) * _distribution(k) + integral / (2 * arb.pi())

    def _eval_evalf(self, prec: int) -> Expr | None:
        return _accurate(self, prec)

    def _sympystr(self, printer: Any) -> str:
        return f"binormal({', '.join(map(printer._print, self.args))})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        h, k, rho = map(printer._print, self.args)
        power = "" if exp is None else rf"^{{{exp}}}"
        return rf"\Phi_{{2}}{power}\left({h}, {k}; {rho}\right)"


class _ErfPart(Function):
    r"""Common half of both parts: :math:`\mathrm{erf}'(z) = 2 e^{-z^2}/\sqrt\pi` at ``u + iv``."""

    nargs = 2

    def _eval_is_extended_real(self) -> bool | None:
        return True if all(arg.is_extended_real for arg in self.args) else None

    def _eval_is_finite(self) -> bool | None:
        return True if all(arg.is_finite for arg in self.args) else None

    @property
    def _slope(self) -> tuple[Expr, Expr]:
        """Real part and negated imaginary part of the derivative."""
        u, v = self.args
        size = 2 / sqrt(pi) * exp(v**2 - u**2)
        return size * cos(2 * u * v), size * sin(2 * u * v)

    def _eval_evalf(self, prec: int) -> Expr | None:
        return _accurate(self, prec)

    def _printed(self, printer: Any, part: str, exp: str | None) -> str:
        u, v = self.args
        argument = rf"{printer._print(u)} + i\,{_bracketed(printer, v)}"
        power = "" if exp is None else rf"^{{{exp}}}"
        return rf"\operatorname{{{part}}}{power} \operatorname{{erf}}\left({argument}\right)"


def _bracketed(printer: Any, expr: Expr) -> str:
    text: str = printer._print(expr)
    return rf"\left({text}\right)" if expr.is_Add or expr.could_extract_minus_sign() else text


class erf_re(_ErfPart):  # noqa: N801
    r"""The real part of :math:`\mathrm{erf}(u + iv)`, odd in ``u`` and even in ``v``."""

    @classmethod
    def eval(cls, u: Expr, v: Expr) -> Expr | None:
        """Return a simpler form: on an axis, at infinity, or with arguments whose leading sign is positive."""
        if u == 0:
            return S.Zero
        if v == 0 or u in (oo, -oo):
            return erf(u)
        if u.could_extract_minus_sign():
            return -cls(-u, v)
        return cls(u, -v) if v.could_extract_minus_sign() else None

    def fdiff(self, argindex: int = 1) -> Expr:
        return self._slope[argindex - 1]

    @staticmethod
    def ball(u: arb, v: arb) -> arb:
        """Enclose the value."""
        return acb(u, v).erf().real

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return self._printed(printer, "Re", exp)


class erf_im(_ErfPart):  # noqa: N801
    r"""The imaginary part of :math:`\mathrm{erf}(u + iv)`, even in ``u`` and odd in ``v``."""

    @classmethod
    def eval(cls, u: Expr, v: Expr) -> Expr | None:
        """Return a simpler form: on an axis, at infinity, or with arguments whose leading sign is positive."""
        if v == 0 or u in (oo, -oo):
            return S.Zero
        if u == 0:
            return erfi(v)
        if v.could_extract_minus_sign():
            return -cls(u, -v)
        return cls(-u, v) if u.could_extract_minus_sign() else None

    def fdiff(self, argindex: int = 1) -> Expr:
        real, negated = self._slope
        return -negated if argindex == 1 else real

    @staticmethod
    def ball(u: arb, v: arb) -> arb:
        """Enclose the value."""
        return acb(u, v).erf().imag

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return self._printed(printer, "Im", exp)
