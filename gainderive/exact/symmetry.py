"""Rule: an odd integrand has mean 0."""

from __future__ import annotations

from sympy import S

from gainderive import algebra
from gainderive.derivation.reasons import Symmetry
from gainderive.exact._rule import Found, Node
from gainderive.gaussian import GaussMean


def odd_vanishes(node: Node) -> Found | None:
    """Return 0 for an odd integrand on the whole line."""
    if not isinstance(node, GaussMean):
        return None
    mirrored = node.integrand.subs(node.variable, -node.variable)
    if not algebra.equal(node.integrand, -mirrored):
        return None
    return Found(S.Zero, Symmetry(node))
