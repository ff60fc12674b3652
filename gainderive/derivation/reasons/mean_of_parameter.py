"""Averaging over a uniform parameter inside of a Gaussian mean."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, oo

from gainderive import algebra
from gainderive.derivation._interval import on_interval
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.derivation.reasons.split import is_ordered
from gainderive.errors import Undecided
from gainderive.gaussian import GaussMean
from gainderive.joint import JointMean
from gainderive.notation import latex


@dataclass(frozen=True)
class MeanOfParameter(Reason):
    r"""Write :math:`E f(x, a) = E\left[\frac{F(x, u) - F(x, l)}{u - l}\right]`, ``a`` uniform, ``dF/da = f``.

    The inner mean over ``a`` is the fundamental theorem of calculus: on every interval between the `kinks` in ``x`` the
    check finds that ``F`` is a polynomial in ``a`` whose derivative by ``a`` is ``f``. That the mean over ``a`` may be
    taken first is Tonelli's theorem for an integrand that is not negative, Fubini's for one that is a polynomial in
    ``x`` and ``a`` on each interval, which is absolutely integrable.
    """

    name: ClassVar[str] = "mean over the random parameter"
    of: JointMean
    antiderivative: Expr
    kinks: tuple[Expr, ...]
    into: GaussMean

    def check(self, before: Basic, after: Basic) -> Judgement:
        if len(self.of.normal) != 1 or len(self.of.uniform) != 1 or len(self.of.laws) != 2:
            return Judgement.refused("the mean is not over a normal and a uniform variable")
        (variable, q), (a, lower, upper) = self.of.normal[0], self.of.uniform[0]
        if (self.into.variable, self.into.q) != (variable, q) or a in self.into.free_symbols:
            return Judgement.refused(f"{self.into} is not over the same normal variable alone")
        if algebra.is_zero(upper - lower):
            return Judgement.refused(f"{a} is not random: its ends are equal")
        intervals = list(itertools.pairwise((-oo, *self.kinks, oo)))
        for left, right in intervals:
            if {a, variable} & (left.free_symbols | right.free_symbols) or not is_ordered(left, right):
                return Judgement.refused(f"that {left} < {right} is not shown")
        for left, right in intervals:
            refusal = self._refusal(left, right)
            if refusal:
                return Judgement.refused(refusal)
        return exchanged(before, after, self.of, self.into)

    def _refusal(self, left: Expr, right: Expr) -> str:
        """Return why the mean over the parameter is another one on ``(left, right)``, or an empty string."""
        (variable, _), (a, lower, upper) = self.of.normal[0], self.of.uniform[0]
        whole = (self.of.integrand, self.antiderivative, self.into.integrand)
        try:
            f, F, mean = (on_interval(expr, left, right) for expr in whole)
        except Undecided as error:
            return str(error)
        if not F.is_polynomial(a) or not algebra.equal(F.diff(a), f):
            return f"on ({left}, {right}) the derivative of {F} by {a} is not {f}"
        if not (self.of.integrand.is_nonnegative or f.is_polynomial(variable, a)):
            return f"that the means over {a} and {variable} may be exchanged is not shown"
        if not algebra.equal(mean, (F.subs(a, upper) - F.subs(a, lower)) / (upper - lower)):
            return f"on ({left}, {right}) the mean over {a} is not {mean}"
        return ""

    def explain(self) -> str:
        a, lower, upper = self.of.uniform[0]
        return (
            rf"Take the mean over ${latex(a)}$ first, uniform between ${latex(lower)}$ and ${latex(upper)}$ and "
            rf"independent of $z$: the antiderivative by ${latex(a)}$ between the ends, divided by their distance."
        )

    def checked(self) -> str:
        a = latex(self.of.uniform[0][0])
        return (
            f"On each of {len(self.kinks) + 1} intervals the antiderivative is differentiated by ${a}$ and compared "
            "with the integrand, and its values at the two ends with the new one. The order of the means may be "
            "changed because the integrand is not negative, or a polynomial on each interval."
        )
