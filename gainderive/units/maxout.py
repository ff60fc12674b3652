r"""Maxout: the largest of :math:`k` preactivations of one input, each with weights of its own."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Function, Integer, Max

from gainderive.activations import Parameter
from gainderive.assumptions import Assumption
from gainderive.symbols import branch, counter
from gainderive.units._unit import Requirement, Unit

k = counter("k")
_MOST = 16
"""More are seldom used, and SymPy compares every two arguments of a maximum."""


class Largest(Function):
    """The largest of ``x_1, ..., x_k``; a symbolic ``k`` stays."""

    @classmethod
    def eval(cls, k: Expr) -> Expr | None:
        """Write out the maximum when `k` is a number."""
        return Max(*(branch(i) for i in range(1, int(k) + 1))) if isinstance(k, Integer) and k <= _MOST else None

    def _sympystr(self, printer: Any) -> str:
        return f"max(x_1, ..., x_{printer._print(self.args[0])})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\max\left(x_{{1}}, \ldots, x_{{{printer._print(self.args[0])}}}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"


UNIT = Unit(
    name="maxout",
    title="maxout",
    outputs=(Largest(k),),
    parameters=(Parameter("k", k, default=Integer(2)),),
    requires=(
        Requirement(k >= 2, "a maximum is over at least 2 preactivations; over 1 it is the identity."),
        Requirement(k <= _MOST, f"more than {_MOST} preactivations are not written out."),
    ),
    source="Goodfellow, Warde-Farley, Mirza, Courville & Bengio 2013, section 3",
    remark=Assumption(
        "A layer of n maxout units has k n preactivations and n outputs.",
        otherwise="If fan_out counts n units instead of their k n preactivations, the backward gain is smaller by the "
        "factor √k; the variance is the same (GD-0045).",
    ),
)
