r"""Rule: truncated Gaussian moments of any order on any interval.

Integration by parts gives, with the density :math:`n_q` and :math:`x\,n_q = -q\,n_q'`,

.. math:: \int x^n n_q = -q\,x^{n-1} n_q + (n-1)\,q \int x^{n-2} n_q,

so a polynomial has the antiderivative :math:`-q\,R(x)\,n_q(x) + \tfrac C2\,\mathrm{erf}(x/\sqrt{2q})` with a
polynomial ``R`` and a constant ``C``.
"""

from __future__ import annotations

from sympy import Add, Expr, Poly, PolynomialError, S, Symbol, erf, erfc, oo, sqrt

from gainderive.derivation.reasons import Antiderivative
from gainderive.exact._rule import Found, Node
from gainderive.gaussian import density


def truncated_moments(node: Node) -> Found | None:
    """Return the integral of a polynomial in closed form."""
    x, q = node.variable, node.q
    try:
        polynomial = Poly(node.integrand, x)
    except PolynomialError:
        return None
    rest, constant = _parts(polynomial, x, q)
    antiderivative = -q * rest * density(x, q) + constant * erf(x / sqrt(2 * q)) / 2
    value = constant * _probability(node.lower, node.upper, q) + q * (
        _weighted(rest, x, q, node.lower) - _weighted(rest, x, q, node.upper)
    )
    return Found(value, Antiderivative(node, antiderivative))


def _parts(polynomial: Poly, x: Symbol, q: Expr) -> tuple[Expr, Expr]:
    """Return ``R`` and ``C`` by the recurrence, highest power first."""
    coefficients = dict(enumerate(reversed(polynomial.all_coeffs())))
    rest = []
    for n in range(max(coefficients), 0, -1):
        c = coefficients.get(n, S.Zero)
        if c == 0:
            continue
        rest.append(c * x ** (n - 1))
        if n >= 2:
            coefficients[n - 2] = coefficients.get(n - 2, S.Zero) + c * (n - 1) * q
    return Add(*rest), coefficients[0]


def _probability(lower: Expr, upper: Expr, q: Expr) -> Expr:
    """Return P(lower < x < upper), written with ``erfc`` of a positive number in a tail."""
    if lower == -oo:
        return S.One if upper == oo else erfc(-upper / sqrt(2 * q)) / 2
    if upper == oo:
        return erfc(lower / sqrt(2 * q)) / 2
    return (erf(upper / sqrt(2 * q)) - erf(lower / sqrt(2 * q))) / 2


def _weighted(rest: Expr, x: Symbol, q: Expr, end: Expr) -> Expr:
    return S.Zero if end in (oo, -oo) else (rest * density(x, q)).subs(x, end)
