"""Gaussian integration by parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.derivation.reasons._limits import value_at
from gainderive.derivation.reasons.symmetry import is_moderate
from gainderive.errors import Undecided
from gainderive.gaussian import GaussIntegral, GaussMean, density
from gainderive.notation import latex


@dataclass(frozen=True)
class ByParts(Reason):
    r"""Write :math:`E[f;\ A] = [-q\,h\,n_q]_A + E[r;\ A]` with :math:`f = x h + c` and :math:`r = q h' + c`.

    The density satisfies :math:`x\,n_q = -q\,n_q'`; on the whole line nothing is left at the ends, and this is Stein's
    lemma :math:`E[x\,h(x)] = q\,E[h'(x)]` (C. Stein, Estimation of the mean of a multivariate normal distribution, Ann.
    Statist. 9, 1981, lemma 1). The check needs no ``c``: it verifies that :math:`-q\,h\,n_q` is an antiderivative of
    :math:`(f - r)\,n_q`, takes it between the ends, and shows that both means converge.
    """

    name: ClassVar[str] = "Gaussian integration by parts"
    of: GaussIntegral | GaussMean
    inner: Expr
    into: GaussIntegral | GaussMean

    def check(self, before: Basic, after: Basic) -> Judgement:
        x, q = self.of.variable, self.of.q
        if self.into.func is not self.of.func or self.into.args[1:] != self.of.args[1:]:
            return Judgement.refused(f"{self.into} is over another interval or distribution than {self.of}")
        if not (is_moderate(self.of.integrand) and is_moderate(self.into.integrand)):
            return Judgement.refused(f"that the means of {self.of.integrand} and {self.into.integrand} converge")
        boundary = -q * self.inner * density(x, q)
        if not algebra.equal(boundary.diff(x), (self.of.integrand - self.into.integrand) * density(x, q)):
            return Judgement.refused(f"{boundary} is not an antiderivative of the difference of the integrands")
        try:
            at_ends = value_at(boundary, x, self.of.upper) - value_at(boundary, x, self.of.lower)
        except Undecided as error:
            return Judgement.refused(str(error))
        return exchanged(before, after, self.of, at_ends + self.into)

    def explain(self) -> str:
        x, h = latex(self.of.variable), latex(self.inner)
        if isinstance(self.of, GaussMean):
            return rf"Stein's lemma $E[{x}\,h] = {latex(self.of.q)}\,E[h']$ with $h = {h}$."
        slope = rf"the density's derivative times $-{latex(self.of.q)}$"
        return rf"Integrate by parts with $h = {h}$: ${x}$ times the density is {slope}."

    def checked(self) -> str:
        x, q = self.of.variable, self.of.q
        return (
            rf"${latex(-q * self.inner)}$ times the density is differentiated: the result is the difference of the two "
            "integrands times the density. Its values or limits at the ends are read off, and both means are shown to "
            rf"converge, as functions of ${latex(x)}$ of moderate growth."
        )
