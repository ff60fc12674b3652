r"""The picture of a unit as SVG: its gate, its outputs, the band of its random slopes, or the density of a maximum.

Which of them is read off the unit's formula, so that a unit that a new file brings has a picture too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sympy import Expr, Rational, S, lambdify

from gainderive import notation
from gainderive.derivation.reasons.largest import mean_of_largest
from gainderive.facade import Moment
from gainderive.pieces import breakpoints, derivative, pieces
from gainderive.render.plot import COLOUR, GRID, curve, finish, mark, root, svg
from gainderive.render.portrait import Portrait
from gainderive.symbols import x
from gainderive.units import Unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SHARES = [Rational(i, 32) for i in range(33)]
"""Where between its ends a random parameter is put to draw the band."""


def plot(portrait: Portrait) -> str:
    """Return the picture of a unit at its default parameters as SVG."""
    unit = portrait.closed
    assert isinstance(unit, Unit)
    if portrait.is_largest:
        return svg(lambda axes: _largest(axes, portrait, len(unit.inputs)))
    if unit.random is not None:
        return svg(lambda axes: _band(axes, portrait, unit))
    return svg(lambda axes: _outputs(axes, portrait, unit))


def _outputs(axes: Axes, portrait: Portrait, unit: Unit) -> None:
    """Draw the outputs along the last preactivation; of a single output its slope too."""
    *others, last = map(notation.latex, unit.inputs)
    at = ", ".join([*("1" for _ in others), last])
    colours = [COLOUR["phi"], COLOUR["slope"]]
    several = len(portrait.curves) > 1
    values = []
    for j, drawn in enumerate(portrait.curves):
        head = rf"h_{{{j + 1}}}" if several else "h"
        colour = colours[j % 2]
        values.append(curve(axes, drawn, colour, f"${head}({at})$", linewidth=2.4))
        mark(axes, breakpoints(drawn), drawn, colour)
    if not several:
        partial = rf"\partial_{len(unit.inputs)} h" if others else "h'"
        values.append(curve(axes, derivative(portrait.curves[0]), colours[1], f"${partial}({at})$", linewidth=1.6))
    finish(axes, values, _level(portrait), variable=last)


def _band(axes: Axes, portrait: Portrait, unit: Unit) -> None:
    """Draw the output at every value of the random parameter, and at the middle one."""
    assert unit.random is not None
    a, lower, upper = unit.random.symbol, unit.random.lower, unit.random.upper
    middle = (lower + upper) / 2
    values = []
    for drawn in portrait.curves:
        every = np.array([_values(drawn.subs(a, lower + (upper - lower) * share)) for share in _SHARES])
        low, high = every.min(axis=0), every.max(axis=0)
        every_a, middle_a = (rf"$h(x)$, {which} ${notation.latex(a)}$" for which in ("all", "middle"))
        axes.fill_between(GRID, low, high, color=COLOUR["phi"], alpha=0.3, linewidth=0, label=every_a, zorder=1.2)
        shown = drawn.subs(a, middle)
        values += [curve(axes, shown, COLOUR["phi"], middle_a, linewidth=2.4), low, high]
        mark(axes, breakpoints(shown), shown, COLOUR["phi"])
    finish(axes, values, _level(portrait))


def _largest(axes: Axes, portrait: Portrait, k: int) -> None:
    """Draw the density of the largest of `k` standard normal variables, and its mean."""
    largest = density_of_the_largest(k)
    axes.plot(GRID, largest, color=COLOUR["phi"], linewidth=2.4, label=rf"density of the largest of {k}")
    mean = portrait.moments["mean"]
    if isinstance(mean, Moment) and mean.enclosure is not None:
        at = float(mean.enclosure)
        label = rf"$\mathrm{{E}}\,h = {at:.4g}$"
        axes.axvline(at, color=COLOUR["slope"], linewidth=1.4, linestyle=(0, (5, 3)), label=label)
    finish(axes, [largest], None)


def density_of_the_largest(k: int) -> np.ndarray[Any, Any]:
    """Return the density of the largest of `k` standard normal variables on the grid."""
    weight = _values(mean_of_largest(S.One, k, S.One).integrand)
    return np.asarray(weight * np.exp(-(GRID**2) / 2) / np.sqrt(2 * np.pi))


def _level(portrait: Portrait) -> tuple[str, float] | None:
    """Return the label and height of the line at the root of the second moment, averaged over the outputs."""
    return root("h" if len(portrait.curves) == 1 else "h_j", portrait.second_moment)


def _values(expression: Expr) -> np.ndarray[Any, Any]:
    """Return the values on the grid, piece by piece."""
    values = np.empty_like(GRID)
    for piece in pieces(expression):
        inside = (float(piece.lower) <= GRID) & (float(piece.upper) >= GRID)
        with np.errstate(all="ignore"):
            values[inside] = np.broadcast_to(lambdify(x, piece.expr, ["scipy", "numpy"])(GRID[inside]), inside.sum())
    return values
