"""The fundamental theorem of calculus for an ordinary integral over a bounded interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Integral, Tuple, nan, oo, zoo

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._smooth import is_smooth
from gainderive.derivation._state import parts, rewrite, same
from gainderive.notation import latex


@dataclass(frozen=True)
class FundamentalTheorem(Reason):
    r"""Write :math:`\int_a^b f(x)\,dx = F(b) - F(a)` with an ``F`` that is smooth on the whole line.

    The check differentiates ``F`` and reduces :math:`F' - f` to 0; a function that is smooth has no pole.
    """

    name: ClassVar[str] = "fundamental theorem of calculus"
    of: Integral
    antiderivative: Expr

    def check(self, before: Basic, after: Basic) -> Judgement:
        if [len(limit) for limit in self.of.limits] != [3]:
            return Judgement.refused(f"{self.of} is not a single integral with a lower and an upper end")
        variable, lower, upper = self.of.limits[0]
        if Tuple(lower, upper).has(oo, -oo, zoo, nan):
            return Judgement.refused(f"{self.of} is not over a bounded interval")
        if self.of not in {i for part in parts(before) for i in part.atoms(Integral)}:
            return Judgement.refused(f"{self.of} does not occur in the line before")
        if not is_smooth(self.antiderivative, variable):
            return Judgement.refused(f"that {self.antiderivative} is smooth in {variable} is not shown")
        if not algebra.equal(self.antiderivative.diff(variable), self.of.function):
            return Judgement.refused(f"the derivative of {self.antiderivative} is not {self.of.function}")
        value = self.antiderivative.subs(variable, upper) - self.antiderivative.subs(variable, lower)
        if not same(rewrite(before, {self.of: value}), after):
            return Judgement.refused("the line is not the one before with the integral replaced by F(b) - F(a)")
        return Judgement.proved()

    def explain(self) -> str:
        return rf"Antiderivative ${latex(self.antiderivative)}$, taken between the ends."

    def checked(self) -> str:
        return (
            "The antiderivative, which is shown to be smooth, is differentiated, and minus the integrand it is 0; its "
            "values at the two finite ends are put into the line before."
        )
