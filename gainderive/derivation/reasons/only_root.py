"""A root that is put in, and that is the only one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Basic, Expr, Symbol
from sympy.core.relational import Equality

from gainderive import algebra
from gainderive.derivation._derivation import Derivation
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation._scale import direction
from gainderive.derivation._state import changed_item
from gainderive.derivation.reasons.solving import is_positive
from gainderive.errors import StepRefused
from gainderive.gaussian import GaussMean
from gainderive.notation import latex
from gainderive.status import Status


@dataclass(frozen=True)
class OnlyRoot(Reason):
    r"""From :math:`E f(sz) = c` with ``s > 0`` to ``s = r``.

    `value` is a derivation of :math:`E f(rz) = c`, so ``r`` is a root; the mean grows with ``s``, or falls, because
    the even part of ``f`` does with ``|x|``, so there is no other.
    """

    name: ClassVar[str] = "the only root"
    of: GaussMean
    root: Expr
    value: Derivation

    def check(self, before: Basic, after: Basic) -> Judgement:
        changed = changed_item(before, after)
        if changed is None or not all(isinstance(item, Equality) for item in changed):
            return Judgement.refused("not exactly one equation is solved")
        (mean, level), (unknown, root) = changed[0].args, changed[1].args
        if mean != self.of or root != self.root or not (isinstance(unknown, Symbol) and unknown.is_positive):
            return Judgement.refused(f"the step does not lead from an equation for {self.of} to {self.root}")
        f, x = self.of.integrand, self.of.variable
        if self.of.q != unknown**2 or f.free_symbols != {x} or unknown in level.free_symbols:
            return Judgement.refused(f"{self.of} depends on {unknown} in more than its scale")
        if root.free_symbols or not is_positive(root):
            return Judgement.refused(f"that {root} is a positive number is not shown")
        given, claim = self.value.given, self.value.claim
        if not isinstance(given, GaussMean) or not isinstance(claim, Equality):
            return Judgement.refused(f"{claim} is not the value of a mean")
        if not (algebra.equal(given.integrand, f) and algebra.equal(given.q, root**2)):
            return Judgement.refused(f"{given} is not {self.of} at {unknown} = {root}")
        try:
            if self.value.check() is not Status.PROVED or not algebra.equal(claim.rhs, level):
                return Judgement.refused(f"that {given} is {level} is not proved")
        except StepRefused as refusal:
            return Judgement.refused(f"the derivation of {given} is itself refused: {refusal}")
        if not direction(f):
            return Judgement.refused(f"that {self.of} grows or falls with {unknown} is not shown")
        return Judgement.proved()

    def explain(self) -> str:
        unknown = latex(self.of.q.base)
        return (
            rf"${unknown} = {latex(self.root)}$ satisfies the equation: ${latex(self.value.claim)}$. It is the only "
            r"root, because $f(x) + f(-x)$ moves in one direction with $|x|$, and the mean with it."
        )

    def checked(self) -> str:
        return (
            f"A derivation of its own ({len(self.value.steps)} steps) shows the value at the root, and is checked; "
            "the derivative of $f(x) + f(-x)$ is shown by balls to keep one sign for $x > 0$, its jumps to go the "
            "same way, so there is no second root."
        )
