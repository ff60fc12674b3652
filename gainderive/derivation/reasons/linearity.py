"""Linearity of the mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Add, Basic, Expr

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.gaussian import GaussIntegral, GaussMean

Node = GaussMean | GaussIntegral


@dataclass(frozen=True)
class Linearity(Reason):
    r"""Write :math:`E[f; A] = \sum_i c_i\,E[f_i; A]` with :math:`f = \sum_i c_i f_i`.

    The check sums the new integrands and compares with the old one as an identity of the algebra.
    """

    name: ClassVar[str] = "linearity"
    of: Node
    into: tuple[tuple[Expr, Node], ...]

    def check(self, before: Basic, after: Basic) -> Judgement:  # noqa: D102
        if self.into == ((1, self.of),):
            return Judgement.refused("nothing is expanded")
        for coefficient, node in self.into:
            if node.func is not self.of.func or node.args[1:] != self.of.args[1:]:
                return Judgement.refused(f"{node} is over another interval or distribution than {self.of}")
            if self.of.variable in coefficient.free_symbols:
                return Judgement.refused(f"the coefficient {coefficient} is not constant")
        total = Add(*(coefficient * node.integrand for coefficient, node in self.into))
        if not algebra.equal(total, self.of.integrand):
            return Judgement.refused(f"the integrands add up to {total}, not to {self.of.integrand}")
        return exchanged(before, after, self.of, Add(*(coefficient * node for coefficient, node in self.into)))

    def explain(self) -> str:  # noqa: D102
        return "Expand the integrand; the mean is linear."
