"""Unfolding a unit by its definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Basic, Expr, Max, S, Symbol

from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import parts, rewrite, same
from gainderive.derivation.reasons.definition import is_derivative, is_slope_at
from gainderive.notation import latex
from gainderive.symbols import parameter, x
from gainderive.units import Unit


@dataclass(frozen=True)
class Partial:
    """The claim that an output's derivative by `variable` is `value` almost everywhere."""

    output: int
    variable: Symbol
    value: Expr


@dataclass(frozen=True)
class UnitDefinition(Reason):
    r"""Replace the outputs :math:`h_j` of a unit by their expressions, and :math:`\partial_i h_j` by `partials`.

    Each partial derivative is checked piece by piece against the definition, the other preactivations held fixed; at
    kinks it is left undefined, which changes no mean. At the origin both are evaluated there.
    """

    name: ClassVar[str] = "definition of the unit"
    unit: Unit
    partials: tuple[Partial, ...] = ()

    def check(self, before: Basic, after: Basic) -> Judgement:
        unit = self.unit
        own = {f.func for f in (*unit.heads, *unit.slopes)}
        if not any(part.has(*own) for part in parts(before)):
            return Judgement.refused(f"no output of {unit.title} occurs in the line before")
        for partial in self.partials:
            slope = unit.slope(partial.output, partial.variable)
            if not any(part.has(slope.func) for part in parts(before)):
                return Judgement.refused(f"the derivative by {partial.variable} does not occur in the line before")
            if any(part.has(slope.subs(unit.origin)) for part in parts(before)) and not _is_partial_at_0(partial, unit):
                return Judgement.refused(f"that {unit.outputs[partial.output]} has this derivative at 0 is not shown")
            if not _is_partial(partial, unit):
                return Judgement.refused(f"{partial.value} is not the derivative of {unit.outputs[partial.output]}")
        unfolded = rewrite(before, unfolding(unit, self.partials))
        if any(part.has(*own) for part in parts(unfolded)):
            return Judgement.refused(f"a derivative of {unit.title} is not given")
        if not same(unfolded, after):
            return Judgement.refused(f"the line is not the one before with the definition of {unit.title} put in")
        return Judgement.proved()

    def fixes(self) -> Mapping[Any, Any]:
        unit = self.unit
        # The names of the derivatives are taken, too, whether or not they occur.
        slopes = {unit.slope(j, v).func: ("derivative of", j, v) for j in range(len(unit.outputs)) for v in unit.inputs}
        return slopes | {head.func: output for head, output in zip(unit.heads, unit.outputs, strict=True)}

    def explain(self) -> str:
        if self.partials:
            listed = ", ".join(
                rf"${latex(self.unit.slope(p.output, p.variable))} = {latex(p.value)}$" for p in self.partials
            )
            return f"Derivatives of {self.unit.title} (almost everywhere): {listed}."
        listed = ", ".join(
            rf"${latex(head)} = {latex(output)}$"
            for head, output in zip(self.unit.heads, self.unit.outputs, strict=True)
        )
        return f"Definition of {self.unit.title}: {listed}."

    def checked(self) -> str:
        put_in = "The definition, as the unit's file has it, is put into the line before, which gives this line."
        if not self.partials:
            return put_in
        return (
            "Each output is differentiated on every piece, the other preactivations held fixed, and compared with the "
            "given derivative as an identity; put in, they give this line."
        )


def unfolding(unit: Unit, partials: tuple[Partial, ...]) -> dict[Basic, Expr]:
    """Return what the outputs, their partial derivatives and the values of both at the origin stand for."""
    meanings: dict[Basic, Expr] = {}
    for head, output in zip(unit.heads, unit.outputs, strict=True):
        meanings |= {head: output, head.subs(unit.origin): output.subs(unit.origin)}
    for partial in partials:
        slope = unit.slope(partial.output, partial.variable)
        meanings |= {slope: partial.value, slope.subs(unit.origin): partial.value.subs(unit.origin)}
    return meanings


def _is_partial_at_0(partial: Partial, unit: Unit) -> bool:
    others = {symbol: zero for symbol, zero in unit.origin.items() if symbol != partial.variable}
    candidate, function = (
        expr.subs(others).xreplace({partial.variable: x}) for expr in (partial.value, unit.outputs[partial.output])
    )
    return is_slope_at(S.Zero, candidate, function)


def _is_partial(partial: Partial, unit: Unit) -> bool:
    # The other preactivations are held fixed; inside of a maximum that is one number, the largest of them.
    function, candidate, variable = unit.outputs[partial.output], partial.value, partial.variable
    if not candidate.free_symbols <= function.free_symbols | set(unit.inputs):
        return False
    others = [other for other in unit.inputs if other != variable]
    if function.has(Max):
        fixed = parameter("the largest of the others")
        function = function.xreplace({Max(*unit.inputs): Max(variable, fixed)})
        candidate = candidate.xreplace({Max(*others): fixed})
    return is_derivative(candidate.xreplace({variable: x}), function.xreplace({variable: x}))
