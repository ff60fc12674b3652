"""The mean of a product of functions of independent variables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Mul

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.derivation.reasons.symmetry import is_moderate
from gainderive.gaussian import GaussMean
from gainderive.joint import JointMean
from gainderive.notation import latex
from gainderive.symbols import x


@dataclass(frozen=True)
class Factorisation(Reason):
    r"""Write :math:`E[f_1(x_1) \cdots f_k(x_k)] = E f_1 \cdots E f_k` for independent normal variables.

    `factors` are the ``f_i``, each in its own variable, in the order of the variables. The check finds no other
    variable in any of them and compares their product with the integrand as an identity of the algebra. This is
    Tonelli's theorem for an integrand that is not negative, else Fubini's for factors that are shown to have means.
    """

    name: ClassVar[str] = "independence of the branches"
    of: JointMean
    factors: tuple[Expr, ...]

    def check(self, before: Basic, after: Basic) -> Judgement:
        variables = self.of.variables
        if len(self.of.normal) != len(variables) or len(self.factors) != len(variables) or len(variables) < 2:
            return Judgement.refused("there is not one factor for each of several normal variables")
        if x in self.of.free_symbols:
            return Judgement.refused(f"{x} already stands for something else")
        for variable, factor in zip(variables, self.factors, strict=True):
            foreign = factor.free_symbols - {variable} - self.of.free_symbols
            if foreign:
                return Judgement.refused(f"{factor} depends on {', '.join(sorted(map(str, foreign)))} too")
        if not algebra.equal(Mul(*self.factors), self.of.integrand):
            return Judgement.refused(f"the product of the factors is not {self.of.integrand}")
        means = [
            GaussMean(factor.xreplace({variable: x}), x, q)
            for factor, (variable, q) in zip(self.factors, self.of.laws, strict=True)
        ]
        if not (self.of.integrand.is_nonnegative or all(is_moderate(mean.integrand) for mean in means)):
            return Judgement.refused(f"that the mean of {self.of.integrand} exists is not shown")
        return exchanged(before, after, self.of, Mul(*means))

    def explain(self) -> str:
        listed = ", ".join(f"${latex(factor)}$" for factor in self.factors)
        return (
            "Independence: the preactivations have different weights, so the mean of the product of "
            f"{listed} is the product of their means."
        )

    def checked(self) -> str:
        return (
            "Each factor is found to mention its own variable alone, their product is the integrand as an identity, "
            "and the mean exists: the integrand is not negative, or each factor has a mean."
        )
