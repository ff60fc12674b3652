"""Putting a solved unknown, or a named constant, into the rest of a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Symbol
from sympy.core.relational import Equality

from gainderive.activations import Activation
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import changed_item, items, rewrite, same
from gainderive.notation import latex
from gainderive.symbols import satisfies


@dataclass(frozen=True)
class Substitution(Reason):
    """Replace `symbol` by the value that another equation of the same system gives it."""

    name: ClassVar[str] = "substitution"
    symbol: Symbol

    def check(self, before: Basic, after: Basic) -> Judgement:
        changed = changed_item(before, after)
        if changed is None:
            return Judgement.refused("not exactly one equation changes")
        old, new = changed
        values = [i.rhs for i in items(before) if i != old and isinstance(i, Equality) and i.lhs == self.symbol]
        if len(values) != 1:
            return Judgement.refused(f"no equation of the line before gives {self.symbol}")
        if self.symbol not in old.free_symbols or not same(rewrite(old, {self.symbol: values[0]}), new):
            return Judgement.refused(f"the line is not the one before with {self.symbol} put in")
        return Judgement.proved()

    def explain(self) -> str:
        return rf"Put in ${latex(self.symbol)}$."

    def checked(self) -> str:
        return (
            rf"Exactly one other equation of the line before reads ${latex(self.symbol)} = \dots$; its right side, "
            "put into the changed equation, gives the new one as an identity."
        )


@dataclass(frozen=True)
class NamedConstants(Reason):
    """Replace the named constants of an activation by their values."""

    name: ClassVar[str] = "values of the constants"
    activation: Activation

    def check(self, before: Basic, after: Basic) -> Judgement:
        values: dict[Basic, Expr] = {c.symbol: c.value for c in self.activation.constants}
        if not all(satisfies(c.value, c.symbol) for c in self.activation.constants):
            return Judgement.refused("that a constant's value has the properties assumed of its symbol is not shown")
        if not before.free_symbols & set(values):
            return Judgement.refused("no named constant occurs in the line before")
        if not same(rewrite(before, values), after):
            return Judgement.refused("the line is not the one before with the constants put in")
        return Judgement.proved()

    def uses_constants(self) -> tuple[tuple[Symbol, Expr], ...]:
        return tuple((c.symbol, c.value) for c in self.activation.constants)

    def explain(self) -> str:
        given = ", ".join(rf"${latex(c.symbol)} = {latex(c.value)}$" for c in self.activation.constants)
        return f"The constants of {self.activation.title}: {given}."

    def checked(self) -> str:
        return (
            f"The values, as the file of {self.activation.title} has them, are put into the line before, which gives "
            "this line; each is shown to have the properties that are assumed of its letter."
        )
