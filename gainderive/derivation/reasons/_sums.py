"""What the reasons about sums over families have in common: which sums they are about, and what may be random."""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Basic, Expr, IndexedBase, Sum, Symbol, Tuple, nan, oo, zoo
from sympy.core.function import AppliedUndef

from gainderive.probability import Mean

RANDOM = (IndexedBase, AppliedUndef)
"""What may be random: the members of families, and functions that are not known."""


def not_finite(total: Expr) -> str:
    """Return why `total` is not a sum over symbols from a first to a last value, or an empty string."""
    if not isinstance(total, Sum):
        return f"{total} is not a sum"
    for index, *ends in total.limits:
        if not isinstance(index, Symbol) or len(ends) != 2 or Tuple(*ends).has(oo, -oo, zoo, nan):
            return f"{total} is not a finite sum"
    return ""


def not_apart(total: Sum) -> str:
    """Return why the indices of `total` do not run independently of each other, or an empty string."""
    indices = [limit[0] for limit in total.limits]
    if len(set(indices)) != len(indices):
        return f"an index of {total} is summed over twice"
    if any(end.free_symbols & set(indices) for _, *ends in total.limits for end in ends):
        return f"a range of {total} depends on an index that is summed over"
    return ""


def listed(found: Iterable[Basic]) -> str:
    """Return what was found as text, in a fixed order."""
    return ", ".join(sorted(map(str, found)))


def mean(inside: Expr) -> Expr:
    """Return the mean of `inside`, which is itself where nothing in it is random."""
    return Mean(inside) if inside.has(*RANDOM) else inside
