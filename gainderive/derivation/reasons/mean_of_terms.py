"""The mean of a sum of products, term by term, and terms that vanish because their weights are centred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Add, Basic, Expr, Indexed, IndexedBase, Mul, S, Sum, Tuple

from gainderive import algebra
from gainderive.derivation._state import bound_symbols
from gainderive.derivation.reasons._exchange import Exchange
from gainderive.derivation.reasons._sums import RANDOM, mean, not_finite
from gainderive.notation import latex
from gainderive.probability import Mean


@dataclass(frozen=True)
class MeanOfTerms(Exchange):
    r"""Write :math:`E f = \sum_i c_i\,E f_i` with :math:`f = \sum_i c_i f_i` and numbers :math:`c_i`.

    `into` holds the pairs :math:`(c_i, f_i)`. The check adds them up and compares the sum with ``f`` as an identity of
    the algebra, and finds nothing random in a coefficient.
    """

    name: ClassVar[str] = "linearity of the mean, term by term"
    into: tuple[tuple[Expr, Expr], ...]

    def exchanged(self, line: Basic) -> Expr | str:
        if not isinstance(self.of, Mean):
            return f"{self.of} is not a mean"
        if self.into == ((1, self.of.inside),):
            return "nothing is expanded"
        for coefficient, _ in self.into:
            # A mean is a number, whatever is random inside of it.
            open_part = coefficient.replace(Mean, lambda inside: S.One)
            if open_part.has(*RANDOM) or coefficient.free_symbols & bound_symbols(line):
                return f"the coefficient {coefficient} is not one number"
        total = Add(*(coefficient * term for coefficient, term in self.into))
        if not algebra.equal(total, self.of.inside):
            return f"the terms add up to {total}, not to {self.of.inside}"
        return Add(*(coefficient * mean(term) for coefficient, term in self.into))

    def explain(self) -> str:
        return "Multiply out; the mean of a sum is the sum of the means."

    def checked(self) -> str:
        return (
            "The terms, times their coefficients, are added up and compared with what stands under the mean as an "
            "identity; no coefficient is random."
        )


@dataclass(frozen=True)
class CentredWeights(Exchange):
    r"""Write :math:`E\left[A \sum_j W_j B_j\right] = 0`, where neither ``A`` nor ``B`` contains members of `family`.

    What stands under the mean is linear in the family. That the family is centred and independent of everything else
    is an assumption of the derivation.
    """

    name: ClassVar[str] = "centred weights"
    family: IndexedBase

    def exchanged(self, line: Basic) -> Expr | str:
        if not isinstance(self.of, Mean):
            return f"{self.of} is not a mean"
        with_family = [f for f in Mul.make_args(self.of.inside) if f.has(self.family)]
        if len(with_family) != 1 or not self._is_linear(with_family[0]):
            return f"{self.of.inside} is not linear in {self.family}"
        return S.Zero

    def _is_linear(self, factor: Expr) -> bool:
        if isinstance(factor, Indexed):
            return factor.base == self.family and not Tuple(*factor.indices).has(*RANDOM)
        if not isinstance(factor, Sum) or not_finite(factor) or Tuple(*factor.limits).has(*RANDOM):
            return False
        inside = [f for f in Mul.make_args(factor.function) if f.has(self.family)]
        return len(inside) == 1 and self._is_linear(inside[0])

    def explain(self) -> str:
        return rf"${latex(self.family)}$ is centred and independent of the rest, and occurs to the first power: mean 0."

    def checked(self) -> str:
        return (
            f"Under the mean, exactly one factor holds ${latex(self.family)}$: one of its members, or a finite sum "
            "each of whose terms has one member as a factor and no other. That the family is centred and independent "
            "of the others is an assumption."
        )
