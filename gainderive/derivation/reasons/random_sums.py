"""The algebra of means of sums over independent families: five reasons, one idea."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, IndexedBase, KroneckerDelta, Mul, Pow, Sum, Symbol

from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import parts, rewrite, same
from gainderive.notation import latex
from gainderive.probability import Mean


@dataclass(frozen=True)
class _Exchange(Reason):
    """Exchange one subexpression for what the rule makes of it."""

    of: Expr

    @abstractmethod
    def exchanged(self) -> Expr | str:
        """Return what the rule makes of ``of``, or why the rule does not apply."""

    def check(self, before: Basic, after: Basic) -> Judgement:
        """Judge whether `after` is `before` with ``of`` exchanged by the rule."""
        if not any(part.has(self.of) for part in parts(before)):
            return Judgement.refused(f"{self.of} does not occur in the line before")
        value = self.exchanged()
        if isinstance(value, str):
            return Judgement.refused(value)
        if not same(rewrite(before, {self.of: value}), after):
            return Judgement.refused(f"the rule makes {value} of {self.of}, which is not what the line says")
        return Judgement.proved()


@dataclass(frozen=True)
class SquareOfSum(_Exchange):
    r"""Write :math:`\left(\sum_j f_j\right)^2 = \sum_j \sum_k f_j f_k`, with new indices."""

    name: ClassVar[str] = "square of a sum"
    indices: tuple[Symbol, ...]

    def exchanged(self) -> Expr | str:
        if not (isinstance(self.of, Pow) and isinstance(self.of.base, Sum) and self.of.exp == 2):
            return f"{self.of} is not the square of a sum"
        total = self.of.base
        old = [limit[0] for limit in total.limits]
        if len(old) != len(self.indices) or total.function.free_symbols & set(self.indices):
            return "the second sum needs one fresh index for each of the first"
        renamed = dict(zip(old, self.indices, strict=True))
        limits = [(renamed[i], *ends) for i, *ends in total.limits]
        return Sum(total.function * total.function.xreplace(renamed), *total.limits, *limits)

    def explain(self) -> str:
        return "The square of a sum is the double sum of the products."


@dataclass(frozen=True)
class MeanOfSum(_Exchange):
    r"""Write :math:`E\sum_j f_j = \sum_j E f_j`."""

    name: ClassVar[str] = "linearity of the mean"

    def exchanged(self) -> Expr | str:
        if not (isinstance(self.of, Mean) and isinstance(self.of.inside, Sum)):
            return f"{self.of} is not the mean of a sum"
        return Sum(Mean(self.of.inside.function), *self.of.inside.limits)

    def explain(self) -> str:
        return "The mean of a finite sum is the sum of the means."


@dataclass(frozen=True)
class Independence(_Exchange):
    r"""Write :math:`E[A\,B] = E[A]\,E[B]`, where only ``A`` contains members of `family`.

    That the family is independent of everything else in the product is an assumption of the derivation.
    """

    name: ClassVar[str] = "independence"
    family: IndexedBase

    def exchanged(self) -> Expr | str:
        if not isinstance(self.of, Mean):
            return f"{self.of} is not a mean"
        factors = Mul.make_args(self.of.inside)
        inside = [f for f in factors if self.family in f.atoms(IndexedBase)]
        outside = [f for f in factors if self.family not in f.atoms(IndexedBase)]
        if not inside or not outside:
            return f"the product does not split into factors with and without {self.family}"
        return Mean(Mul(*inside)) * Mean(Mul(*outside))

    def explain(self) -> str:
        return (
            rf"${latex(self.family)}$ is independent of the rest: the mean of the product is the product of the means."
        )


@dataclass(frozen=True)
class UncorrelatedWeights(_Exchange):
    r"""Write :math:`E[W_a W_b] = v\,\delta_{ab}`: centred, uncorrelated weights of variance `variance`."""

    name: ClassVar[str] = "centred, uncorrelated weights"
    family: IndexedBase
    variance: Expr

    def exchanged(self) -> Expr | str:
        factors = Mul.make_args(self.of.inside) if isinstance(self.of, Mean) else ()
        entries = [f for f in factors if getattr(f, "base", None) == self.family]
        if len(entries) != 2 or len(factors) != 2:
            return f"{self.of} is not the mean of a product of two entries of {self.family}"
        first, second = entries
        pairs = zip(first.indices, second.indices, strict=True)
        return self.variance * Mul(*(KroneckerDelta(a, b) for a, b in pairs if a != b))

    def explain(self) -> str:
        return (
            rf"Entries of ${latex(self.family)}$ have mean 0 and variance ${latex(self.variance)}$; "
            "different entries are uncorrelated, so only equal indices are left."
        )


@dataclass(frozen=True)
class KroneckerCollapse(_Exchange):
    r"""Write :math:`\sum_{j,k} c\,\delta_{jk} f_{jk} = c \sum_j f_{jj}`, for indices with the same range.

    A delta with an index that is not summed over (a fixed one in that range) sets the summed index to it.
    """

    name: ClassVar[str] = "equal indices"

    def exchanged(self) -> Expr | str:
        if not isinstance(self.of, Sum):
            return f"{self.of} is not a sum"
        function, limits = self.of.function, {limit[0]: limit for limit in self.of.limits}
        deltas = [f for f in Mul.make_args(function) if isinstance(f, KroneckerDelta) and set(f.args) & set(limits)]
        if not deltas:
            return f"{self.of} contains no Kronecker delta with an index that is summed over"
        for delta in deltas:
            a, b = delta.args
            gone, kept = (b, a) if b in limits else (a, b)
            if kept in limits and limits[kept][1:] != limits[gone][1:]:
                return f"{a} and {b} do not have the same range"
            function = (function / delta).subs(gone, kept)
            del limits[gone]
        constant, rest = function.as_independent(*limits, as_Add=False) if limits else (function, None)
        return constant if rest is None else constant * Sum(rest, *limits.values())

    def explain(self) -> str:
        return "The delta leaves the terms with equal indices."
