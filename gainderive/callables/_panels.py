r"""Panels: a function's values at the 16 Gauss-Legendre nodes of intervals, and the polynomials through them.

On a panel :math:`f \approx \sum_k c_k P_k(s)`, ``s`` in (-1, 1), with
:math:`c_k = \frac{2k+1}{2} \sum_i w_i f(s_i) P_k(s_i)`. The last coefficients tell how well the polynomial describes
the function: they fall geometrically where it is smooth, like a power of ``k`` where it has a kink, and stay where the
values carry rounding noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

Array = NDArray[np.float64]

NODES = 16
S, W = legendre.leggauss(NODES)
_VANDERMONDE = legendre.legvander(S, NODES - 1)
COEFFICIENTS: Array = (np.arange(NODES)[:, None] + 0.5) * W * _VANDERMONDE.T
"""Values at the nodes to Legendre coefficients."""
_DERIVED = np.stack([legendre.legval(S, legendre.legder(row)) for row in np.eye(NODES)], axis=1)
SLOPES: Array = _DERIVED @ COEFFICIENTS
"""Values at the nodes to derivatives in ``s`` there."""
SLOPE_NOISE: Array = np.abs(SLOPES).sum(axis=1)
LAST = 4
"""Trailing coefficients that are looked at; more than two, since even and odd functions lack every other one."""


ENDS: Array = (
    np.stack(
        [
            legendre.legval(s, coefficients)
            for s in (-1, 1)
            for coefficients in (np.eye(NODES), legendre.legder(np.eye(NODES)))
        ]
    )
    @ COEFFICIENTS
)
"""Values at the nodes to value and derivative in ``s`` at the lower, then at the upper end."""
END_SLOPE_NOISE = float(np.abs(ENDS[1]).sum())

FAST = 1e-2
"""Ratio of coefficients 8 apart below which they fall geometrically, not like a power of their number."""


def tails(values: Array) -> Array:
    """Return the largest trailing coefficient of each row."""
    # The weights are rounded: what a constant leaves in the trailing coefficients is taken out first.
    last: Array = np.abs((values - values[:, :1]) @ COEFFICIENTS[-LAST:].T).max(axis=1)
    return last


def remainders(values: Array) -> Array:
    """Return estimates of the coefficients that a Gauss rule of 16 nodes mistakes for the mean, those from 32 on.

    Where coefficients fall geometrically, one further factor of the fall is granted (two would be due).
    """
    c = np.abs((values - values[:, :1]) @ COEFFICIENTS.T)
    last, before = c[:, -LAST:].max(axis=1), c[:, -LAST - 8 : -8].max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(last < FAST * before, last / before, 1.0)
    remainder: Array = last * ratio
    return remainder


@dataclass(frozen=True)
class Panels:
    """Intervals in ``x`` and values at their nodes, a row for each, in any order.

    ``gap`` marks those across which the function has a kink or jump that doubles do not resolve.
    """

    lower: Array
    upper: Array
    values: Array
    gap: NDArray[np.bool_]

    @cached_property
    def half(self) -> Array:
        """Half the widths."""
        return 0.5 * (self.upper - self.lower)

    @cached_property
    def tail(self) -> Array:
        """The trailing coefficients of :func:`tails`."""
        return tails(self.values)

    @cached_property
    def x(self) -> Array:
        """The nodes."""
        return nodes(self.lower, self.upper)

    @property
    def slopes(self) -> Array:
        """Derivatives of the polynomials at the nodes."""
        slopes: Array = (self.values @ SLOPES.T) / self.half[:, None]
        return slopes

    @cached_property
    def farthest(self) -> Array:
        """Largest distance from 0."""
        return np.maximum(np.abs(self.lower), np.abs(self.upper))

    @cached_property
    def nearest(self) -> Array:
        """Smallest distance from 0."""
        return np.where(self.lower * self.upper <= 0, 0.0, np.minimum(np.abs(self.lower), np.abs(self.upper)))

    def __len__(self) -> int:
        return len(self.lower)

    def __getitem__(self, which: Any) -> Panels:
        return Panels(self.lower[which], self.upper[which], self.values[which], self.gap[which])

    @staticmethod
    def joined(parts: list[Panels]) -> Panels:
        """Return all panels of `parts`."""
        return Panels(*(np.concatenate([getattr(p, name) for p in parts]) for name in Panels.__dataclass_fields__))

    def ordered(self) -> Panels:
        """Return the panels from left to right."""
        return self[np.argsort(self.lower)]

    @cached_property
    def at_ends(self) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        """Return the polynomials' values and slopes at the lower and at the upper ends."""
        first = self.values[:, 0]
        shifted = (self.values - first[:, None]) @ ENDS.T
        return (
            (first + shifted[:, 0], shifted[:, 1] / self.half),
            (first + shifted[:, 2], shifted[:, 3] / self.half),
        )

    @cached_property
    def mismatch(self) -> tuple[Array, Array]:
        """By how much neighbours differ at their common borders, and how much the borders' roundings explain.

        The panels are ordered. A gap has no polynomial worth the name, so its nearest value is taken.
        """
        (lower, lower_slope), (upper, upper_slope) = self.at_ends
        lower, upper = np.where(self.gap, self.values[:, 0], lower), np.where(self.gap, self.values[:, -1], upper)
        within = np.where(self.gap, self.upper - self.lower, 0.0)
        before, after = neighbours(~self.gap)
        steep = np.maximum(np.abs(upper_slope), np.abs(lower_slope))
        slope = np.maximum(steep[before[:-1]], steep[after[1:]])
        explained = slope * (16 * np.finfo(float).eps * self.farthest[:-1] + within[:-1] + within[1:])
        touching = self.upper[:-1] == self.lower[1:]
        return np.where(touching, np.abs(lower[1:] - upper[:-1]), 0.0), explained

    def split(self, pieces: NDArray[np.intp]) -> Panels:
        """Return panels of which each is cut into so many equal `pieces`, the polynomials taken for the function."""
        parts = [self[pieces <= 1]]
        for count in np.unique(pieces[pieces > 1]):
            own = self[pieces == count]
            cuts = np.linspace(-1, 1, count + 1)
            s = 0.5 * (cuts[:-1] + cuts[1:])[:, None] + S / count
            values = (own.values @ COEFFICIENTS.T) @ legendre.legvander(s.ravel(), NODES - 1).T
            middle, half = 0.5 * (own.lower + own.upper)[:, None], own.half[:, None]
            edges = middle + half * cuts
            parts.append(
                Panels(
                    edges[:, :-1].ravel(),
                    edges[:, 1:].ravel(),
                    values.reshape(-1, NODES),
                    np.repeat(own.gap, count),
                )
            )
        return Panels.joined(parts)


def neighbours(chosen: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return for every position the nearest `chosen` one not after it, and not before it."""
    at = np.arange(chosen.size)
    before = np.maximum.accumulate(np.where(chosen, at, 0))
    after = np.minimum.accumulate(np.where(chosen, at, chosen.size - 1)[::-1])[::-1]
    return before, after


def rows(s: Array) -> Array:
    """Return the rows that take the values at the nodes to those of the polynomial at the places `s` in (-1, 1)."""
    values: Array = legendre.legvander(s, NODES - 1) @ COEFFICIENTS
    return values


def slopes_at(s: float) -> Array:
    """Return the row that takes the values at the nodes to the derivative in ``s`` at one point."""
    row: Array = legendre.legval(s, legendre.legder(np.eye(NODES))) @ COEFFICIENTS
    return row


def nodes(lower: Array, upper: Array) -> Array:
    """Return the nodes of the panels, a row for each."""
    x: Array = 0.5 * (lower + upper)[:, None] + 0.5 * (upper - lower)[:, None] * S
    return x
