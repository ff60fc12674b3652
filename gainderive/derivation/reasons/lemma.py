"""Using a result that has its own derivation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Basic, Expr, Symbol
from sympy.core.relational import Equality

from gainderive.derivation._derivation import Derivation
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import bound_symbols, parts, rewrite, same
from gainderive.errors import StepRefused
from gainderive.status import Status


@dataclass(frozen=True)
class Lemma(Reason):
    """Exchange the left side of another derivation's claim for its right side, after checking it again.

    Only a chain of equalities serves: where an equation is given, its solution holds for no other expression.
    """

    name: ClassVar[str] = "by an earlier result"
    derivation: Derivation

    def check(self, before: Basic, after: Basic) -> Judgement:
        claim = self.derivation.claim
        try:
            status = self.derivation.check()
        except StepRefused as refusal:
            return Judgement.refused(f"the earlier result is itself refused: {refusal}")
        if not isinstance(self.derivation.given, Expr):
            return Judgement.refused(f"{self.derivation.id} solves an equation, so its claim is no identity")
        if not isinstance(claim, Equality) or not any(part.has(claim.lhs) for part in parts(before)):
            return Judgement.refused(f"what {self.derivation.id} is about does not occur in the line before")
        if claim.free_symbols & bound_symbols(before):
            return Judgement.refused(f"a symbol of {claim} is bound in the line before")
        if not same(rewrite(before, {claim.lhs: claim.rhs}), after):
            return Judgement.refused(f"the line is not the one before with {claim} put in")
        return Judgement.proved() if status is Status.PROVED else Judgement.numeric()

    def fixes(self) -> Mapping[Any, Any]:
        return {key: meaning for step in self.derivation.steps for key, meaning in step.by.fixes().items()}

    def uses_constants(self) -> tuple[tuple[Symbol, Expr], ...]:
        return self.derivation.constants

    def explain(self) -> str:
        return f"By {self.derivation.id}, under its assumptions: {self.derivation.title}."
