"""The fundamental theorem of calculus on one smooth piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, nan, oo, zoo

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.derivation.reasons._limits import value_at
from gainderive.errors import Undecided
from gainderive.gaussian import GaussIntegral, GaussMean, density
from gainderive.notation import latex


@dataclass(frozen=True)
class Antiderivative(Reason):
    r"""Write :math:`\int_a^b f(x)\,n_q(x)\,dx = F(b) - F(a)`.

    The check differentiates ``F`` and reduces :math:`F' - f\,n_q` to 0 in the algebra; reads from the
    terms of ``F`` (polynomial times exponential times ``erf``) that it has no pole, so that it is
    continuous on the piece; and finds the limits at infinite ends from the signs of the exponents.
    """

    name: ClassVar[str] = "antiderivative"
    of: GaussIntegral | GaussMean
    antiderivative: Expr

    def check(self, before: Basic, after: Basic) -> Judgement:
        x, F = self.of.variable, self.antiderivative
        if not algebra.equal(F.diff(x), self.of.integrand * density(x, self.of.q)):
            return Judgement.refused(f"the derivative of {F} is not the integrand times the density")
        try:
            value = self.between_the_ends()
        except Undecided as error:
            return Judgement.refused(str(error))
        if value.has(nan, zoo, oo):
            return Judgement.refused(f"{F} has no finite value at the ends")
        return exchanged(before, after, self.of, value)

    def between_the_ends(self) -> Expr:
        """Return ``F(b) - F(a)``.

        Raises
        ------
        Undecided
            When a limit is not shown.
        """
        x, F = self.of.variable, self.antiderivative
        return value_at(F, x, self.of.upper) - value_at(F, x, self.of.lower)

    def explain(self) -> str:
        return rf"Antiderivative $F(x) = {latex(self.antiderivative)}$, taken between the ends."

    def checked(self) -> str:
        return (
            r"$F$ is differentiated, and $F'$ minus the integrand times the density is reduced to 0 in a field where "
            "that is decidable. $F$ has no pole, and its values or limits at the ends are read off its terms."
        )
