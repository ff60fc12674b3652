"""A compound growth factor stays below the exponential."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Pow, StrictLessThan, exp

from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import same
from gainderive.notation import latex


@dataclass(frozen=True)
class ExponentialBound(Reason):
    r"""From :math:`c\,(1 + t)^L` to :math:`c\,(1 + t)^L < c\,e^{tL}`, for :math:`t, L, c > 0`.

    The exponential is above its tangent, :math:`e^t > 1 + t`, and the power with exponent ``L > 0`` grows with its
    base. The check finds ``t``, ``L`` and ``c`` positive by what is assumed of their symbols.
    """

    name: ClassVar[str] = "the exponential is above its tangent"
    of: Pow

    def check(self, before: Basic, after: Basic) -> Judgement:
        if not isinstance(before, Expr) or not isinstance(after, StrictLessThan):
            return Judgement.refused("an expression does not become an upper bound of itself")
        excess, exponent, factor = self.of.base - 1, self.of.exp, before / self.of
        if not all(part.is_positive for part in (excess, exponent, factor)):
            return Judgement.refused(f"that {excess}, {exponent} and {factor} are positive is not shown")
        if after.lhs != before or not same(after.rhs, factor * exp(excess * exponent)):
            return Judgement.refused(f"the bound is not {factor * exp(excess * exponent)}")
        return Judgement.proved()

    def explain(self) -> str:
        return rf"$1 + t < e^t$ for $t > 0$; here $t = {latex(self.of.base - 1)}$."

    def checked(self) -> str:
        return (
            rf"${latex(self.of.base - 1)}$, the exponent and what else stands in the line are found to be positive, by "
            r"what is assumed of their letters; then $e^t$ is put for $1 + t$, which gives the bound."
        )
