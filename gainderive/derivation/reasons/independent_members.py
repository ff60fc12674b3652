"""Sums over independent members of a family that all have one normal law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Basic, Expr, Indexed, IndexedBase, Mul, S, Symbol
from sympy.core.function import AppliedUndef

from gainderive.derivation._state import bound_symbols
from gainderive.derivation.reasons._exchange import Exchange
from gainderive.derivation.reasons._sums import RANDOM, not_apart, not_finite
from gainderive.derivation.reasons.symmetry import is_moderate
from gainderive.gaussian import GaussMean
from gainderive.notation import latex
from gainderive.probability import Mean
from gainderive.symbols import x


@dataclass(frozen=True)
class IndependentMembers(Exchange):
    r"""Write :math:`\sum_i E f(u_i) = n E f`, :math:`\sum_{i,j} E[f(u_i)\,g(u_j)] = n\,E[f g] + n (n - 1)\,E f\,E g`.

    The members :math:`u_1, \dots, u_n` of `family` are independent and all of the law N(0, `q`); that they are is an
    assumption of the derivation. Of the pairs, ``n`` have equal indices and ``n (n - 1)`` different ones. The means
    exist because ``f`` and ``g`` are not negative, or grow at most like a polynomial times an exponential; for a
    function that is not known, that they do is an assumption too.
    """

    name: ClassVar[str] = "independent members of one law"
    family: IndexedBase
    q: Expr

    def fixes(self) -> Mapping[Any, Any]:
        """Return that the family has this law, in every step of a chain."""
        return {self.family: ("normal, with second moment", self.q)}

    def exchanged(self, line: Basic) -> Expr | str:
        refusal = not_finite(self.of) or not_apart(self.of)
        if refusal:
            return refusal
        indices = [limit[0] for limit in self.of.limits]
        if not isinstance(self.of.function, Mean) or len({limit[1:] for limit in self.of.limits}) != 1:
            return f"{self.of} is not a sum of means, over indices of one range"
        _, lower, upper = self.of.limits[0]
        n = upper - lower + 1
        if not (n.is_integer and n.is_nonnegative):
            return f"that {lower} to {upper} is a range of integers is not shown"
        if self.q.has(*RANDOM) or self.q.free_symbols & (set(indices) | bound_symbols(line) | {x}):
            return f"the second moment {self.q} is not one number for all members of {self.family}"
        factors = self._factors(indices)
        if isinstance(factors, str):
            return factors
        equal = n * GaussMean(Mul(*factors), x, self.q)
        if len(indices) == 1:
            return equal
        if len(indices) > 2:
            return f"{self.of} is over more than two indices"
        return equal + n * (n - 1) * Mul(*(GaussMean(factor, x, self.q) for factor in factors))

    def _factors(self, indices: list[Symbol]) -> list[Expr] | str:
        """Return, for each index, the function of ``x`` that the summand has of that member; or why it has none."""
        inside = self.of.function.inside
        if x in inside.free_symbols or bound_symbols(inside) & set(indices):
            return f"{x} or an index already stands for something else in {inside}"
        members = [self.family[index] for index in indices]
        factors = dict.fromkeys(indices, S.One)
        for factor in Mul.make_args(inside):
            of = [member for member in members if factor.has(member)]
            if len(of) > 1:
                return f"{factor} depends on two members of {self.family}"
            index = of[0].indices[0] if of else indices[0]
            factors[index] *= factor.xreplace({of[0]: x}) if of else factor
        for factor in factors.values():
            foreign = factor.atoms(Indexed, IndexedBase) | {f for f in factor.atoms(AppliedUndef) if not f.has(x)}
            if foreign or factor.free_symbols & set(indices):
                return f"{factor} depends on more than one member of {self.family}"
            if not (factor.has(AppliedUndef) or factor.is_nonnegative or is_moderate(factor)):
                return f"that the mean of {factor} exists is not shown"
        return list(factors.values())

    def explain(self) -> str:
        u = latex(self.family)
        if len(self.of.limits) == 1:
            return rf"All ${u}_i$ have the law $N(0, {latex(self.q)})$, so all terms are equal."
        return (
            rf"The ${u}_i$ are independent and have the law $N(0, {latex(self.q)})$: pairs with equal indices have one "
            "member twice, and in all others the mean of the product is the product of the means."
        )

    def checked(self) -> str:
        return (
            f"Each factor under the mean is found to depend on one member of ${latex(self.family)}$ alone, and to have "
            "a mean if it is known; the pairs with equal and with different indices are counted, and the line is built "
            "from both. That the members are independent and have this law is an assumption."
        )
