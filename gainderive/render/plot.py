r"""The picture of an activation: :math:`\phi`, :math:`\phi'`, the Gaussian density, kinks and jumps, as SVG.

What is drawn of a unit is in :mod:`gainderive.render.unit_plot`, with the same pen.

Equal input gives equal bytes: no date, identifiers hashed with a fixed salt, text as paths. Colours are CSS
variables, so one file serves light and dark pages; a viewer without CSS variables sees the light ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np
from sympy import Expr, lambdify

from gainderive.errors import MissingExtra
from gainderive.pieces import Breakpoint, derivative, pieces
from gainderive.symbols import x

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = {
    "text": ("#1d2129", "#e4e7eb"),
    "soft": ("#5c6470", "#9aa4b1"),
    "line": ("#dfe2e7", "#3a414c"),
    "phi": ("#0b57b4", "#7db4ff"),
    "slope": ("#b3540b", "#f0a35e"),
    "density": ("#8b95a3", "#8b95a3"),
}
"""Light and dark colour of everything drawn; the light ones are drawn and differ from each other."""
_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "gainderive",
    "svg.fonttype": "path",
    "mathtext.fontset": "stix",
    "font.family": "DejaVu Sans",
    "font.size": 11,
    "text.color": _COLOURS["text"][0],
    "axes.edgecolor": _COLOURS["soft"][0],
    "axes.labelcolor": _COLOURS["text"][0],
    "xtick.color": _COLOURS["soft"][0],
    "ytick.color": _COLOURS["soft"][0],
    "legend.frameon": False,
    "legend.fontsize": 11.5,
}
REACH = 4.0
"""The plot goes from minus this to this: all but 6e-5 of the Gaussian."""
_TALLEST = (-3.0, 5.0)
_POINTS = 241
GRID = np.linspace(-REACH, REACH, _POINTS)
COLOUR = {name: light for name, (light, _) in _COLOURS.items()}
"""The colours to draw with."""


def plot(phi: Expr, second_moment: float | None, breakpoints: tuple[Breakpoint, ...] = ()) -> str:
    r"""Return the picture of an activation at given parameters as SVG.

    Parameters
    ----------
    phi : Expr
        In ``x`` alone.
    second_moment : float or None
        :math:`E\phi(z)^2`, whose root is drawn as a line.
    breakpoints : tuple of Breakpoint
        Kinks and jumps to mark.

    Raises
    ------
    MissingExtra
        When matplotlib is not installed.
    """
    return svg(lambda axes: _draw(axes, phi, second_moment, breakpoints))


def svg(draw: Callable[[Axes], None]) -> str:
    """Return what `draw` draws as SVG, in colours that follow the page.

    Raises
    ------
    MissingExtra
        When matplotlib is not installed.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        raise MissingExtra("drawing an activation", "matplotlib", "plot") from None
    written = StringIO()
    with rc_context(_SETTINGS):
        figure = Figure(figsize=(6.0, 3.5), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.add_subplot())
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _with_variables(written.getvalue())


def _draw(axes: Axes, phi: Expr, second_moment: float | None, breakpoints: tuple[Breakpoint, ...]) -> None:
    values = curve(axes, phi, COLOUR["phi"], r"$\phi(x)$", linewidth=2.4)
    # The thinner line lies above, so that both are seen where they agree, as those of exp do.
    slopes = curve(axes, derivative(phi), COLOUR["slope"], r"$\phi'(x)$", linewidth=1.6)
    mark(axes, breakpoints, phi, COLOUR["phi"])
    finish(axes, [values, slopes], root(r"\phi(z)", second_moment))


def root(what: str, second_moment: float | None) -> tuple[str, float] | None:
    """Return the label and the height of the line at the root of a second moment."""
    if second_moment is None:
        return None
    return rf"$\sqrt{{\mathrm{{E}}\,{what}^2}} = {second_moment**0.5:.4g}$", second_moment**0.5


def finish(
    axes: Axes, values: list[np.ndarray[Any, Any]], level: tuple[str, float] | None, *, variable: str = "x"
) -> None:
    """Draw what lies behind the curves, the standard normal density and a labelled level, and set limits and legend."""
    density = np.exp(-(GRID**2) / 2) / np.sqrt(2 * np.pi)
    axes.axhline(0, color=COLOUR["line"], linewidth=1, zorder=0)
    axes.axvline(0, color=COLOUR["line"], linewidth=1, zorder=0)
    axes.fill_between(GRID, density, color=COLOUR["density"], alpha=0.3, linewidth=0, label="density of $z$", zorder=1)
    if level is not None:
        label, height = level
        style = (0, (5, 3))
        axes.axhline(height, color=COLOUR["soft"], linewidth=1.2, linestyle=style, label=label, zorder=1.5)
    axes.set_xlim(-REACH, REACH)
    axes.set_ylim(*_limits(np.concatenate([*values, density])))
    axes.set_xlabel(f"${variable}$")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=len(axes.get_legend_handles_labels()[1]),
        handlelength=1.4,
        columnspacing=1.6,
    )


def curve(axes: Axes, expression: Expr, colour: str, label: str, *, linewidth: float) -> np.ndarray[Any, Any]:
    """Draw every piece on its own, so that no line joins the two sides of a jump; return the values."""
    drawn: list[np.ndarray[Any, Any]] = []
    for piece in pieces(expression):
        left, right = max(float(piece.lower), -REACH), min(float(piece.upper), REACH)
        if left >= right:
            continue
        at = np.linspace(left, right, max(2, round(_POINTS * (right - left) / (2 * REACH))))
        with np.errstate(all="ignore"):
            values = np.broadcast_to(lambdify(x, piece.expr, ["scipy", "numpy"])(at), at.shape).astype(float)
        axes.plot(at, values, color=colour, linewidth=linewidth, label=None if drawn else label)
        drawn.append(values[np.isfinite(values)])
    return np.concatenate(drawn)


def mark(axes: Axes, breakpoints: tuple[Breakpoint, ...], expression: Expr, colour: str) -> None:
    """Mark a kink by a dot, and a jump by a ring on either side and a dotted line between."""
    parts = {float(piece.lower): piece for piece in pieces(expression)}
    for point in breakpoints:
        at = float(point.at)
        if abs(at) > REACH or not (point.is_kink or point.is_jump):
            continue
        upper = float(parts[at].expr.subs(x, point.at))
        lower = upper - float(point.jump)
        if point.is_jump:
            axes.plot([at, at], [lower, upper], color=colour, linewidth=1.2, linestyle=":")
        hollow = "none" if point.is_jump else colour
        axes.plot([at, at], [lower, upper], "o", color=colour, markerfacecolor=hollow, markersize=6, linestyle="none")


def _limits(values: np.ndarray[Any, Any]) -> tuple[float, float]:
    low, high = max(float(values.min()), _TALLEST[0]), min(float(values.max()), _TALLEST[1])
    margin = 0.06 * (high - low)
    return low - margin, high + margin


def _with_variables(svg: str) -> str:
    """Return the picture with a style sheet for both schemes, and the drawn colours as its variables."""
    svg = re.sub(r"<!--.*?-->\n?", "", svg, flags=re.DOTALL)
    for name, (light, _) in _COLOURS.items():
        svg = svg.replace(light, f"var(--{name}, {light})")
    light, dark = (";".join(f"--{name}:{pair[i]}" for name, pair in _COLOURS.items()) for i in (0, 1))
    style = f"<style>svg{{{light}}}@media (prefers-color-scheme: dark){{svg{{{dark}}}}}</style>"
    return re.sub(r"(<svg\b[^>]*>)", rf"\1\n {style}", svg, count=1)
