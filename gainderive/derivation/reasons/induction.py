"""From what one layer does to what all layers do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Pow, S, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Equality

from gainderive import algebra
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import changed_item, items
from gainderive.errors import Undecided
from gainderive.notation import latex
from gainderive.symbols import parameter


@dataclass(frozen=True)
class Induction(Reason):
    r"""From :math:`s(l + 1) = r(s(l), l)` for every ``l >= 0`` to :math:`s(l) = F(l)`.

    `of` is ``s(l)``. The check finds :math:`F(0) = s(0)` and :math:`F(l + 1) = r(F(l), l)`, both as identities of the
    algebra, in which every power :math:`b^{l + 1}` is :math:`b\,b^l`.
    """

    name: ClassVar[str] = "induction over the layers"
    of: AppliedUndef

    def check(self, before: Basic, after: Basic) -> Judgement:
        changed = changed_item(before, after)
        if changed is None or not all(isinstance(item, Equality) for item in changed):
            return Judgement.refused("not exactly one equation is solved")
        (stepped, rule), (solved, closed) = changed[0].args, changed[1].args
        if len(self.of.args) != 1 or not isinstance(layer := self.of.args[0], Symbol):
            return Judgement.refused(f"{self.of} is not a sequence with one index")
        if not (layer.is_integer and layer.is_nonnegative) or layer.is_positive:
            return Judgement.refused(f"{layer} does not run over the integers from 0 on")
        others = [item for item in items(before) if item != changed[0]]
        if any(layer in item.free_symbols for item in others):
            return Judgement.refused(
                f"another equation of the line says something of {layer}, so the rule is not shown "
                f"to hold for every {layer}"
            )
        first = self.of.func(S.Zero)
        if stepped != self.of.func(layer + 1) or solved != self.of:
            return Judgement.refused(f"the step does not lead from {self.of.func(layer + 1)} = ... to {self.of} = ...")
        if rule.atoms(self.of.func) - {self.of} or closed.atoms(self.of.func) - {first}:
            return Judgement.refused(
                f"the rule mentions more of the sequence than {self.of}, or the solution than {first}"
            )
        if not algebra.equal(closed.subs(layer, 0), first):
            return Judgement.refused(f"at {layer} = 0 the solution is {closed.subs(layer, 0)}, not {first}")
        try:
            goes_on = algebra.equal(
                _in_powers(closed.subs(layer, layer + 1), layer), _in_powers(rule.xreplace({self.of: closed}), layer)
            )
        except Undecided as error:
            return Judgement.refused(str(error))
        if not goes_on:
            return Judgement.refused(f"{closed} does not satisfy the rule from {layer} to {layer + 1}")
        return Judgement.proved()

    def explain(self) -> str:
        layer = latex(self.of.args[0])
        return (
            rf"Induction: both sides agree at ${layer} = 0$, and where they agree at ${layer}$, the rule makes them "
            rf"agree at ${layer} + 1$."
        )

    def checked(self) -> str:
        layer = latex(self.of.args[0])
        return (
            rf"The solution at ${layer} = 0$ is compared with the start, and the solution at ${layer} + 1$ with what "
            rf"the rule makes of the solution at ${layer}$, both as identities; ${layer}$ runs over all integers from "
            "0 on."
        )


def _in_powers(expr: Expr, layer: Symbol) -> Expr:
    """Return `expr` with :math:`b^{kl + m}` as :math:`t^k b^m`, where ``t`` is a letter for :math:`b^l`.

    Raises
    ------
    Undecided
        When the index occurs in a power in another way.
    """
    powers = {power for power in expr.atoms(Pow) if layer in power.exp.free_symbols}
    written: dict[Expr, Expr] = {}
    for power in powers:
        base, times = power.base, power.exp.expand().coeff(layer, 1)
        rest = (power.exp - times * layer).expand()
        if layer in base.free_symbols | rest.free_symbols or not (times.is_Integer and rest.is_Integer):
            raise Undecided(f"{power} is not a power whose exponent is {layer} plus a whole number")
        written[power] = parameter(f"{base} to the {layer}") ** times * base**rest
    return expr.xreplace(written)
