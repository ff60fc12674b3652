"""Rule: an integrand with case distinctions is split at its kinks and jumps."""

from __future__ import annotations

from sympy import Add, S

from gainderive.derivation.reasons import SplitAtKinks
from gainderive.exact._rule import Found, Node
from gainderive.gaussian import SWITCHES, GaussIntegral
from gainderive.pieces import Piece, pieces


def split_at_kinks(node: Node) -> Found | None:
    """Return the sum of the smooth integrals between the breakpoints."""
    if not node.integrand.has(*SWITCHES):
        return None
    # Unmerged, because the checker resolves every switch on every interval.
    parts = _within(node, pieces(node.integrand, node.variable, merge=False))
    if len(parts) == 1:
        # The switches cancel; a split at 0 lets the checker see it.
        only = parts[0]
        parts = [Piece(only.lower, S.Zero, only.expr), Piece(S.Zero, only.upper, only.expr)]
    integrals = tuple(GaussIntegral(p.expr, node.variable, node.q, p.lower, p.upper) for p in parts)
    return Found(Add(*(i for i in integrals if i.integrand != 0)), SplitAtKinks(node, integrals))


def _within(node: Node, parts: tuple[Piece, ...]) -> list[Piece]:
    inside = []
    for part in parts:
        lower = node.lower if (node.lower - part.lower).is_extended_nonnegative else part.lower
        upper = node.upper if (part.upper - node.upper).is_extended_nonnegative else part.upper
        if lower == upper or (lower - upper).is_extended_nonnegative:
            continue
        inside.append(Piece(lower, upper, part.expr))
    return inside
