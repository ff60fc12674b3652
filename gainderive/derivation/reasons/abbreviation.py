"""Giving a name to an expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Basic, Expr, IndexedBase, Pow, S, Sum, Symbol
from sympy.core.function import AppliedUndef

from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import rewrite, same
from gainderive.notation import latex
from gainderive.probability import Mean
from gainderive.symbols import satisfies, second_moment

_NONNEGATIVE = second_moment.assumptions0


@dataclass(frozen=True)
class Abbreviation(Reason):
    """Write `symbol` for `meaning`.

    The check puts the meaning back and finds the line before, and shows that the meaning is a number with the
    properties that are assumed of the symbol.
    """

    name: ClassVar[str] = "abbreviation"
    symbol: Symbol
    meaning: Expr

    def check(self, before: Basic, after: Basic) -> Judgement:
        if self.symbol in before.free_symbols or self.symbol not in after.free_symbols:
            return Judgement.refused(f"{self.symbol} is not introduced here")
        refusal = self._refusal()
        if refusal:
            return Judgement.refused(refusal)
        if not same(rewrite(after, {self.symbol: self.meaning}), before):
            return Judgement.refused(f"with {self.meaning} for {self.symbol} the line is not the one before")
        return Judgement.proved()

    def introduces(self) -> set[Symbol]:
        return {self.symbol}

    def fixes(self) -> Mapping[Any, Any]:
        return {self.symbol: self.meaning}

    def _refusal(self) -> str:
        open_part = self.meaning.replace(Mean, lambda inside: S.One)
        if open_part.has(IndexedBase, AppliedUndef):
            return f"{self.meaning} is not a number: something random stands outside its means"
        shown = satisfies(self.meaning, self.symbol)
        if not shown and self.symbol.assumptions0 == _NONNEGATIVE:
            shown = bool(self.meaning.is_real) and is_nonnegative(self.meaning)
        return "" if shown else f"that {self.meaning} has the properties assumed of {self.symbol} is not shown"

    def explain(self) -> str:
        return rf"Write ${latex(self.symbol)} = {latex(self.meaning)}$."

    def checked(self) -> str:
        return (
            f"${latex(self.meaning)}$ is put back for ${latex(self.symbol)}$, which gives the line before; and it is "
            f"shown to have every property that is assumed of ${latex(self.symbol)}$, which the lines before do not "
            "mention."
        )


def is_nonnegative(value: Expr) -> bool:
    """Tell whether `value` is shown not to be negative: sums, products and means of squares of real numbers."""
    if value.is_nonnegative:
        return True
    if isinstance(value, (Mean, Sum)):
        return is_nonnegative(value.args[0])
    if value.is_Add or value.is_Mul:
        return all(map(is_nonnegative, value.args))
    return isinstance(value, Pow) and bool(value.exp.is_even) and bool(value.base.is_real)
