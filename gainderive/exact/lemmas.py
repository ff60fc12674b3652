r"""Means of error functions: the lemmas that closed forms of GELU-like functions rest on.

With :math:`s_a = \sqrt{1 + 2a^2q}` and ``x ~ N(0, q)``. Each is proved here, not only cited: both sides are smooth in
the parameter ``a``, agree at ``a = 0``, and have the same derivative, whose mean has an error function less. They are
published as results of their own, under the IDs that stand here.

>>> mean_of_erf().claim
Eq(E[erf(a*sqrt(q)*z + b)], erf(b/sqrt(2*a**2*q + 1)))
"""

from __future__ import annotations

from functools import cache

from sympy import Expr, S, Symbol, asin, cos, erf, erfc, exp, oo, pi, sin, sqrt

from gainderive import exact
from gainderive.assumptions import Assumption
from gainderive.derivation import Derivation, Source, Step, equation
from gainderive.derivation.reasons import EqualDerivatives
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.special import binormal, erf_im, erf_re
from gainderive.symbols import parameter, q, x

a, b, c, d = (parameter(name) for name in "abcd")
omega = parameter("omega")
edge = parameter("t")

_OWEN = Source("D. B. Owen: A table of normal integrals, Communications in Statistics B9, 1980")
_WILLIAMS = Source("C. K. I. Williams: Computing with infinite networks, NIPS 1996, section 3.1")


@cache
def mean_of_erf() -> Derivation:
    r"""Return :math:`E\,\mathrm{erf}(ax + b) = \mathrm{erf}(b / s_a)`."""
    return _lemma("GD-0025", "The mean of erf(ax + b)", GaussMean(erf(a * x + b), x, q), erf(b / _s(a)), (_OWEN,))


@cache
def mean_of_erf_beyond() -> Derivation:
    r"""Return :math:`E[\mathrm{erf}(ax + b);\ x > t]` in terms of :math:`\Phi_2`."""
    tail = 2 * binormal(-edge / sqrt(q), sqrt(2) * b / _s(a), a * sqrt(2 * q) / _s(a))
    value = tail - erfc(edge / sqrt(2 * q)) / 2
    of = GaussIntegral(erf(a * x + b), x, q, edge, oo)
    return _lemma("GD-0026", "The part of the mean of erf(ax + b) beyond a point", of, value, (_OWEN,))


@cache
def arcsine_kernel() -> Derivation:
    r"""Return :math:`E[\mathrm{erf}(ax)\,\mathrm{erf}(cx)] = \tfrac2\pi \arcsin(2acq / (s_a s_c))`."""
    value = 2 * asin(2 * a * c * q / (_s(a) * _s(c))) / pi
    return _lemma("GD-0030", "The arcsine kernel", GaussMean(erf(a * x) * erf(c * x), x, q), value, (_WILLIAMS,))


@cache
def mean_of_two_erfs() -> Derivation:
    r"""Return :math:`E[\mathrm{erf}(ax+b)\,\mathrm{erf}(cx+d)]` in terms of :math:`\Phi_2`."""
    h, k, rho = sqrt(2) * b / _s(a), sqrt(2) * d / _s(c), 2 * a * c * q / (_s(a) * _s(c))
    value = 4 * binormal(h, k, rho) - erf(b / _s(a)) - erf(d / _s(c)) - 1
    of = GaussMean(erf(a * x + b) * erf(c * x + d), x, q)
    return _lemma("GD-0027", "The mean of erf(ax + b) erf(cx + d)", of, value, (_OWEN,))


@cache
def mean_of_erf_times_cosine() -> Derivation:
    r"""Return :math:`E[\mathrm{erf}(ax+b)\cos\omega x] = e^{-\omega^2q/2}\,\mathrm{Re\,erf}((b+ia\omega q)/s_a)`."""
    of = GaussMean(erf(a * x + b) * cos(omega * x), x, q)
    return _lemma("GD-0028", "The mean of erf(ax + b) cos(ωx)", of, _damped(erf_re), (_OWEN,))


@cache
def mean_of_erf_times_sine() -> Derivation:
    r"""Return :math:`E[\mathrm{erf}(ax+b)\sin\omega x] = e^{-\omega^2q/2}\,\mathrm{Im\,erf}((b+ia\omega q)/s_a)`."""
    of = GaussMean(erf(a * x + b) * sin(omega * x), x, q)
    return _lemma("GD-0029", "The mean of erf(ax + b) sin(ωx)", of, _damped(erf_im), (_OWEN,))


def symbols_of(lemma: Derivation) -> tuple[Symbol, ...]:
    """Return the symbols of a lemma in the order of its arguments: the lines', ``q``, the interval's or the wave's."""
    free = lemma.given.free_symbols
    return tuple(symbol for symbol in (a, b, c, d, q, edge, omega) if symbol in free)


def _s(slope: Expr) -> Expr:
    return sqrt(1 + 2 * slope**2 * q)


def _damped(part: type[Expr]) -> Expr:
    return exp(-(omega**2) * q / 2) * part(b / _s(a), a * omega * q / _s(a))


def _lemma(id: str, title: str, of: GaussMean | GaussIntegral, value: Expr, sources: tuple[Source, ...]) -> Derivation:
    slope = _closed(of.with_integrand(of.integrand.diff(a)))
    base = _closed(of.with_integrand(of.integrand.subs(a, 0)))
    by = EqualDerivatives(of, a, S.Zero, value, slope, base)
    return Derivation(
        title=title,
        given=of,
        claim=equation(of, value),
        steps=(Step(value, by),),
        assumptions=_ASSUMPTIONS,
        sources=sources,
        id=id,
    )


_ASSUMPTIONS = (
    Assumption(
        "x is normal with mean 0 and second moment q > 0",
        otherwise="A mean μ of x goes into the other letters by writing x = μ + y: it shifts offsets and ends, and "
        "turns a cosine or a sine into a mixture of both. For another law nothing like it holds.",
    ),
    Assumption(
        "all other letters are real numbers",
        otherwise="Where both sides are analytic in a letter the identity continues to complex values near the real "
        "ones (identity theorem); the check covers the real ones only.",
    ),
)


def _closed(of: Expr) -> Derivation:
    steps = exact.close(of)
    return Derivation(title=f"The mean {of}", given=of, claim=equation(of, steps[-1].becomes), steps=steps)
