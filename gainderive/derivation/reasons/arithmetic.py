"""Rearranging a line without touching its means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic

from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import gauss_nodes, same


@dataclass(frozen=True)
class Arithmetic(Reason):
    """Both lines are the same in the algebra, and written differently; no mean is exchanged."""

    name: ClassVar[str] = "arithmetic"

    def check(self, before: Basic, after: Basic) -> Judgement:
        if before == after:
            return Judgement.refused("the line repeats the one before")
        if not set(gauss_nodes(after)) <= set(gauss_nodes(before)):
            return Judgement.refused("a mean appears that was not in the line before")
        if not same(before, after):
            return Judgement.refused("the two lines are not equal")
        return Judgement.proved()

    def explain(self) -> str:
        return "Collect and simplify."

    def checked(self) -> str:
        return (
            "The difference of the two lines is reduced to 0 in a field where that is decidable, with every mean taken "
            "as a letter; no new mean may appear."
        )
