"""The facade: one gain, all five gains, and their derivations."""

from gainderive.facade._derive import derive, solution
from gainderive.facade._find import gain, gains
from gainderive.facade._gain import Gain, Gains
from gainderive.facade._resolve import resolve, resolve_elementwise
from gainderive.facade._roots import unreachable
from gainderive.facade._unit import joint_solution

__all__ = [
    "Gain",
    "Gains",
    "derive",
    "gain",
    "gains",
    "joint_solution",
    "resolve",
    "resolve_elementwise",
    "solution",
    "unreachable",
]
