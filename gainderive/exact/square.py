"""Rule: a single exponential factor is absorbed into the density by completing the square."""

from __future__ import annotations

from sympy import Poly, S, exp, expand, oo, sqrt

from gainderive import algebra
from gainderive.derivation.reasons import CompletingTheSquare
from gainderive.exact._rule import Found, Node
from gainderive.gaussian import GaussIntegral, GaussMean


def completing_the_square(node: Node) -> Found | None:
    """Return the factor times the polynomial's integral over the shifted Gaussian."""
    x, q = node.variable, node.q
    terms = algebra.terms(node.integrand, x)
    if not terms or len({t.exponent for t in terms}) > 1 or any(t.specials or t.power < 0 for t in terms):
        return None
    if not terms[0].exponent.is_polynomial(x):
        return None
    exponent = Poly(terms[0].exponent, x)
    if not 1 <= exponent.degree() <= 2:
        return None
    a, b = exponent.coeff_monomial(x**2), exponent.coeff_monomial(x)
    narrowed = (q / (1 - 2 * a * q)).cancel() if a != 0 else q
    if not narrowed.is_positive:
        return None
    shift = b * narrowed
    factor = exp(b * shift / 2) * (sqrt(narrowed / q) if a != 0 else S.One)
    polynomial = expand(sum(t.coefficient * (x + shift) ** t.power for t in terms))
    ends = [end if end in (oo, -oo) else end - shift for end in (node.lower, node.upper)]
    into = (
        GaussMean(polynomial, x, narrowed)
        if isinstance(node, GaussMean)
        else GaussIntegral(polynomial, x, narrowed, *ends)
    )
    return Found(factor * into, CompletingTheSquare(node, factor, shift, into))
