"""Unfolding an activation by its definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Basic, Expr

from gainderive import algebra
from gainderive.activations import Activation
from gainderive.derivation._interval import on_interval
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._state import parts, rewrite, same
from gainderive.errors import Undecided
from gainderive.notation import latex
from gainderive.pieces import pieces
from gainderive.symbols import x


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
        unfolded = {f: meanings[f.func].subs(x, f.args[0]) for f in applied}
        if not same(rewrite(before, unfolded), after):
            return Judgement.refused(f"the line is not the one before with the definition of {phi.func} put in")
        return Judgement.proved()

    def fixes(self) -> Mapping[Any, Any]:
        return {self.activation.phi.func: self.activation.expression}

    def explain(self) -> str:
        name = self.activation.title
        if self.derivative is not None:
            return rf"Derivative of {name} (almost everywhere): $\phi'(x) = {latex(self.derivative)}$."
        return rf"Definition of {name}: $\phi(x) = {latex(self.activation.expression)}$."


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
