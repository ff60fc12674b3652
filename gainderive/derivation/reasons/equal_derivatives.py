"""Two functions of a parameter agree at one point and have the same derivative everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Symbol
from sympy.core.relational import Equality

from gainderive import algebra
from gainderive.derivation._derivation import Derivation
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._smooth import is_smooth
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.derivation.reasons.symmetry import is_moderate
from gainderive.errors import StepRefused
from gainderive.gaussian import SWITCHES, GaussIntegral, GaussMean
from gainderive.notation import latex
from gainderive.status import Status
from gainderive.symbols import is_any_real


@dataclass(frozen=True)
class EqualDerivatives(Reason):
    r"""Exchange a mean, as a function of `parameter`, for `value`: both have one derivative, and agree at `start`.

    `slope` is a derivation of the mean of the integrand's derivative by the parameter, `base` one of the mean at
    `start`. The derivative may be taken under the mean because the differentiated integrand grows at most like a
    polynomial times an exponential of ``|x|``, uniformly for the parameter in a compact set (dominated convergence);
    `value` is shown to be smooth for all real values of the parameter, so both sides are equal everywhere.
    """

    name: ClassVar[str] = "equal derivatives"
    of: GaussMean | GaussIntegral
    parameter: Symbol
    start: Expr
    value: Expr
    slope: Derivation
    base: Derivation

    def check(self, before: Basic, after: Basic) -> Judgement:
        a, f = self.parameter, self.of.integrand
        if not is_any_real(a):
            return Judgement.refused(f"{a} is not a parameter that may be any real number")
        if any(a in part.free_symbols for part in self.of.args[1:]):
            return Judgement.refused(f"the distribution or the interval depends on {a}")
        if not self.start.is_real or self.start.free_symbols & {a, self.of.variable}:
            return Judgement.refused(f"{self.start} is not a real number at which {a} may start")
        if f.has(*SWITCHES) or not is_smooth(f, a) or not is_moderate(f.diff(a)):
            return Judgement.refused(f"that {f} may be differentiated by {a} under the mean is not shown")
        if not is_smooth(self.value, a):
            return Judgement.refused(f"that {self.value} is smooth in {a} is not shown")
        for derivation, integrand, wanted in (
            (self.slope, f.diff(a), self.value.diff(a)),
            (self.base, f.subs(a, self.start), self.value.subs(a, self.start)),
        ):
            refusal = self._refusal(derivation, integrand, wanted)
            if refusal:
                return Judgement.refused(refusal)
        return exchanged(before, after, self.of, self.value)

    def _refusal(self, derivation: Derivation, integrand: Expr, wanted: Expr) -> str:
        given, claim = derivation.given, derivation.claim
        if derivation.gives_meanings:
            return f"the derivation of {given} gives names a meaning, which holds for it alone"
        if given.func is not self.of.func or given.args[1:] != self.of.args[1:]:
            return f"{given} is over another interval or distribution than {self.of}"
        if not algebra.equal(given.args[0], integrand):
            return f"{given} is not the mean of {integrand}"
        try:
            if derivation.check() is not Status.PROVED:
                return f"the derivation of {given} is not a proof"
        except StepRefused as refusal:
            return f"the derivation of {given} is itself refused: {refusal}"
        if not isinstance(claim, Equality) or not algebra.equal(claim.rhs, wanted):
            return f"{given} is {claim.rhs}, and the value asked for is {wanted}"
        return ""

    def explain(self) -> str:
        a = latex(self.parameter)
        return (
            rf"Both sides agree at ${a} = {latex(self.start)}$, where they are ${latex(self.base.claim.rhs)}$, "
            rf"and have the same derivative by ${a}$: ${latex(self.slope.given)} = {latex(self.slope.claim.rhs)}$."
        )

    def checked(self) -> str:
        return (
            "Two derivations of their own are checked, step by step: of the mean of the derivative "
            f"({_steps(self.slope)}) and of the mean at the start ({_steps(self.base)}). That the derivative may be "
            "taken under the mean, and that the claimed value is smooth in the parameter, is shown from their form."
        )


def _steps(derivation: Derivation) -> str:
    count = len(derivation.steps)
    return f"{count} step{'' if count == 1 else 's'}"
