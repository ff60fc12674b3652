"""The mean over a coin: something is kept or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Basic, Expr, Indexed, IndexedBase, S, Tuple

from gainderive.derivation._state import bound_symbols
from gainderive.derivation.reasons._exchange import Exchange
from gainderive.derivation.reasons._sums import RANDOM, mean
from gainderive.notation import latex
from gainderive.probability import Mean


@dataclass(frozen=True)
class Coin(Exchange):
    r"""Write :math:`E f(b) = p\,E f(1) + (1 - p)\,E f(0)`, where ``b`` is 1 with probability ``p`` and else 0.

    One member of `family` occurs under the mean. That it is independent of everything else there, and 1 with
    this `probability` and else 0, is an assumption of the derivation.
    """

    name: ClassVar[str] = "kept or dropped"
    family: IndexedBase
    probability: Expr

    def fixes(self) -> Mapping[Any, Any]:
        """Return that the family has this probability, in every step of a chain."""
        return {self.family: ("1 with probability", self.probability)}

    def exchanged(self, line: Basic) -> Expr | str:
        if not isinstance(self.of, Mean):
            return f"{self.of} is not a mean"
        coins = {entry for entry in self.of.inside.atoms(Indexed) if entry.base == self.family}
        if len(coins) != 1:
            return f"not exactly one member of {self.family} stands under the mean"
        (coin,) = coins
        if coin.free_symbols & bound_symbols(self.of.inside) or Tuple(*coin.indices).has(*RANDOM):
            return f"{coin} is not one coin"
        if self.probability.has(*RANDOM) or self.probability.free_symbols & bound_symbols(line):
            return f"the probability {self.probability} is not one number"
        if not self.probability.is_positive:
            return f"that the probability {self.probability} is positive is not shown"
        kept, dropped = (self.of.inside.xreplace({coin: value}) for value in (S.One, S.Zero))
        p = self.probability
        return mean(kept) * p + mean(dropped) * (1 - p)

    def explain(self) -> str:
        b, p = latex(self.family), latex(self.probability)
        return rf"${b}$ is independent of the rest, 1 with probability ${p}$ and 0 with probability $1 - {p}$."

    def checked(self) -> str:
        return (
            f"Exactly one member of ${latex(self.family)}$ stands under the mean; 1 and 0 are put in for it, and the "
            "two means are added with their probabilities. That it is a coin with this probability, independent of "
            "the rest, is an assumption."
        )
