"""A mean is below a bound that the integrand never reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, StrictLessThan

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.gaussian import GaussMean
from gainderive.notation import latex


@dataclass(frozen=True)
class PointwiseBound(Reason):
    r"""From :math:`f(x) < c` for every real ``x`` to :math:`E f < c`.

    The integrand must be nonnegative too, so that its mean exists. The check writes :math:`c - f` as a fraction of
    sums of real exponentials. If all coefficients above and below the fraction bar are positive, the difference is
    positive everywhere, because a real exponential is.
    """

    name: ClassVar[str] = "pointwise bound"
    of: GaussMean
    bound: Expr

    def check(self, before: Basic, after: Basic) -> Judgement:
        if before != self.of or not isinstance(self.of, GaussMean):
            return Judgement.refused(f"the line before is not {self.of}")
        if after != StrictLessThan(self.of, self.bound, evaluate=False):
            return Judgement.refused(f"the line does not read {self.of} < {self.bound}")
        if not self.of.integrand.is_nonnegative:
            return Judgement.refused(
                f"that {self.of.integrand} is bounded below, so that its mean exists, is not shown"
            )
        if self.bound.free_symbols or not algebra.is_positive_everywhere(self.bound - self.of.integrand):
            return Judgement.refused(f"that {self.of.integrand} stays below {self.bound} is not shown")
        return Judgement.proved()

    def explain(self) -> str:
        gap = latex(algebra.canonical(self.bound - self.of.integrand))
        return rf"For every $x$ the integrand is below ${latex(self.bound)}$: the difference is ${gap} > 0$."

    def checked(self) -> str:
        return (
            "Bound minus integrand is written as a fraction of sums of real exponentials, and all coefficients above "
            "and below the bar are found to be positive; the integrand is not negative, so its mean exists."
        )
