"""The common half of reasons that exchange one part of a line for something equal."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from sympy import Basic, Expr

from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import gauss_nodes, parts, rewrite, same


def exchanged(before: Basic, after: Basic, node: Basic, value: Basic) -> Judgement:
    """Judge whether `after` is `before` with `node` exchanged for `value`, which the caller has shown equal."""
    if node not in gauss_nodes(before):
        return Judgement.refused(f"{node} does not occur in the line before")
    if not same(rewrite(before, {node: value}), after):
        return Judgement.refused(f"the line is not the one before with {node} replaced by {value}")
    return Judgement.proved()


@dataclass(frozen=True)
class Exchange(Reason):
    """Exchange one subexpression for what the rule makes of it."""

    of: Expr

    @abstractmethod
    def exchanged(self, line: Basic) -> Expr | str:
        """Return what the rule makes of ``of`` within `line`, or why the rule does not apply."""

    def check(self, before: Basic, after: Basic) -> Judgement:
        """Judge whether `after` is `before` with ``of`` exchanged by the rule."""
        if not any(part.has(self.of) for part in parts(before)):
            return Judgement.refused(f"{self.of} does not occur in the line before")
        value = self.exchanged(before)
        if isinstance(value, str):
            return Judgement.refused(value)
        if not same(rewrite(before, {self.of: value}), after):
            return Judgement.refused(f"the rule makes {value} of {self.of}, which is not what the line says")
        return Judgement.proved()
