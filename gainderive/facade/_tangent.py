"""Whether a function has a tangent at 0."""

from __future__ import annotations

from sympy import Expr

from gainderive.errors import NoSuchGain
from gainderive.pieces import breakpoints


def refuse_kink_at_zero(name: str, expression: Expr) -> None:
    """Raise :class:`NoSuchGain`, beginning with `name`, where `expression` has no tangent at 0."""
    for point in breakpoints(expression):
        if point.at == 0 and (point.is_jump or point.is_kink):
            left, right = point.slopes
            what = (
                f"a jump of {point.jump}"
                if point.is_jump
                else f"a kink: slope {left} to the left and {right} to the right"
            )
            raise NoSuchGain(f"{name}: it has no tangent at 0, where it has {what}.")
