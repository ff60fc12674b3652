"""The density of an activation's values under Gaussian preactivations, at several second moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr
from sympy import Rational

from gainderive.activations import Activation
from gainderive.pieces import pieces
from gainderive.render import plot
from gainderive.render.figures._figure import Figure
from gainderive.render.figures._values import number, positive, written
from gainderive.render.plot import REACH, Array, Ink

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_SECOND_MOMENTS = (Rational(1, 4), Rational(1, 2), Rational(1), Rational(4))
_POINTS = 60_001
_BINS = 160
_HIGHEST = 3.0
"""The tallest curve is cut off at so many times the height of the lowest one, which would not be seen beside it."""
_ALIKE, _APART = 0.97, 6
"""Share of the greatest density from which on a place counts as a peak, and bins that lie between two peaks."""


@dataclass(frozen=True)
class _Law:
    """The share of values in each of the bins, per unit of length, for one second moment."""

    q: str
    density: Array
    edges: Array

    @property
    def peaks(self) -> tuple[str, ...]:
        """Where the density is greatest: the middle of each run of bins that are nearly as high, or both ends of it."""
        high = np.flatnonzero(self.density >= _ALIKE * self.density.max())
        runs = np.split(high, np.flatnonzero(np.diff(high) > _APART) + 1)
        return tuple(self._place(self.edges[run[0]], self.edges[run[-1] + 1], len(run)) for run in runs)

    def _place(self, low: float, high: float, bins: int) -> str:
        if bins > _BINS / 8:
            return f"{number(low, 2)} to {number(high, 2)}"
        return number((low + high) / 2, 2)

    def __str__(self) -> str:
        return f"q = {self.q}, highest at {' and '.join(self.peaks)}"


def figure(activation: Activation, *, q: Any = None) -> Figure:
    r"""Return the density of :math:`h = \phi(\sqrt q\,z)`.

    Parameters
    ----------
    q : number or several, optional
        Second moments of the preactivation; 1/4, 1/2, 1 and 4 unless given.
    """
    given = _SECOND_MOMENTS if q is None else q if isinstance(q, (tuple, list)) else (q,)
    exact = tuple(positive(one, "q") for one in given)
    spreads = [float(one) ** 0.5 for one in exact]
    edges = np.linspace(*_range(activation, REACH * max(spreads)), _BINS + 1)
    laws = [
        _Law(written(one), _density(activation, spread, edges), edges)
        for one, spread in zip(exact, spreads, strict=True)
    ]

    def draw(canvas: Canvas, ink: Ink) -> None:
        axes = canvas.add_subplot()
        for law, colour, stroke in zip(laws, ink.series * len(laws), plot.STROKES * len(laws), strict=False):
            axes.stairs(law.density, edges, color=colour, linewidth=2.6, linestyle=stroke, label=f"$q = {law.q}$")
        axes.set_xlim(edges[0], edges[-1])
        heights = [float(law.density.max()) for law in laws]
        axes.set_ylim(0, min(1.08 * max(heights), _HIGHEST * min(heights)))
        axes.set_xlabel(r"$h = \phi(\sqrt{q}\,z)$")
        axes.set_ylabel("density")
        plot.legend(axes, activation.title)

    told = "; ".join(map(str, laws))
    return Figure(
        caption=rf"Density of the values $h = \phi(\sqrt q\,z)$ of {activation.title}: {told}.",
        alt=f"Density of the values h of {activation.title} under preactivations of second moment q: {told}.",
        draw=draw,
    )


def _values(activation: Activation, at: Array) -> Array:
    values = np.empty_like(at)
    for piece in pieces(activation.numeric):
        inside = (at >= float(piece.lower)) & (at <= float(piece.upper))
        values[inside] = plot.evaluated(piece.expr, at[inside])
    return values


def _range(activation: Activation, reach: float) -> tuple[float, float]:
    values = _values(activation, np.linspace(-reach, reach, _POINTS))
    low, high = float(values.min()), float(values.max())
    margin = 0.02 * (high - low) or 0.5
    return low - margin, high + margin


def _density(activation: Activation, spread: float, edges: Array) -> Array:
    """Return the density in the bins: the preactivation's probability, interval by interval, where its value falls."""
    ends = np.linspace(-2 * REACH, 2 * REACH, _POINTS)
    values = _values(activation, spread * (ends[:-1] + ends[1:]) / 2)
    shares, _ = np.histogram(values, edges, weights=np.diff(ndtr(ends)))
    return np.asarray(shares / np.diff(edges))
