"""Unfolding an activation by its definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from flint import arb
from sympy import Basic, Expr, oo

from gainderive import algebra
from gainderive.activations import Activation
from gainderive.balls import evaluate, working_precision
from gainderive.derivation._interval import on_interval
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._smooth import is_smooth
from gainderive.derivation._state import parts, rewrite, same
from gainderive.derivation.reasons.split import is_ordered
from gainderive.errors import GainderiveError, Undecided
from gainderive.gaussian import SWITCHES
from gainderive.notation import latex
from gainderive.pieces import pieces
from gainderive.symbols import x

_BITS, _NEAR = 128, 2.0**-30
"""Precision and radius of the ball around a point on which a function is shown to be continuous."""


@dataclass(frozen=True)
class Definition(Reason):
    r"""Replace :math:`\phi(x)` by its expression, and :math:`\phi'(x)` by `derivative`.

    The derivative is checked piece by piece against the definition; at kinks it is left undefined,
    which changes no mean. At a point, as in :math:`\phi(0)`, both are evaluated there.
    """

    name: ClassVar[str] = "definition"
    activation: Activation
    derivative: Expr | None = None

    def check(self, before: Basic, after: Basic) -> Judgement:
        phi, phi_prime = self.activation.phi, self.activation.phi_prime
        applied = {f for part in parts(before) for f in part.atoms(phi.func, phi_prime.func)}
        if not applied:
            return Judgement.refused(f"{phi.func} does not occur in the line before")
        if self.derivative is not None and not any(f.func == phi_prime.func for f in applied):
            return Judgement.refused(f"the derivative of {phi.func} does not occur in the line before")
        meanings: dict[Any, Any] = {phi.func: self.activation.expression, phi_prime.func: self.derivative}
        if any(f.func == phi_prime.func for f in applied) and not is_derivative(self.derivative, meanings[phi.func]):
            return Judgement.refused(f"{self.derivative} is not the derivative of {meanings[phi.func]}")
        for f in applied:
            if (
                f.func == phi_prime.func
                and f.args[0] != x
                and not is_slope_at(f.args[0], self.derivative, meanings[phi.func])
            ):
                return Judgement.refused(f"that {meanings[phi.func]} has this derivative at {f.args[0]} is not shown")
        unfolded = {f: meanings[f.func].subs(x, f.args[0]) for f in applied}
        if not same(rewrite(before, unfolded), after):
            return Judgement.refused(f"the line is not the one before with the definition of {phi.func} put in")
        return Judgement.proved()

    def fixes(self) -> Mapping[Any, Any]:
        phi, phi_prime = self.activation.phi, self.activation.phi_prime
        # The name of the derivative is taken, too, whether or not it occurs.
        return {phi.func: self.activation.expression, phi_prime.func: ("derivative of", phi.func)}

    def explain(self) -> str:
        name = self.activation.title
        if self.derivative is not None:
            return rf"Derivative of {name} (almost everywhere): $\phi'(x) = {latex(self.derivative)}$."
        return rf"Definition of {name}: $\phi(x) = {latex(self.activation.expression)}$."

    def checked(self) -> str:
        put_in = "The definition, as its own file has it, is put into the line before, which gives this line."
        if self.derivative is None:
            return put_in
        return (
            "The definition is differentiated on every piece between two kinks and compared with this derivative as an "
            "identity; at a single point both sides must meet with one slope. Put in, they give this line."
        )


def is_derivative(candidate: Expr | None, function: Expr) -> bool:
    """Tell whether `candidate` is shown to be the derivative of `function` in ``x``, kinks and jumps left out."""
    if candidate is None:
        return False
    try:
        return all(
            algebra.equal(
                on_interval(candidate, part.lower, part.upper), on_interval(function, part.lower, part.upper).diff(x)
            )
            for part in pieces(function, x)
        )
    except Undecided:
        return False


def is_slope_at(point: Expr, candidate: Expr | None, function: Expr) -> bool:
    """Tell whether `function` has a derivative at `point`, and `candidate`, its derivative elsewhere, is that there.

    Where pieces meet, their values and slopes agree: the derivative's limits from both sides are then its value.
    """
    if candidate is None or x in point.free_symbols:
        return False
    sides: list[Expr] = []
    try:
        for part in pieces(function, x):
            ends = [end not in (oo, -oo) and algebra.equal(end, point) for end in (part.lower, part.upper)]
            if any(ends) or (is_ordered(part.lower, point) and is_ordered(point, part.upper)):
                sides += [on_interval(function, part.lower, part.upper)] * (1 if any(ends) else 2)
    except Undecided:
        return False
    wanted = (function.subs(x, point), candidate.subs(x, point))
    return len(sides) == 2 and all(
        _is_regular_at(side, point)
        and algebra.equal(side.subs(x, point), wanted[0])
        and algebra.equal(side.diff(x).subs(x, point), wanted[1])
        for side in sides
    )


def _is_regular_at(expr: Expr, point: Expr) -> bool:
    """Tell whether `expr` and its derivative are continuous at `point`."""
    if is_smooth(expr, x):
        return True
    if expr.free_symbols != {x} or point.free_symbols or expr.has(*SWITCHES):
        return False
    with working_precision(_BITS):
        try:
            around = evaluate(point, {}) + arb(0, _NEAR)
            return all(bool(evaluate(e, {x: around}).is_finite()) for e in (expr, expr.diff(x)))
        except GainderiveError:
            return False
