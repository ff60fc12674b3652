"""An activation and its slope over the density of its Gaussian input, with the root of its second moment."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gainderive.activations import Activation
from gainderive.errors import MomentDiverges, Undecided
from gainderive.pieces import Breakpoint, breakpoints, derivative
from gainderive.render import plot
from gainderive.render.figures._figure import Figure
from gainderive.render.figures._values import number, positive, second_moment, written
from gainderive.render.plot import REACH, Ink

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


def figure(activation: Activation, *, q: Any = 1) -> Figure:
    r"""Return :math:`\phi`, :math:`\phi'`, the density of ``u ~ N(0, q)`` and :math:`\sqrt{E\phi(u)^2}`.

    Parameters
    ----------
    q : number
        Second moment of the preactivation.
    """
    exact = positive(q, "q")
    phi, reach = activation.numeric, REACH * float(exact) ** 0.5
    root = _root_of_second_moment(activation, float(exact))
    broken = _breakpoints(activation)
    variance = written(exact)
    title = f"{activation.title}, $u \\sim N(0, {variance})$"

    def draw(canvas: Canvas, ink: Ink) -> None:
        axes = canvas.add_subplot()
        values = plot.curve(axes, phi, ink.blue, r"$\phi(u)$", linewidth=3.4, reach=reach)
        # The thinner line lies above, so that both are seen where they agree, as those of exp do.
        slope = derivative(phi)
        slopes = plot.curve(axes, slope, ink.orange, r"$\phi'(u)$", linewidth=2.2, reach=reach, stroke=plot.STROKES[1])
        plot.mark(axes, broken, phi, ink, ink.blue, reach)
        level = None if root is None else plot.root(r"\phi(u)", root**2)
        plot.finish(axes, ink, [values, slopes], level, title, variable="u", density="density of $u$", reach=reach)

    shown_root = "" if root is None else f" The root of E φ(u)² is {number(root)}."
    shown_level = "" if root is None else rf" $\sqrt{{\mathrm{{E}}\,\phi(u)^2}} = {number(root)}$."
    places = "".join(
        f" {kind} at {', '.join(at)}."
        for kind, at in (
            ("Kinks", _places(broken, jumps=False)),
            ("Jumps", _places(broken, jumps=True)),
        )
        if at
    )
    return Figure(
        caption=rf"{activation.title} and its slope, over the density of $u \sim N(0, {variance})$."
        f"{shown_level}{places}",
        alt=f"{activation.title} and its slope over the density of u ~ N(0, {variance}).{shown_root}{places}",
        draw=draw,
    )


def _root_of_second_moment(activation: Activation, q: float) -> float | None:
    try:
        return math.sqrt(second_moment(activation).mean(q).value)
    except (MomentDiverges, Undecided):
        return None


def _breakpoints(activation: Activation) -> tuple[Breakpoint, ...]:
    """Return the kinks and jumps; none where they cannot be found exactly."""
    try:
        return breakpoints(activation.numeric)
    except Undecided:
        return ()


def _places(broken: Iterable[Breakpoint], *, jumps: bool) -> list[str]:
    return [number(float(b.at)) for b in broken if (b.is_jump if jumps else b.is_kink)]
