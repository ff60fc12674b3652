"""Rule: a single exponential factor is absorbed into the density by completing the square."""

from __future__ import annotations

from sympy import Mul, Poly, S, exp, expand, oo, sqrt

from gainderive.derivation.reasons import CompletingTheSquare
from gainderive.exact._kinds import kinds
from gainderive.exact._rule import Found, Node
from gainderive.gaussian import GaussIntegral, GaussMean


def completing_the_square(node: Node) -> Found | None:
    """Return the factor times what is left, over the shifted and narrowed Gaussian."""
    x, q = node.variable, node.q
    found = kinds(node.integrand, x)
    if found is None or len(found) != 1 or not found[0].exponent.is_polynomial(x):
        return None
    (kind,) = found
    exponent = Poly(kind.exponent, x)
    if not 1 <= exponent.degree() <= 2:
        return None
    a, b = exponent.coeff_monomial(x**2), exponent.coeff_monomial(x)
    narrowed = (q / (1 - 2 * a * q)).cancel() if a != 0 else q
    if not narrowed.is_positive:
        return None
    shift = b * narrowed
    factor = exp(b * shift / 2) * (sqrt(narrowed / q) if a != 0 else S.One)
    moved = Mul(*(f.subs(x, x + shift) ** k for f, k in kind.specials))
    if kind.frequency == 0:
        integrand = expand(kind.cosine.subs(x, x + shift)) * moved
    else:
        integrand = kind.waves(x).subs(x, x + shift) * moved
    ends = [end if end in (oo, -oo) else end - shift for end in (node.lower, node.upper)]
    into = (
        GaussMean(integrand, x, narrowed)
        if isinstance(node, GaussMean)
        else GaussIntegral(integrand, x, narrowed, *ends)
    )
    return Found(factor * into, CompletingTheSquare(node, factor, shift, into))
