"""An integral over an interval as a difference of integrals that reach to infinity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, oo

from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.derivation.reasons.symmetry import is_moderate
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.notation import latex


@dataclass(frozen=True)
class Additivity(Reason):
    r"""Write :math:`E[f;\ a<x<b] = E[f;\ x>a] - E[f;\ x>b]`; for infinite ``a`` the first is the mean over the line.

    For integrands that grow at most like a polynomial times an exponential, so that all of these converge.
    """

    name: ClassVar[str] = "additivity over intervals"
    of: GaussIntegral

    def check(self, before: Basic, after: Basic) -> Judgement:
        if self.of.func is not GaussIntegral or self.of.upper == oo:
            return Judgement.refused(f"{self.of} is not over an interval with a finite upper end")
        f, variable, q, lower, upper = self.of.args
        if not is_moderate(f):
            return Judgement.refused(f"that the mean of {f} over the whole line converges is not shown")
        from_lower = GaussMean(f, variable, q) if lower == -oo else GaussIntegral(f, variable, q, lower, oo)
        return exchanged(before, after, self.of, from_lower - GaussIntegral(f, variable, q, upper, oo))

    def explain(self) -> str:
        return rf"What lies beyond ${latex(self.of.upper)}$ is taken off."

    def checked(self) -> str:
        return (
            "The integrand is shown to grow at most like a polynomial times an exponential, so that the integrals to "
            "infinity exist; the difference of the two, put into the line before, gives this line."
        )
