"""Solving an equation for an unknown that occurs as one power."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Mul, Pow, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Equality

from gainderive import algebra, enclosure
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import changed_item
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.notation import latex


@dataclass(frozen=True)
class Solving(Reason):
    r"""From :math:`A s + B = 0`, or :math:`A s^n + B = 0` with ``s > 0``, to the one solution ``s = ...``.

    That ``A`` is not 0 is shown directly, or follows from ``B`` not being 0. The check puts the solution back and
    reduces the equation to an identity of the algebra; there is no other solution because the equation has degree
    1 in ``s``, or is a pure power of an ``s`` that is positive by assumption, with a solution that is positive:
    :math:`s^n` grows with ``s > 0``.
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
        form = _pure_power(old.lhs - old.rhs, self.unknown)
        if form is None:
            return Judgement.refused(f"the equation has not {self.unknown} in one positive power")
        degree, lead, rest = form
        if not (_is_nonzero(lead) or _is_nonzero(rest)):
            return Judgement.refused(f"that the coefficient {lead} is not 0 is not shown")
        if self.unknown.is_positive and solution.is_extended_positive is False:
            return Judgement.refused(f"{self.unknown} is positive by assumption, and {solution} is not")
        if degree > 1 and not (self.unknown.is_positive and is_positive(solution)):
            return Judgement.refused(f"{solution} is not shown to be the positive root")
        if not algebra.equal(old.lhs.xreplace({self.unknown: solution}), old.rhs):
            return Judgement.refused(f"{self.unknown} = {solution} does not satisfy {old}")
        return Judgement.proved()

    def explain(self) -> str:
        positive = " (positive by definition)" if self.unknown.is_positive else ""
        return rf"Solve for ${latex(self.unknown)}${positive}."

    def checked(self) -> str:
        return (
            f"The solution is put back for ${latex(self.unknown)}$, and the equation becomes an identity. It is the "
            f"only one: ${latex(self.unknown)}$ occurs in one power, with a coefficient that is shown not to be 0, "
            "and where the power is above 1 both unknown and solution are positive."
        )


def _pure_power(residual: Expr, unknown: Symbol) -> tuple[int, Expr, Expr] | None:
    """Return the degree (at least 1), ``A`` and ``B`` of a `residual` of the form ``A s**degree + B``."""
    terms = algebra.terms(residual, unknown)
    if terms is None or any(t.exponent != 0 or t.specials for t in terms):
        return None
    powers = {t.power for t in terms} - {0}
    degree = powers.pop() if len(powers) == 1 else 0
    if degree < 1:
        return None
    # Read off the residual itself: the algebra's own terms may be written with complex numbers.
    rest = residual.subs(unknown, 0)
    return degree, residual.subs(unknown, 1) - rest, rest


def _is_nonzero(value: Expr) -> bool:
    if value.is_zero is not None:
        return not value.is_zero
    return not value.free_symbols and not value.has(AppliedUndef) and not enclosure.ball(value, 64).contains(0)


def is_positive(value: Expr) -> bool:
    r"""Tell whether `value` is shown to be positive: by assumption, by a ball, or as a principal root.

    A real solution that is written as ``M**(p/n)``, no integer power, times positive numbers is positive, because the
    principal value for a negative ``M`` has the argument :math:`\pi p/n`, and so is not real. Two such roots may both
    be imaginary, so only one is allowed.
    """
    factors = [factor for factor in Mul.make_args(value) if not _is_shown_positive(factor)]
    return not factors or (len(factors) == 1 and _is_principal_root(factors[0]))


def _is_principal_root(value: Expr) -> bool:
    return isinstance(value, Pow) and value.exp.is_Rational and value.exp.q > 1 and value.base.is_real is not False


def _is_shown_positive(value: Expr) -> bool:
    if value.is_positive:
        return True
    closed = not value.free_symbols and not value.has(AppliedUndef, GaussMean, GaussIntegral)
    return closed and bool(enclosure.ball(value, 64) > 0)
