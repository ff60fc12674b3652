"""The characteristic function of the normal distribution, times polynomials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, I, cos, exp, expand, sin

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.gaussian import GaussMean
from gainderive.notation import latex


@dataclass(frozen=True)
class CharacteristicFunction(Reason):
    r"""Write :math:`E[P \cos\omega x + Q \sin\omega x] = e^{-\omega^2 q/2}\,E[R]` with polynomials ``P, Q, R``.

    With :math:`T = P - iQ` the left side is the real part of :math:`E[T(x) e^{i\omega x}]`. Its integrand, density
    included, is entire and decays along every parallel of the real line, so by Cauchy's theorem the line may be shifted
    to :math:`x + i\omega q`, which gives :math:`e^{-\omega^2 q/2} E[T(x + i\omega q)]`; and
    :math:`R = \mathrm{Re}\,T(x + i\omega q)`. For ``T = 1`` it is the characteristic function
    :math:`E e^{i\omega x} = e^{-\omega^2 q/2}`. The check verifies the integrand and ``R`` as identities.
    """

    name: ClassVar[str] = "characteristic function"
    of: GaussMean
    frequency: Expr
    cosine: Expr
    sine: Expr
    into: GaussMean

    def check(self, before: Basic, after: Basic) -> Judgement:
        x, q, w = self.of.variable, self.of.q, self.frequency
        if self.of.func is not GaussMean or (self.into.func, *self.into.args[1:]) != (GaussMean, *self.of.args[1:]):
            return Judgement.refused(f"{self.of} and {self.into} are not means over one distribution")
        if x in w.free_symbols or not w.is_real:
            return Judgement.refused(f"that the frequency {w} is a real constant is not shown")
        if not all(p.is_polynomial(x) and p.is_real for p in (self.cosine, self.sine, self.into.integrand)):
            return Judgement.refused("the factors must be real polynomials")
        if not algebra.equal(self.of.integrand, self.cosine * cos(w * x) + self.sine * sin(w * x)):
            return Judgement.refused(f"{self.of.integrand} is not made of these factors and this frequency")
        shifted = expand((self.cosine - I * self.sine).subs(x, x + I * w * q))
        if not algebra.equal((shifted + algebra.conjugated(shifted)) / 2, self.into.integrand):
            return Judgement.refused(f"the real part of {shifted} is not {self.into.integrand}")
        return exchanged(before, after, self.of, exp(-(w**2) * q / 2) * self.into)

    def explain(self) -> str:
        w, factor = latex(self.frequency), latex(exp(-(self.frequency**2) * self.of.q / 2))
        return (
            rf"Characteristic function: shift the line by $i\omega q$ with $\omega = {w}$, $q = {latex(self.of.q)}$, "
            rf"which gives the factor ${factor}$, and take the real part."
        )

    def checked(self) -> str:
        return (
            r"The integrand is compared with $P\cos\omega x + Q\sin\omega x$ for the given polynomials, and the real "
            r"part of $(P - iQ)(x + i\omega q)$, multiplied out, with the new integrand; both as identities."
        )
