"""Where the slope of an activation is small, and how much of a Gaussian lies there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import inf, isclose, isfinite

import numpy as np

from gainderive.activations import Activation
from gainderive.pieces import derivative
from gainderive.quadrature import Compiled
from gainderive.render.figures._values import number
from gainderive.render.plot import REACH, Array

_SEARCHED = 40.0
"""Preactivations beyond this are taken to be like the last one before."""
_FINENESS = 1 / 512
"""Spacing of the grid; a power of two, so that 0 and other simple places lie on it."""
_HALVINGS = 45
_PLACES = 12
_MOST_WRITTEN = 4


@dataclass(frozen=True)
class Slope:
    r"""The slope :math:`\phi'` in double precision."""

    activation: Activation

    @cached_property
    def _compiled(self) -> Compiled:
        return Compiled(derivative(self.activation.numeric))

    def __call__(self, at: Array) -> Array:
        """Return the sizes of the slope."""
        with np.errstate(all="ignore"):
            return np.abs(self._compiled.values(at))

    @cached_property
    def greatest(self) -> float:
        """The greatest size for preactivations that a standard normal variable reaches."""
        return float(np.nanmax(self(np.arange(-REACH, REACH + _FINENESS, _FINENESS))))


@dataclass(frozen=True)
class Saturated:
    """The preactivations at which the slope is below a share of its greatest size, as intervals in ascending order."""

    share: float
    intervals: tuple[tuple[float, float], ...]

    @property
    def ends(self) -> tuple[float, ...]:
        """Where the finite ends are."""
        return tuple(end for interval in self.intervals for end in interval if isfinite(end))

    def mass(self, spread: float) -> float:
        """Return the probability of the intervals under a centred normal variable of this standard deviation."""
        from scipy.special import ndtr

        # From the nearer tail, so that a small probability keeps its digits.
        pairs = ((low, high) if low + high < 0 else (-high, -low) for low, high in self.intervals)
        return float(sum(ndtr(high / spread) - ndtr(low / spread) for low, high in pairs))

    def within(self, reach: float) -> Iterable[tuple[float, float]]:
        """Return the parts of the intervals between minus `reach` and `reach`."""
        cut = ((max(low, -reach), min(high, reach)) for low, high in self.intervals)
        return ((low, high) for low, high in cut if low < high)

    def __str__(self) -> str:
        """Return the set in words that a formula understands too."""
        if len(self.intervals) == 2 and isclose(-self.intervals[0][1], self.intervals[1][0], rel_tol=1e-9):
            (outer, inner), _ = self.intervals
            if outer == -inf:
                return f"|u| > {number(-inner)}"
        nearest = sorted(sorted(self.intervals, key=lambda ends: min(map(abs, ends)))[:_MOST_WRITTEN])
        further = " and further out" if len(nearest) < len(self.intervals) else ""
        return (" or ".join(map(_written, nearest)) or "nowhere") + further


def saturated(activation: Activation, share: float) -> Saturated:
    """Return where the slope is below `share` of its greatest size."""
    slope = Slope(activation)
    level = share * slope.greatest
    at = np.arange(-_SEARCHED, _SEARCHED + _FINENESS, _FINENESS)
    below = slope(at) < level
    changes = np.flatnonzero(below[1:] != below[:-1])
    low, high = at[changes], at[changes + 1]
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        stays = (slope(middle) < level) == below[changes]
        low, high = np.where(stays, middle, low), np.where(stays, high, middle)
    ends = (
        [-inf] * bool(below[0])
        + [float(end) for end in np.round((low + high) / 2, _PLACES) + 0.0]
        + [inf] * bool(below[-1])
    )
    return Saturated(share, tuple(zip(ends[::2], ends[1::2], strict=True)))


def _written(interval: tuple[float, float]) -> str:
    low, high = interval
    if low == -inf:
        return "all u" if high == inf else f"u < {number(high)}"
    return f"u > {number(low)}" if high == inf else f"{number(low)} < u < {number(high)}"
