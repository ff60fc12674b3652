"""The common half of reasons that exchange one Gaussian mean or integral for something equal."""

from __future__ import annotations

from sympy import Basic

from gainderive.derivation._reason import Judgement
from gainderive.derivation._state import gauss_nodes, rewrite, same


def exchanged(before: Basic, after: Basic, node: Basic, value: Basic) -> Judgement:
    """Judge whether `after` is `before` with `node` exchanged for `value`, which the caller has shown equal."""
    if node not in gauss_nodes(before):
        return Judgement.refused(f"{node} does not occur in the line before")
    if not same(rewrite(before, {node: value}), after):
        return Judgement.refused(f"the line is not the one before with {node} replaced by {value}")
    return Judgement.proved()
