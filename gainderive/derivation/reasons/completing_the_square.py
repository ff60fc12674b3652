"""Completing the square: an exponential factor shifts the Gaussian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, oo

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.derivation.reasons.symmetry import is_moderate
from gainderive.gaussian import GaussIntegral, GaussMean, density
from gainderive.notation import latex


@dataclass(frozen=True)
class CompletingTheSquare(Reason):
    r"""Write :math:`E_q[f(x);\ a<x<b] = c\,E_{q'}[h(y);\ a-\mu<y<b-\mu]` with ``x = y + mu``.

    With :math:`f = p\,e^{Ax^2+Bx}` this absorbs the exponential into the density:
    :math:`1/q' = 1/q - 2A` and :math:`\mu = B q'`. The check needs none of these formulas: it verifies
    that the two integrands, densities included, are the same function, and that the ends move by ``mu``, which is
    real. What is left grows at most like a polynomial times an exponential, so both sides converge.
    """

    name: ClassVar[str] = "completing the square"
    of: GaussIntegral | GaussMean
    factor: Expr
    shift: Expr
    into: GaussIntegral | GaussMean

    def check(self, before: Basic, after: Basic) -> Judgement:
        x = self.of.variable
        if x in self.factor.free_symbols or x in self.shift.free_symbols:
            return Judgement.refused("the factor and the shift must be constants")
        if not is_moderate(self.into.integrand):
            return Judgement.refused(f"that the mean of {self.into.integrand} converges is not shown")
        if not self.shift.is_real:
            return Judgement.refused(f"that the shift {self.shift} is real is not shown")
        if not self.into.q.is_positive:
            return Judgement.refused(f"that {self.into.q} is positive is not shown")
        for old, new in ((self.of.lower, self.into.lower), (self.of.upper, self.into.upper)):
            if not (old == new if old in (oo, -oo) else algebra.equal(old - self.shift, new)):
                return Judgement.refused(f"the end {old} moves to {old - self.shift}, not to {new}")
        moved = (self.into.integrand * density(x, self.into.q)).subs(x, x - self.shift)
        if not algebra.equal(self.of.integrand * density(x, self.of.q), self.factor * moved):
            return Judgement.refused("the integrands differ after the shift")
        return exchanged(before, after, self.of, self.factor * self.into)

    def explain(self) -> str:
        return rf"Complete the square in the exponent, with the shift ${latex(self.shift)}$."

    def checked(self) -> str:
        return (
            rf"${latex(self.into.variable - self.shift)}$ is put into the new integrand times the new density: "
            "that is the old integrand times the old density, as an identity. The ends move by the shift, the new "
            "second moment is positive, and what is left under the mean is shown to converge."
        )
