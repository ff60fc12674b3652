"""Splitting a Gaussian mean at the kinks and jumps of its integrand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Add, Basic, Expr, oo

from gainderive import algebra
from gainderive.derivation._interval import on_interval
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.errors import Undecided
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.notation import latex


@dataclass(frozen=True)
class SplitAtKinks(Reason):
    r"""Write :math:`E f = \sum_i E[f_i;\ a_i < x < a_{i+1}]` with a smooth ``f_i`` on each interval.

    The check walks along the intervals: they join without gap or overlap, cover the whole range, and
    on each the integrand's switches are shown to keep one sign, which gives the integrand there.
    Intervals on which the integrand is 0 are left out of the sum, but not out of the check.
    """

    name: ClassVar[str] = "split at the kinks"
    of: GaussMean | GaussIntegral
    into: tuple[GaussIntegral, ...]

    def check(self, before: Basic, after: Basic) -> Judgement:
        lower, upper = self.of.lower, self.of.upper
        if len(self.into) < 2:
            return Judgement.refused("a split has at least two intervals")
        reached = lower
        for part in self.into:
            if part.lower != reached:
                return Judgement.refused(f"the intervals leave a gap or overlap between {reached} and {part.lower}")
            refusal = self._refusal(part)
            if refusal:
                return Judgement.refused(refusal)
            reached = part.upper
        if reached != upper:
            return Judgement.refused(f"the intervals end at {reached}, not at {upper}")
        return exchanged(before, after, self.of, Add(*(part for part in self.into if part.integrand != 0)))

    def _refusal(self, part: GaussIntegral) -> str:
        if (part.variable, part.q) != (self.of.variable, self.of.q):
            return f"{part} is over another distribution"
        if not (part.upper - part.lower).is_positive and not is_ordered(part.lower, part.upper):
            return f"{part.lower} < {part.upper} is not shown"
        try:
            there = on_interval(self.of.integrand, part.lower, part.upper)
        except Undecided as error:
            return str(error)
        if not algebra.equal(there, part.integrand):
            return f"on ({part.lower}, {part.upper}) the integrand is {there}, not {part.integrand}"
        return ""

    def explain(self) -> str:
        kinks = ", ".join(f"${latex(part.lower)}$" for part in self.into[1:])
        zero = any(part.integrand == 0 for part in self.into)
        return f"Split at {kinks}." + (" Where the integrand is 0 nothing is added." if zero else "")

    def checked(self) -> str:
        ends = [part.lower for part in self.into] + [self.into[-1].upper]
        return (
            f"The intervals join from ${latex(ends[0])}$ to ${latex(ends[-1])}$ without gap or overlap; on each, "
            "every switch of the integrand is shown to keep one sign, and the formula that this leaves is compared "
            "with the one written."
        )


def is_ordered(lower: Expr, upper: Expr) -> bool:
    """Tell whether ``lower < upper`` is shown."""
    if lower == -oo or upper == oo:
        return True
    difference = (upper - lower).simplify()
    return bool(difference.is_positive)
