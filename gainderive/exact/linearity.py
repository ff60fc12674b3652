"""Rule: integrands of several kinds are expanded, and constants pulled out."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from sympy import Add, Expr, S, gcd_terms

from gainderive.derivation.reasons import Linearity
from gainderive.exact._kinds import Kind, kinds
from gainderive.exact._rule import Found, Node


def expanded(node: Node) -> Found | None:
    """Return a sum with one integral for each kind of term, constants in front."""
    found = kinds(node.integrand, node.variable)
    if found is None:
        return None
    into = tuple(_pulled_out(node, kind) for kind in chain.from_iterable(map(_apart, found)))
    if len(into) == 1 and into[0][0] == 1:
        return None
    return Found(Add(*(c * part for c, part in into)), Linearity(node, into))


def _apart(kind: Kind) -> tuple[Kind, ...]:
    """Split cosine from sine where special functions are with them: the lemmas are about one of the two."""
    if not kind.specials or kind.cosine == 0 or kind.sine == 0:
        return (kind,)
    return replace(kind, sine=S.Zero), replace(kind, cosine=S.Zero)


def _pulled_out(node: Node, kind: Kind) -> tuple[Expr, Node]:
    x = node.variable
    waves = kind.waves(x)
    factor, rest = (gcd_terms(waves) if waves.is_Add else waves).as_independent(x, as_Add=False)
    if rest.could_extract_minus_sign():
        factor, rest = -factor, -rest
    if waves.is_Add and factor.is_Rational:
        factor, rest = S.One, waves
    return factor, node.with_integrand(rest * kind.factor)
