r"""The pen that all pictures are drawn with: inks, axes, curves, kinks and jumps.

What is drawn is said in :mod:`gainderive.render.figures` and, of a unit, in :mod:`gainderive.render.unit_plot`.
matplotlib is imported by nobody but :class:`gainderive.render.figures.Figure`, when it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, lambdify

from gainderive.pieces import Breakpoint, pieces
from gainderive.symbols import x

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Ink:
    """The colours of everything drawn, told apart by the colour-blind, and no two alike."""

    ground: str
    text: str
    soft: str
    line: str
    shade: str
    blue: str
    orange: str
    green: str
    purple: str

    @property
    def series(self) -> tuple[str, ...]:
        """The colours of curves that are compared, each to go with a stroke and a marker of its own."""
        return self.blue, self.orange, self.green, self.purple, self.text

    def settings(self) -> dict[str, Any]:
        """Return matplotlib's settings, in letters that are read from the back row when a figure fills half a slide."""
        return {
            "svg.hashsalt": "gainderive",
            "svg.fonttype": "path",
            "pdf.fonttype": 42,
            "mathtext.fontset": "stix",
            "font.family": "DejaVu Sans",
            "font.size": 15,
            "figure.facecolor": self.ground,
            "figure.constrained_layout.w_pad": 0.1,
            "figure.constrained_layout.h_pad": 0.1,
            "axes.facecolor": "none",
            "axes.edgecolor": self.soft,
            "axes.labelcolor": self.text,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.labelsize": 17,
            "axes.linewidth": 1.2,
            "text.color": self.text,
            "xtick.color": self.soft,
            "ytick.color": self.soft,
            "xtick.labelcolor": self.text,
            "ytick.labelcolor": self.text,
            "hatch.color": self.soft,
            "legend.frameon": False,
            "legend.borderaxespad": 0.1,
            "legend.fontsize": 15,
            "legend.title_fontsize": 18,
            "legend.handlelength": 1.8,
            "legend.columnspacing": 1.6,
        }

    def variables(self) -> Mapping[str, str]:
        """Return the colours by their names, which are those of the variables in a picture that follows its reader."""
        return asdict(self)


LIGHT = Ink(
    ground="#ffffff",
    text="#1d2129",
    soft="#5c6470",
    line="#dfe2e7",
    shade="#8b95a2",
    blue="#0b57b4",
    orange="#b3540b",
    green="#00755c",
    purple="#8c3590",
)
DARK = Ink(
    ground="#131416",
    text="#e4e7eb",
    soft="#9aa4b1",
    line="#3a414c",
    shade="#8b95a3",
    blue="#7db4ff",
    orange="#f0a35e",
    green="#45cfa8",
    purple="#e09be6",
)
STROKES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (6, 2, 1.2, 2)), (0, (1.2, 1.4)), (0, (10, 3)))
MARKERS = ("o", "s", "D", "^", "v")
DASHED = (0, (5, 3))

REACH = 4.0
"""Standard deviations that are drawn on either side: all but 6e-5 of a Gaussian."""
_TALLEST = (-0.75, 1.25)
"""Lowest and highest value that is drawn, in units of the reach."""
_POINTS = 241


def grid(reach: float = REACH) -> Array:
    """Return the points at which everything is drawn that has no kinks."""
    return np.linspace(-reach, reach, _POINTS)


GRID = grid()


def curve(
    axes: Axes, expression: Expr, colour: str, label: str, *, linewidth: float, reach: float = REACH, stroke: Any = "-"
) -> Array:
    """Draw every piece on its own, so that no line joins the two sides of a jump; return the values."""
    drawn: list[Array] = []
    for piece in pieces(expression):
        left, right = max(float(piece.lower), -reach), min(float(piece.upper), reach)
        if left >= right:
            continue
        at = np.linspace(left, right, max(2, round(_POINTS * (right - left) / (2 * reach))))
        values = evaluated(piece.expr, at)
        label_once = None if drawn else label
        axes.plot(at, values, color=colour, linewidth=linewidth, linestyle=stroke, label=label_once)
        drawn.append(values[np.isfinite(values)])
    return np.concatenate(drawn)


def evaluated(expression: Expr, at: Array) -> Array:
    """Return the values of an expression without kinks in ``x``."""
    with np.errstate(all="ignore"):
        values: Array = np.broadcast_to(lambdify(x, expression, ["scipy", "numpy"])(at), at.shape).astype(float)
    return values


def mark(
    axes: Axes, breakpoints: Iterable[Breakpoint], expression: Expr, ink: Ink, colour: str, reach: float = REACH
) -> None:
    """Mark a kink by a dot, and a jump by a ring on either side and a dotted line between."""
    parts = {float(piece.lower): piece for piece in pieces(expression)}
    for point in breakpoints:
        at = float(point.at)
        if abs(at) > reach or not (point.is_kink or point.is_jump):
            continue
        upper = float(parts[at].expr.subs(x, point.at))
        lower = upper - float(point.jump)
        if point.is_jump:
            axes.plot([at, at], [lower, upper], color=colour, linewidth=1.4, linestyle=":")
        filling = ink.ground if point.is_jump else colour
        axes.plot(
            [at, at], [lower, upper], "o", color=colour, markerfacecolor=filling, markersize=7.5, linestyle="none"
        )


def finish(
    axes: Axes,
    ink: Ink,
    values: list[Array],
    level: tuple[str, float] | None,
    title: str,
    *,
    variable: str = "x",
    density: str = "density of $z$",
    reach: float = REACH,
) -> None:
    """Draw what lies behind the curves, the bell of a normal density and a labelled level; set limits and legend.

    The bell is that of a standard normal variable, stretched sideways when the reach is not that of one.
    """
    at = grid(reach)
    bell = np.exp(-((REACH * at / reach) ** 2) / 2) / np.sqrt(2 * np.pi)
    cross(axes, ink)
    axes.fill_between(at, bell, color=ink.shade, alpha=0.35, linewidth=0, label=density, zorder=1)
    if level is not None:
        label, height = level
        axes.axhline(height, color=ink.soft, linewidth=1.8, linestyle=DASHED, label=label, zorder=1.5)
    axes.set_xlim(-reach, reach)
    axes.set_ylim(*_limits(np.concatenate([*values, bell]), max(reach, REACH)))
    axes.set_xlabel(f"${variable}$")
    legend(axes, title)


def cross(axes: Axes, ink: Ink) -> None:
    """Draw the lines through the origin."""
    axes.axhline(0, color=ink.line, linewidth=1.2, zorder=0)
    axes.axvline(0, color=ink.line, linewidth=1.2, zorder=0)


def legend(axes: Axes, title: str) -> None:
    """Put what is drawn, and the legend, above the axes, where nothing is drawn."""
    canvas = axes.figure
    assert canvas is not None
    canvas.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=2, title=title)


def root(what: str, second_moment: float | None) -> tuple[str, float] | None:
    """Return the label and the height of the line at the root of a second moment."""
    if second_moment is None:
        return None
    return rf"$\sqrt{{\mathrm{{E}}\,{what}^2}} = {second_moment**0.5:.4g}$", second_moment**0.5


def _limits(values: Array, reach: float) -> tuple[float, float]:
    lowest, highest = (reach * share for share in _TALLEST)
    low, high = max(float(values.min()), lowest), min(float(values.max()), highest)
    margin = 0.06 * (high - low)
    return low - margin, high + margin
