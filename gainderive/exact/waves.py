r"""Rules: polynomials times sines and cosines, over the whole line and over an interval.

Over the line a shift by :math:`i\omega q` leaves a polynomial. Over an interval the complex integrand
:math:`T(x) e^{i\omega x} n_q` with :math:`T = P - iQ` has, as :math:`x\,n_q = -q\,n_q'`, the antiderivative

.. math:: -q\,S(x) e^{i\omega x} n_q + \frac C2 e^{-\omega^2 q/2}\,\mathrm{erf}\frac{x - i\omega q}{\sqrt{2q}},

whose real part is ours.
"""

from __future__ import annotations

from sympy import Add, Expr, I, Poly, S, Symbol, cos, exp, expand, sin, sqrt

from gainderive.derivation.reasons import Antiderivative, CharacteristicFunction
from gainderive.exact._kinds import Kind, kinds, real
from gainderive.exact._rule import Found, Node
from gainderive.gaussian import GaussIntegral, GaussMean, density
from gainderive.special import erf_im, erf_re


def over_the_line(node: Node) -> Found | None:
    """Return the factor of the characteristic function times a polynomial's mean."""
    wave = _only_wave(node) if isinstance(node, GaussMean) else None
    if wave is None:
        return None
    x, q, w = node.variable, node.q, wave.frequency
    moved, _ = _real_and_imaginary((wave.cosine - I * wave.sine).subs(x, x + I * w * q))
    into = node.with_integrand(moved)
    factor = exp(-(w**2) * q / 2)
    return Found(factor * into, CharacteristicFunction(node, w, wave.cosine, wave.sine, into))


def over_an_interval(node: Node) -> Found | None:
    """Return the integral from its real antiderivative."""
    wave = _only_wave(node) if isinstance(node, GaussIntegral) else None
    if wave is None:
        return None
    x = node.variable
    antiderivative = _antiderivative(wave, x, node.q)
    reason = Antiderivative(node, antiderivative)
    return Found(real(reason.between_the_ends()), reason)


def _only_wave(node: Node) -> Kind | None:
    found = kinds(node.integrand, node.variable)
    if found is None or len(found) != 1:
        return None
    (kind,) = found
    return kind if kind.frequency != 0 and kind.exponent == 0 and not kind.specials else None


def _antiderivative(wave: Kind, x: Symbol, q: Expr) -> Expr:
    w = wave.frequency
    inside, constant = _parts(Poly(wave.cosine, x), Poly(wave.sine, x), x, q, w)
    s_re, s_im = _real_and_imaginary(inside)
    c_re, c_im = _real_and_imaginary(constant)
    u, v = x / sqrt(2 * q), -w * q / sqrt(2 * q)
    at_ends = -q * density(x, q) * (s_re * cos(w * x) - s_im * sin(w * x))
    return at_ends + exp(-(w**2) * q / 2) / 2 * (c_re * erf_re(u, v) - c_im * erf_im(u, v))


def _parts(cosine: Poly, sine: Poly, x: Symbol, q: Expr, w: Expr) -> tuple[Expr, Expr]:
    r"""Return ``S`` and ``C``: :math:`x^n` leaves :math:`q(n-1)x^{n-2} + i\omega q\,x^{n-1}`, highest power first."""
    degree = max(cosine.degree(), sine.degree())
    coefficients = {n: cosine.coeff_monomial(x**n) - I * sine.coeff_monomial(x**n) for n in range(degree + 1)}
    inside = []
    for n in range(max(coefficients), 0, -1):
        c = coefficients[n]
        inside.append(c * x ** (n - 1))
        coefficients[n - 1] = coefficients[n - 1] + I * w * q * c
        if n >= 2:
            coefficients[n - 2] = coefficients[n - 2] + (n - 1) * q * c
    return Add(*inside), coefficients[0]


def _real_and_imaginary(expr: Expr) -> tuple[Expr, Expr]:
    """Split an expression whose symbols are real and in which ``I`` stands only as a factor."""
    expr = expand(expr)
    imaginary = expr.coeff(I)
    return expand(expr - I * imaginary), S(imaginary)
