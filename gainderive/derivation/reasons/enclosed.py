"""The honest last resort: a rigorous interval instead of a closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Contains, Expr, Interval, Symbol
from sympy.core.relational import Equality

from gainderive import enclosure
from gainderive.derivation._reason import Judgement, Reason


@dataclass(frozen=True)
class Enclosed(Reason):
    r"""The value, or the solution of the equation, lies in the interval.

    For an expression the check computes its ball at a higher precision and finds it inside. For an
    equation ``l(g) = r`` with ``g`` in the interval it computes the balls of ``l - r`` at both ends: they
    have strictly opposite signs, so a solution lies between (intermediate value theorem). It is the only
    positive one where ``l`` is :math:`g^2` times something free of ``g``.
    """

    name: ClassVar[str] = "rigorous interval"
    digits: int

    def check(self, before: Basic, after: Basic) -> Judgement:  # noqa: D102
        if not isinstance(after, Contains) or not isinstance(after.args[1], Interval):
            return Judgement.refused("the line is not a membership in an interval")
        value, interval = after.args
        if not 0 <= interval.end - interval.start <= 2 * abs(interval.start) * 10 ** (-self.digits):
            return Judgement.refused(f"the interval is wider than {self.digits} digits allow")
        precision = int(self.digits * 3.33) + 64
        if isinstance(before, Equality) and isinstance(value, Symbol):
            inside = _solution_inside(before.lhs - before.rhs, value, interval, precision)
        elif isinstance(before, Expr) and value == before:
            ball = enclosure.ball(before, precision)
            lower, upper = (enclosure.ball(end, precision) for end in (interval.start, interval.end))
            inside = bool(lower <= ball) and bool(ball <= upper)
        else:
            return Judgement.refused("the line is about something else than the line before")
        return Judgement.numeric() if inside else Judgement.refused("a ball does not confirm the interval")

    def explain(self) -> str:  # noqa: D102
        return f"Rigorous interval of relative radius at most 1e-{self.digits}, by ball arithmetic."


def _solution_inside(residual: Expr, unknown: Symbol, interval: Interval, precision: int) -> bool:
    low, high = (
        enclosure.ball(residual, precision, {unknown: end}) for end in (interval.start, interval.end)
    )
    return bool(low < 0 < high) or bool(high < 0 < low)

