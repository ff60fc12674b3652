"""A mean is on one side of a number at every scale, because the even part of the integrand is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, StrictGreaterThan, StrictLessThan

from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._scale import compared
from gainderive.gaussian import GaussMean
from gainderive.notation import latex
from gainderive.symbols import x


@dataclass(frozen=True)
class BoundAtEveryScale(Reason):
    r"""From :math:`f(x) + f(-x) \le 2c`, not everywhere with equality, to :math:`E f < c`; likewise with ``>``.

    The integrand must be nonnegative too, so that its mean exists (it may be infinite). The check is that of
    :func:`gainderive.derivation._scale.compared`: balls show the sign of the difference, piece by piece.
    """

    name: ClassVar[str] = "bound at every scale"
    of: GaussMean
    bound: Expr

    def check(self, before: Basic, after: Basic) -> Judgement:
        if before != self.of or not isinstance(self.of, GaussMean):
            return Judgement.refused(f"the line before is not {self.of}")
        relation = {-1: StrictLessThan, 1: StrictGreaterThan}.get(self._side)
        if relation is None:
            return Judgement.refused(f"that {self.of.integrand} stays on one side of {self.bound} is not shown")
        if after != relation(self.of, self.bound, evaluate=False):
            return Judgement.refused(f"the line does not say on which side of {self.bound} the mean is")
        return Judgement.proved()

    @property
    def _side(self) -> int:
        f = self.of.integrand
        if self.bound.free_symbols or f.free_symbols - {x} or not is_nonnegative(f):
            return 0
        return compared(f, self.bound)

    def explain(self) -> str:
        sign = r"\le" if self._side < 0 else r"\ge"
        f, c = latex(self.of.integrand), latex(2 * self.bound)
        return rf"For every $x$ the integrand $f(x) = {f}$ has $f(x) + f(-x) {sign} {c}$, not always with equality."

    def checked(self) -> str:
        return (
            rf"Balls show the sign of $f(x) + f(-x) - {latex(2 * self.bound)}$ on pieces that cover the half line, its "
            "unbounded end included, and that it is not 0 everywhere; a density is positive everywhere, so the mean "
            "lies strictly on that side at every scale."
        )


def is_nonnegative(f: Expr) -> bool:
    """Tell whether a real function is shown to be nonnegative by its form."""
    return bool(f.is_nonnegative) or (f.is_Pow and bool(f.exp.is_even))
