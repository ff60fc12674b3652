"""Using a result that has its own derivation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Basic, Eq, Expr, Symbol
from sympy.core.relational import Equality

from gainderive import algebra
from gainderive.derivation._derivation import Derivation
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import bound_symbols, parts, rewrite, same
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.errors import StepRefused
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.joint import JointMean
from gainderive.notation import latex
from gainderive.status import Status
from gainderive.symbols import satisfies


@dataclass(frozen=True)
class Lemma(Reason):
    """Exchange the left side of another derivation's claim for its right side, after checking it again.

    Only a chain of equalities serves: where an equation is given, its solution holds for no other expression. With `at`
    the claim is used at values of its symbols, each of which is shown to satisfy what is assumed of the symbol; with
    `of`, that mean of the line is shown to be the left side, whose integrand may be written differently.
    """

    name: ClassVar[str] = "by an earlier result"
    derivation: Derivation
    at: tuple[tuple[Symbol, Expr], ...] = ()
    of: GaussMean | GaussIntegral | None = None

    def check(self, before: Basic, after: Basic) -> Judgement:
        claim = self.derivation.claim
        for symbol, value in self.at:
            if not satisfies(value, symbol) or value.has(GaussMean, GaussIntegral, JointMean):
                return Judgement.refused(f"that {value} may stand for {symbol} is not shown")
            if (value.free_symbols | {symbol}) & bound_symbols(claim):
                return Judgement.refused(f"{claim} binds {symbol} or a symbol of {value}")
        if self.at and self.derivation.gives_meanings:
            return Judgement.refused(
                f"{self.derivation.id} gives names a meaning, which holds for its own symbols only"
            )
        try:
            status = self.derivation.check()
        except StepRefused as refusal:
            return Judgement.refused(f"the earlier result is itself refused: {refusal}")
        if not isinstance(self.derivation.given, Expr):
            return Judgement.refused(f"{self.derivation.id} solves an equation, so its claim is no identity")
        if not isinstance(claim, Equality):
            return Judgement.refused(f"{claim} is no identity")
        if self.at:
            claim = Eq(*(side.subs(dict(self.at), simultaneous=True) for side in claim.args), evaluate=False)
        if self.of is not None:
            if not _is_mean(self.of, claim.lhs):
                return Judgement.refused(f"{self.of} is not {claim.lhs}")
            judgement = exchanged(before, after, self.of, claim.rhs)
        else:
            judgement = self._put_in(before, after, claim)
        if judgement.shown is None:
            return judgement
        return Judgement.proved() if status is Status.PROVED else Judgement.numeric()

    def _put_in(self, before: Basic, after: Basic, claim: Equality) -> Judgement:
        if not any(part.has(claim.lhs) for part in parts(before)):
            return Judgement.refused(f"what {self.derivation.id} is about does not occur in the line before")
        if claim.free_symbols & bound_symbols(before):
            return Judgement.refused(f"a symbol of {claim} is bound in the line before")
        if not same(rewrite(before, {claim.lhs: claim.rhs}), after):
            return Judgement.refused(f"the line is not the one before with {claim} put in")
        return Judgement.proved()

    def fixes(self) -> Mapping[Any, Any]:
        return {key: meaning for step in self.derivation.steps for key, meaning in step.by.fixes().items()}

    def introduces(self) -> set[Symbol]:
        return set().union(*(step.by.introduces() for step in self.derivation.steps))

    def uses_constants(self) -> tuple[tuple[Symbol, Expr], ...]:
        return self.derivation.constants

    def explain(self) -> str:
        with_values = ", ".join(f"${latex(symbol)} = {latex(value)}$" for symbol, value in self.at)
        shown = f" with {with_values}" if with_values else ""
        return f"By {self.derivation.id}, under its assumptions: {self.derivation.title}{shown}."

    def checked(self) -> str:
        steps = len(self.derivation.steps)
        at = ", and what is put in for its letters has the properties that it assumes of them" if self.at else ""
        return (
            f"All steps of {self.derivation.id} ({steps}) are checked again{at}. Its left side occurs in the line "
            "before, and its right side there gives this line."
        )


def _is_mean(of: Expr, stated: Expr) -> bool:
    return (
        isinstance(stated, (GaussMean, GaussIntegral))
        and stated.func is of.func
        and stated.args[1] == of.args[1]
        and all(a == b or algebra.equal(a, b) for a, b in zip(stated.args[2:], of.args[2:], strict=True))
        and algebra.equal(stated.args[0], of.args[0])
    )
