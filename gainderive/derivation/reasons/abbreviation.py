"""Giving a name to an expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Symbol

from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import rewrite, same
from gainderive.notation import latex


@dataclass(frozen=True)
class Abbreviation(Reason):
    """Write `symbol` for `meaning`. The check puts the meaning back and finds the line before."""

    name: ClassVar[str] = "abbreviation"
    symbol: Symbol
    meaning: Expr

    def check(self, before: Basic, after: Basic) -> Judgement:
        if self.symbol in before.free_symbols or self.symbol not in after.free_symbols:
            return Judgement.refused(f"{self.symbol} is not introduced here")
        if not same(rewrite(after, {self.symbol: self.meaning}), before):
            return Judgement.refused(f"with {self.meaning} for {self.symbol} the line is not the one before")
        return Judgement.proved()

    def explain(self) -> str:
        return rf"Write ${latex(self.symbol)} = {latex(self.meaning)}$."
