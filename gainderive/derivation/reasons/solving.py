"""Solving an equation for an unknown that occurs as one power."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Pow, Symbol
from sympy.core.relational import Equality

from gainderive import algebra, enclosure
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import changed_item
from gainderive.notation import latex


@dataclass(frozen=True)
class Solving(Reason):
    r"""From :math:`A s + B = 0`, or :math:`A s^2 + B = 0` with ``s > 0``, to the one solution ``s = ...``.

    The check puts the solution back and reduces the equation to an identity of the algebra; there is
    no other solution because the equation has degree 1 in ``s``, or is a pure square in an ``s`` that
    is positive by assumption, with a solution that is positive.
    """

    name: ClassVar[str] = "solving"
    unknown: Symbol

    def check(self, before: Basic, after: Basic) -> Judgement:
        changed = changed_item(before, after)
        if changed is None or not all(isinstance(item, Equality) for item in changed):
            return Judgement.refused("not exactly one equation is solved")
        old, new = changed
        solution = new.rhs
        if new.lhs != self.unknown or old.lhs == self.unknown or self.unknown in solution.free_symbols:
            return Judgement.refused(f"the line does not read {self.unknown} = ... after an equation for it")
        degree = _pure_degree(old.lhs - old.rhs, self.unknown)
        if degree is None:
            return Judgement.refused(f"the equation is not linear or purely quadratic in {self.unknown}")
        if degree == 2 and not (self.unknown.is_positive and is_positive(solution)):
            return Judgement.refused(f"{solution} is not shown to be the positive root")
        if not algebra.equal(old.lhs.xreplace({self.unknown: solution}), old.rhs):
            return Judgement.refused(f"{self.unknown} = {solution} does not satisfy {old}")
        return Judgement.proved()

    def explain(self) -> str:
        positive = " (positive by definition)" if self.unknown.is_positive else ""
        return rf"Solve for ${latex(self.unknown)}${positive}."


def _pure_degree(residual: Expr, unknown: Symbol) -> int | None:
    """Return the single positive power of `unknown` in `residual`, when it is 1 or 2."""
    terms = algebra.terms(residual, unknown)
    if terms is None or any(t.exponent != 0 or t.specials for t in terms):
        return None
    powers = {t.power for t in terms} - {0}
    return powers.pop() if len(powers) == 1 and powers <= {1, 2} else None


def is_positive(value: Expr) -> bool:
    """Tell whether `value` is shown to be positive: by assumption, by a ball, or as a principal root.

    A real solution that is written as ``M**(1/2)`` or ``M**(-1/2)`` is positive, because the principal
    root of a real number is real only when the number is not negative.
    """
    if value.is_positive:
        return True
    if isinstance(value, Pow) and value.exp.is_Rational and value.exp.q == 2:
        return value.base.is_real is not False
    if not value.free_symbols:
        return bool(enclosure.ball(value, 64) > 0)
    return value.is_Mul and all(map(is_positive, value.args))
