"""Sums that change places, and the columns of an orthogonal matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Basic, Expr, Indexed, IndexedBase, KroneckerDelta, Mul, S, Sum, Tuple

from gainderive import algebra
from gainderive.derivation._state import bound_symbols
from gainderive.derivation.reasons._exchange import Exchange
from gainderive.derivation.reasons._sums import RANDOM, not_apart, not_finite
from gainderive.errors import Undecided
from gainderive.notation import latex


@dataclass(frozen=True)
class SumsInAnotherOrder(Exchange):
    r"""Write :math:`\sum_i \sum_j a_i b_{ij} = \sum_j \sum_i a_i b_{ij}`, factors in front or inside of inner sums.

    Both sides are finite sums over the same ranges, none of which depends on another index. The check takes all sums
    to the front and compares what is summed as an identity of the algebra.
    """

    name: ClassVar[str] = "order of summation"
    into: Expr

    def exchanged(self, line: Basic) -> Expr | str:
        if self.into == self.of:
            return "the order is the same"
        try:
            old, new = _flat(self.of), _flat(self.into)
        except Undecided as error:
            return str(error)
        if set(old.limits) != set(new.limits):
            return f"{self.into} is not over the same indices and ranges as {self.of}"
        if not algebra.equal(old.function, new.function):
            return f"what is summed is {old.function}, not {new.function}"
        return self.into

    def explain(self) -> str:
        return "Finite sums may be taken in any order, and factors without the index stand in front."

    def checked(self) -> str:
        return (
            "On both sides all sums are taken to the front: they run over the same indices, in finite ranges that "
            "depend on no other index, and what is summed is the same as an identity."
        )


def _flat(total: Expr) -> Sum:
    """Return `total` as one sum, without sums inside.

    Raises
    ------
    Undecided
        When it is no finite sum of products with at most one sum each, over indices that run independently.
    """
    refusal = not_finite(total) or not_apart(total)
    if refusal:
        raise Undecided(refusal)
    factors = Mul.make_args(total.function)
    inner = [factor for factor in factors if factor.has(Sum)]
    if not inner:
        return total
    (found, *more), rest = inner, Mul(*(factor for factor in factors if not factor.has(Sum)))
    if more or not isinstance(found, Sum):
        raise Undecided(f"{total.function} is not a product with one sum in it")
    flat = _flat(found)
    taken = {limit[0] for limit in flat.limits} & (rest.free_symbols | {limit[0] for limit in total.limits})
    if taken:
        raise Undecided(f"{', '.join(sorted(map(str, taken)))} has two meanings in {total}")
    whole = Sum(rest * flat.function, *flat.limits, *total.limits)
    refusal = not_apart(whole)
    if refusal:
        raise Undecided(refusal)
    return whole


@dataclass(frozen=True)
class OrthonormalColumns(Exchange):
    r"""Write :math:`\sum_{i=1}^m Q_{ij} Q_{ik} = \delta_{jk}` for a matrix `family` with `rows` rows.

    That its columns are orthonormal, and that ``j`` and ``k`` are columns of it, is an assumption of the derivation.
    """

    name: ClassVar[str] = "orthonormal columns"
    family: IndexedBase
    rows: Expr

    def fixes(self) -> Mapping[Any, Any]:
        """Return that the family is such a matrix, in every step of a chain."""
        return {self.family: ("orthonormal columns of length", self.rows)}

    def exchanged(self, line: Basic) -> Expr | str:
        refusal = not_finite(self.of)
        if refusal:
            return refusal
        if len(self.of.limits) != 1 or self.of.limits[0][1:] != Tuple(S.One, self.rows):
            return f"{self.of} is not over all {self.rows} rows"
        if self.rows.has(*RANDOM) or self.rows.free_symbols & bound_symbols(line):
            return f"the number of rows {self.rows} is not one number"
        row = self.of.limits[0][0]
        factors = Mul.make_args(self.of.function)
        entries = [e for f in factors for e in ((f.base, f.base) if f.is_Pow and f.exp == 2 else (f,))]
        if len(entries) != 2 or not all(isinstance(e, Indexed) and e.base == self.family for e in entries):
            return f"{self.of.function} is not the product of two entries of {self.family}"
        columns = [entry.indices[1] for entry in entries if len(entry.indices) == 2 and entry.indices[0] == row]
        if len(columns) != 2 or any(row in c.free_symbols or c.has(*RANDOM) for c in columns):
            return f"{self.of.function} is not the product of two entries of one row"
        return KroneckerDelta(*columns)

    def explain(self) -> str:
        return rf"The columns of ${latex(self.family)}$ are orthonormal."

    def checked(self) -> str:
        return (
            "The sum is found to run over all rows, and to be over the product of two entries of "
            f"${latex(self.family)}$ in that row. That its columns are orthonormal is an assumption."
        )
