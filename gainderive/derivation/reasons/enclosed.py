"""The honest last resort: a rigorous interval instead of a closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from flint import arb
from sympy import Basic, Contains, Expr, Interval, Symbol, ceiling, floor
from sympy.core.relational import Equality

from gainderive import enclosure
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import changed_item, items
from gainderive.gaussian import SWITCHES, GaussIntegral, GaussMean


@dataclass(frozen=True)
class Enclosed(Reason):
    r"""The unknown of an equation lies in the interval.

    For ``s = e`` with ``s`` not in ``e`` the check computes the ball of ``e`` at a higher precision and finds
    it inside. For any other equation ``l = r`` in ``s`` it computes the balls of ``l - r`` at both ends of the
    interval: they have strictly opposite signs, and the ball over the whole interval is finite, so a solution
    lies between (intermediate value theorem); it is the only positive one where ``l`` is ``s**2`` times a
    constant, and otherwise uniqueness is not claimed. Unknowns that earlier steps enclosed are put in as whole
    intervals, constants by their closed forms.
    """

    name: ClassVar[str] = "rigorous interval"
    digits: int

    def check(self, before: Basic, after: Basic) -> Judgement:
        changed = changed_item(before, after)
        if changed is None or not isinstance(changed[0], Equality) or not isinstance(changed[1], Contains):
            return Judgement.refused("not exactly one equation becomes a membership in an interval")
        equation, (unknown, interval) = changed[0], changed[1].args
        if (
            not isinstance(interval, Interval)
            or not isinstance(unknown, Symbol)
            or interval.left_open | interval.right_open
        ):
            return Judgement.refused("the line does not place an unknown in an interval")
        width, size = interval.end - interval.start, min(abs(interval.start), abs(interval.end))
        if not (0 <= width <= 2 * size / 10**self.digits):
            return Judgement.refused(f"the interval is wider than {self.digits} digits allow")
        if unknown.is_positive and not interval.start > 0:
            return Judgement.refused(f"{unknown} is positive by assumption, and the interval is not")
        values = known(before, precision := int(self.digits * 3.33) + 64)
        if any(item.args[0] == unknown for item in items(before) if item != equation):
            return Judgement.refused(f"the line already says what {unknown} is")
        low, high = (enclosure.ball(end, precision) for end in (interval.start, interval.end))
        if equation.lhs == unknown and unknown not in equation.rhs.free_symbols:
            inside = bool(low <= (ball := enclosure.ball(equation.rhs, precision, values))) and bool(ball <= high)
        else:
            residual: Expr = equation.lhs - equation.rhs
            left, right = (enclosure.ball(residual, precision, values | {unknown: end}) for end in (low, high))
            inside = bool(left < 0 < right) or bool(right < 0 < left)
            if not _is_continuous(residual, unknown, values | {unknown: _hull(interval, precision)}, precision):
                return Judgement.refused(f"that {residual} is continuous on the interval is not shown")
        return Judgement.numeric() if inside else Judgement.refused("balls do not confirm the interval")

    def explain(self) -> str:
        return f"The value lies in this interval, of relative radius at most $10^{{-{self.digits}}}$: ball arithmetic."

    def checked(self) -> str:
        return (
            f"Ball arithmetic at a precision above {self.digits} digits, tails and kinks included: the value's ball "
            "lies in the interval; or, for an equation that is not solved, left side minus right side changes its "
            "sign between the ends and is continuous, so a root lies between."
        )


def _is_continuous(residual: Expr, unknown: Symbol, values: dict[Symbol, Any], precision: int) -> bool:
    """Tell whether `residual` has no jump and no pole for the whole interval of `unknown`."""
    jumps = {node for node in residual.atoms(*SWITCHES, floor, ceiling) if unknown in node.free_symbols}
    return not jumps and bool(enclosure.ball(residual, precision, values).is_finite())


def known(line: Basic, precision: int) -> dict[Symbol, Any]:
    """Return what `line` already says of its symbols: a ball for an interval, the closed form for a constant."""
    found: dict[Symbol, Any] = {}
    for item in items(line):
        if isinstance(item, Contains):
            found[item.args[0]] = _hull(item.args[1], precision)
        elif isinstance(item, Equality) and isinstance(item.lhs, Symbol) and is_closed_form(item.rhs):
            found[item.lhs] = item.rhs
    return found


def is_closed_form(value: Expr) -> bool:
    """Tell whether `value` is a number without means left in it."""
    return not value.free_symbols and not value.has(GaussMean, GaussIntegral)


def _hull(interval: Interval, precision: int) -> arb:
    low, high = (enclosure.ball(end, precision) for end in (interval.start, interval.end))
    with enclosure.working_precision(precision):
        return low.union(high)
