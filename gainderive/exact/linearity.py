"""Rule: integrands of several kinds are expanded, and constants pulled out."""

from __future__ import annotations

from sympy import Add, Expr, Mul, S, exp, gcd_terms

from gainderive import algebra
from gainderive.algebra import Term
from gainderive.derivation.reasons import Linearity
from gainderive.exact._rule import Found, Node


def expanded(node: Node) -> Found | None:
    """Return a sum with one integral for each exponential and special factor, constants in front."""
    x = node.variable
    terms = algebra.terms(node.integrand, x)
    if terms is None:
        return None
    into = tuple(_pulled_out(node, group) for group in _groups(terms))
    if len(into) == 1 and into[0][0] == 1:
        return None
    return Found(Add(*(c * part for c, part in into)), Linearity(node, into))


def _groups(terms: tuple[Term, ...]) -> list[list[Term]]:
    grouped: dict[tuple[Expr, object], list[Term]] = {}
    for term in terms:
        grouped.setdefault((term.exponent, term.specials), []).append(term)
    return list(grouped.values())


def _pulled_out(node: Node, group: list[Term]) -> tuple[Expr, Node]:
    x = node.variable
    polynomial = Add(*(term.coefficient * x**term.power for term in group))
    factor, rest = gcd_terms(polynomial).as_independent(x, as_Add=False)
    if rest.could_extract_minus_sign():
        factor, rest = -factor, -rest
    if len(group) > 1 and factor.is_Rational:
        factor, rest = S.One, polynomial
    kind = Mul(exp(group[0].exponent), *(f**k for f, k in group[0].specials))
    return factor, node.with_integrand(rest * kind)
