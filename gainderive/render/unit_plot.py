r"""The picture of a unit: its gate, its outputs, the band of its random slopes, or the density of a maximum.

Which of them is read off the unit's formula, so that a unit that a new file brings has a picture too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from sympy import Expr, Rational, S

from gainderive import notation
from gainderive.derivation.reasons.largest import mean_of_largest
from gainderive.facade import Moment
from gainderive.pieces import breakpoints, derivative, pieces
from gainderive.render.figures import Figure
from gainderive.render.plot import DASHED, GRID, STROKES, Array, Ink, curve, evaluated, finish, mark, root
from gainderive.render.portrait import Portrait
from gainderive.units import Unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_SHARES = [Rational(i, 32) for i in range(33)]
"""Where between its ends a random parameter is put to draw the band."""


def figure(portrait: Portrait) -> Figure:
    """Return the picture of a unit at its default parameters."""
    unit = portrait.closed
    assert isinstance(unit, Unit)
    if portrait.is_largest:
        k = len(unit.inputs)
        what = f"The density of the largest of {k} standard normal preactivations"
        return _figure(portrait, what, partial(_largest, k=k))
    if unit.random is not None:
        return _figure(portrait, "Its output at every value of its random parameter", partial(_band, unit=unit))
    others = ", those of the other preactivations being 1" if len(unit.inputs) > 1 else ""
    return _figure(portrait, f"What it returns along its last preactivation{others}", partial(_outputs, unit=unit))


def _figure(portrait: Portrait, what: str, draw: Callable[[Canvas, Ink, Portrait], None]) -> Figure:
    title = portrait.entry.title
    said = f"{title[:1].upper()}{title[1:]}. {what}, over the density of a standard normal preactivation."
    return Figure(caption=said, alt=said, draw=lambda canvas, ink: draw(canvas, ink, portrait))


def _outputs(canvas: Canvas, ink: Ink, portrait: Portrait, unit: Unit) -> None:
    """Draw the outputs along the last preactivation; of a single output its slope too."""
    axes = canvas.add_subplot()
    *others, last = map(notation.latex, unit.inputs)
    at = ", ".join([*("1" for _ in others), last])
    colours = (ink.blue, ink.orange)
    several = len(portrait.curves) > 1
    values = []
    for j, drawn in enumerate(portrait.curves):
        head = rf"h_{{{j + 1}}}" if several else "h"
        colour = colours[j % 2]
        stroke = STROKES[j % len(STROKES)]
        values.append(curve(axes, drawn, colour, f"${head}({at})$", linewidth=3.4, stroke=stroke))
        mark(axes, breakpoints(drawn), drawn, ink, colour)
    if not several:
        slope = derivative(portrait.curves[0])
        label = rf"$\partial_{len(unit.inputs)} h({at})$" if others else f"$h'({at})$"
        values.append(curve(axes, slope, ink.orange, label, linewidth=2.2, stroke=STROKES[1]))
    finish(axes, ink, values, _level(portrait), portrait.entry.title, variable=last)


def _band(canvas: Canvas, ink: Ink, portrait: Portrait, unit: Unit) -> None:
    """Draw the output at every value of the random parameter, and at the middle one."""
    axes = canvas.add_subplot()
    assert unit.random is not None
    a, lower, upper = unit.random.symbol, unit.random.lower, unit.random.upper
    middle = (lower + upper) / 2
    values = []
    for drawn in portrait.curves:
        every = np.array([_values(drawn.subs(a, lower + (upper - lower) * share)) for share in _SHARES])
        low, high = every.min(axis=0), every.max(axis=0)
        every_a, middle_a = (rf"$h(x)$, {which} ${notation.latex(a)}$" for which in ("all", "middle"))
        axes.fill_between(GRID, low, high, color=ink.blue, alpha=0.3, linewidth=0, label=every_a, zorder=1.2)
        shown = drawn.subs(a, middle)
        values += [curve(axes, shown, ink.blue, middle_a, linewidth=3.4), low, high]
        mark(axes, breakpoints(shown), shown, ink, ink.blue)
    finish(axes, ink, values, _level(portrait), portrait.entry.title)


def _largest(canvas: Canvas, ink: Ink, portrait: Portrait, k: int) -> None:
    """Draw the density of the largest of `k` standard normal variables, and its mean."""
    axes = canvas.add_subplot()
    largest = density_of_the_largest(k)
    axes.plot(GRID, largest, color=ink.blue, linewidth=3.4, label=f"density of the largest of {k}")
    mean = portrait.moments["mean"]
    if isinstance(mean, Moment) and mean.enclosure is not None:
        at = float(mean.enclosure)
        label = rf"$\mathrm{{E}}\,h = {at:.4g}$"
        axes.axvline(at, color=ink.orange, linewidth=2, linestyle=DASHED, label=label)
    finish(axes, ink, [largest], None, portrait.entry.title)


def density_of_the_largest(k: int) -> Array:
    """Return the density of the largest of `k` standard normal variables on the grid."""
    weight = _values(mean_of_largest(S.One, k, S.One).integrand)
    return np.asarray(weight * np.exp(-(GRID**2) / 2) / np.sqrt(2 * np.pi))


def _level(portrait: Portrait) -> tuple[str, float] | None:
    """Return the label and height of the line at the root of the second moment, averaged over the outputs."""
    return root("h" if len(portrait.curves) == 1 else "h_j", portrait.second_moment)


def _values(expression: Expr) -> Array:
    """Return the values on the grid, piece by piece."""
    values = np.empty_like(GRID)
    for piece in pieces(expression):
        inside = (float(piece.lower) <= GRID) & (float(piece.upper) >= GRID)
        values[inside] = evaluated(piece.expr, GRID[inside])
    return values
