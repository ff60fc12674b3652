"""Linearity of the mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Add, Basic, Expr

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import Node
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.joint import JointMean


@dataclass(frozen=True)
class Linearity(Reason):
    r"""Write :math:`E[f; A] = \sum_i c_i\,E[f_i; A]` with :math:`f = \sum_i c_i f_i`.

    For means that exist, which later steps show one by one. The check sums the integrands ``f_i`` and compares
    with ``f`` as an identity of the algebra. With `collect` the step goes the other way, from the sum to the
    single mean.
    """

    name: ClassVar[str] = "linearity"
    of: Node
    into: tuple[tuple[Expr, Node], ...]
    collect: bool = False

    def check(self, before: Basic, after: Basic) -> Judgement:
        if self.into == ((1, self.of),):
            return Judgement.refused("nothing is expanded")
        for coefficient, node in self.into:
            if node.func is not self.of.func or node.args[1:] != self.of.args[1:]:
                return Judgement.refused(f"{node} is over another interval or distribution than {self.of}")
            bound = coefficient.free_symbols & set(self.of.bound_symbols)
            if bound or coefficient.has(GaussMean, GaussIntegral, JointMean):
                return Judgement.refused(f"the coefficient {coefficient} is not constant")
        total = Add(*(coefficient * node.integrand for coefficient, node in self.into))
        if not algebra.equal(total, self.of.integrand):
            return Judgement.refused(f"the integrands add up to {total}, not to {self.of.integrand}")
        expanded = Add(*(coefficient * node for coefficient, node in self.into))
        if self.collect:
            return exchanged(after, before, self.of, expanded)
        return exchanged(before, after, self.of, expanded)

    def explain(self) -> str:
        return "The mean is linear: " + ("collect the integrands." if self.collect else "expand the integrand.")

    def checked(self) -> str:
        return (
            "The integrands on the longer side, times their coefficients, are added up and compared with the single "
            "integrand as an identity; all are over one distribution, and no coefficient depends on the variable."
        )
