"""The algebra of means of sums over independent families: five reasons, one idea."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Indexed, IndexedBase, KroneckerDelta, Mul, Pow, Sum, Symbol, Tuple

from gainderive.derivation._state import bound_symbols
from gainderive.derivation.reasons._exchange import Exchange
from gainderive.derivation.reasons._sums import RANDOM, listed, not_apart, not_finite
from gainderive.notation import latex
from gainderive.probability import Mean


@dataclass(frozen=True)
class SquareOfSum(Exchange):
    r"""Write :math:`\left(\sum_j f_j\right)^2 = \sum_j \sum_k f_j f_k`, with new indices.

    The new indices differ from each other and from every symbol of the sum, bound ones and ends included; no end
    depends on another index of the sum.
    """

    name: ClassVar[str] = "square of a sum"
    indices: tuple[Symbol, ...]

    def exchanged(self, line: Basic) -> Expr | str:
        if not (isinstance(self.of, Pow) and isinstance(self.of.base, Sum) and self.of.exp == 2):
            return f"{self.of} is not the square of a sum"
        total = self.of.base
        refusal = not_finite(total) or not_apart(total)
        if refusal:
            return refusal
        old = [limit[0] for limit in total.limits]
        if len(old) != len(self.indices) or len(set(self.indices)) != len(old):
            return "the second sum needs one index for each of the first, all different"
        taken = set(self.indices) & (self.of.atoms(Symbol) | line.free_symbols)
        if taken:
            return f"the second sum needs fresh indices, and the line has {listed(taken)} already"
        # An index with other properties would be simplified in ways that the old one is not.
        if any(new.assumptions0 != i.assumptions0 for i, new in zip(old, self.indices, strict=True)):
            return "a new index has other properties than the one that it stands for"
        renamed = dict(zip(old, self.indices, strict=True))
        limits = [(renamed[i], *ends) for i, *ends in total.limits]
        return Sum(total.function * total.function.xreplace(renamed), *total.limits, *limits)

    def explain(self) -> str:
        return "The square of a sum is the double sum of the products."

    def checked(self) -> str:
        return (
            "The second sum is made from the first by renaming its indices, which are fresh, and the double sum put "
            "in for the square gives this line; no range depends on another index."
        )


@dataclass(frozen=True)
class MeanOfSum(Exchange):
    r"""Write :math:`E\sum_j f_j = \sum_j E f_j` for a finite sum with ends that are not random."""

    name: ClassVar[str] = "linearity of the mean"

    def exchanged(self, line: Basic) -> Expr | str:
        if not (isinstance(self.of, Mean) and isinstance(self.of.inside, Sum)):
            return f"{self.of} is not the mean of a sum"
        refusal = not_finite(self.of.inside)
        if refusal:
            return refusal
        if any(Tuple(*limit).has(*RANDOM) for limit in self.of.inside.limits):
            return "the number of terms is random"
        return Sum(Mean(self.of.inside.function), *self.of.inside.limits)

    def explain(self) -> str:
        return "The mean of a finite sum is the sum of the means."

    def checked(self) -> str:
        return (
            "The sum is finite and its ends are not random; with the mean moved inside, the line before becomes this "
            "line."
        )


@dataclass(frozen=True)
class Independence(Exchange):
    r"""Write :math:`E[A\,B] = E[A]\,E[B]`, where ``A`` contains members of `family` only and ``B`` contains none.

    That the family is independent of everything else in the product is an assumption of the derivation.
    """

    name: ClassVar[str] = "independence"
    family: IndexedBase

    def exchanged(self, line: Basic) -> Expr | str:
        if not isinstance(self.of, Mean):
            return f"{self.of} is not a mean"
        factors = Mul.make_args(self.of.inside)
        inside = [f for f in factors if self.family in f.atoms(IndexedBase)]
        outside = [f for f in factors if self.family not in f.atoms(IndexedBase)]
        if not inside or not outside:
            return f"the product does not split into factors with and without {self.family}"
        mixed = {f for f in Mul(*inside).atoms(*RANDOM) if not f.has(self.family)}
        if mixed:
            return f"{listed(mixed)} occurs in one factor with {self.family}, so the product is not separated"
        return Mean(Mul(*inside)) * Mean(Mul(*outside))

    def explain(self) -> str:
        return (
            rf"${latex(self.family)}$ is independent of the rest: the mean of the product is the product of the means."
        )

    def checked(self) -> str:
        return (
            f"The factors under the mean are sorted into those with ${latex(self.family)}$ and those without, and "
            "none may mix the two. That the family is independent of the others is not checked: it is an assumption."
        )


@dataclass(frozen=True)
class UncorrelatedWeights(Exchange):
    r"""Write :math:`E[W_a W_b] = v\,\delta_{ab}`: centred, uncorrelated weights of variance `variance`.

    The variance is one number for the whole family: it mentions no index of the entries, nothing that the line
    binds, and nothing random.
    """

    name: ClassVar[str] = "centred, uncorrelated weights"
    family: IndexedBase
    variance: Expr

    def fixes(self) -> Mapping[IndexedBase, Expr]:
        """Return that the family has this variance, in every step of a chain."""
        return {self.family: self.variance}

    def exchanged(self, line: Basic) -> Expr | str:
        entries = self._entries()
        if len(entries) != 2:
            return f"{self.of} is not the mean of a product of two entries of {self.family}"
        first, second = (entry.indices for entry in entries)
        if len(first) != len(second) or Tuple(*first, *second).has(*RANDOM):
            return f"{entries[0]} and {entries[1]} do not have as many indices, or random ones"
        dependent = self.variance.free_symbols & (self.of.free_symbols | bound_symbols(line))
        if dependent or self.variance.has(*RANDOM):
            return f"the variance {self.variance} is not one number for all entries of {self.family}"
        return self.variance * Mul(*(KroneckerDelta(a, b) for a, b in zip(first, second, strict=True) if a != b))

    def _entries(self) -> tuple[Indexed, ...]:
        """Return the two entries whose product the mean is taken of; nothing when it is not such a product."""
        factors = Mul.make_args(self.of.inside) if isinstance(self.of, Mean) else ()
        factors = tuple(base for f in factors for base in _repeated(f))
        entries = tuple(f for f in factors if isinstance(f, Indexed) and f.base == self.family)
        return entries if len(entries) == len(factors) else ()

    def explain(self) -> str:
        return (
            rf"Entries of ${latex(self.family)}$ have mean 0 and variance ${latex(self.variance)}$; "
            "different entries are uncorrelated, so only equal indices are left."
        )

    def checked(self) -> str:
        return (
            f"What stands under the mean is found to be the product of two entries of ${latex(self.family)}$; each "
            "pair of indices becomes a Kronecker delta. The variance mentions no index and nothing random, and is "
            "the same in every step. That the entries are centred and uncorrelated is an assumption."
        )


@dataclass(frozen=True)
class KroneckerCollapse(Exchange):
    r"""Write :math:`\sum_{j,k} c\,\delta_{jk} f_{jk} = c \sum_j f_{jj}`, for indices with the same range.

    A delta with an index that is not summed over sets the summed index to it. Such a fixed index must be listed in
    `within`: that it lies in the range of every index that it replaces is an assumption of the derivation.
    """

    name: ClassVar[str] = "equal indices"
    within: tuple[Symbol, ...] = ()

    def exchanged(self, line: Basic) -> Expr | str:
        refusal = not_finite(self.of) or not_apart(self.of)
        if refusal:
            return refusal
        function, limits = self.of.function, {limit[0]: limit for limit in self.of.limits}
        if _delta(function, limits) is None:
            return f"{self.of} contains no Kronecker delta with an index that is summed over"
        # Each substitution changes the other deltas, so they are read anew.
        while (delta := _delta(function, limits)) is not None:
            first, second = delta.args
            gone, kept = (second, first) if second in limits else (first, second)
            rest = Mul(*(f for f in Mul.make_args(function) if f != delta))
            kept_range = limits.get(kept)
            refusal = self._loose(kept, limits[gone], line) if kept_range is None else _unlike(limits[gone], kept_range)
            if refusal:
                return refusal
            if {gone, kept} & bound_symbols(rest):
                return f"{gone} or {kept} is also the variable of something inside {self.of}"
            function = rest.xreplace({gone: kept})
            del limits[gone]
        constant, summand = function.as_independent(*limits, as_Add=False) if limits else (function, None)
        return constant if summand is None else constant * Sum(summand, *limits.values())

    def _loose(self, kept: Expr, gone: Tuple, line: Basic) -> str:
        """Return why the index `kept` is not a fixed one in the range of a summed index, or an empty string."""
        index, lower, upper = gone
        if not (isinstance(kept, Symbol) and kept.is_integer and kept.is_positive):
            return f"{kept} is not an index, so that it lies in the range of {index} cannot be assumed"
        if kept not in self.within:
            return f"{kept} is not summed over, and not said to lie in the range of {index}: list it in `within`"
        if kept in bound_symbols(line):
            return f"{kept} is not fixed: the line binds it"
        if (kept - lower).is_negative or (upper - kept).is_negative:
            return f"{kept} lies outside the range of {index}"
        return ""

    def explain(self) -> str:
        words = "The delta leaves the terms with equal indices."
        if not self.within:
            return words
        fixed = ", ".join(f"${latex(index)}$" for index in self.within)
        return f"{words} Assumed to lie in the range of the index that it replaces: {fixed}."

    def checked(self) -> str:
        return (
            "Each delta is taken out by putting one of its indices for the other, which must run over the same "
            "integers or be a fixed index in that range; what is left is compared with this line."
        )


def _repeated(factor: Expr) -> tuple[Expr, ...]:
    """Return a square as its base twice, and any other factor alone."""
    return (factor.base, factor.base) if isinstance(factor, Pow) and factor.exp == 2 else (factor,)


def _delta(function: Expr, limits: Mapping[Basic, Tuple]) -> KroneckerDelta | None:
    """Return the first factor that is a delta with an index that is summed over."""
    factors = Mul.make_args(function)
    deltas = (f for f in factors if isinstance(f, KroneckerDelta) and len(f.args) == 2 and set(f.args) & set(limits))
    return next(deltas, None)


def _unlike(gone: Tuple, kept: Tuple) -> str:
    """Return why two summed indices do not run over the same integers, or an empty string."""
    _, lower, upper = kept
    if gone[1:] != kept[1:]:
        return f"{gone[0]} and {kept[0]} do not have the same range"
    if gone[0].assumptions0 != kept[0].assumptions0:
        return f"{gone[0]} and {kept[0]} do not have the same properties"
    # SymPy's sum over a reversed range is minus a sum; then the double sum has another sign than the single one.
    if not (lower.is_integer and upper.is_integer and (upper - lower + 1).is_nonnegative):
        return f"that {lower} to {upper} is a range of integers is not shown"
    return ""
