"""The slope of an activation, where it is small, and the share of Gaussian preactivations for which it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gainderive.activations import Activation
from gainderive.pieces import derivative
from gainderive.render import plot
from gainderive.render.figures._figure import Figure
from gainderive.render.figures._saturation import saturated
from gainderive.render.figures._values import percent, positive, written
from gainderive.render.plot import REACH, Ink

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_SHARES = (0.05, 0.01)
_FARTHEST = 12.0
_HATCHES = ("//", "xx")


def figure(activation: Activation, *, q: Any = 1) -> Figure:
    r"""Return :math:`\phi'` with the bands in which it is below 5 % and 1 % of its greatest size.

    Parameters
    ----------
    q : number
        Second moment of the preactivation.
    """
    exact = positive(q, "q")
    variance = written(exact)
    title = f"Slope of {activation.title}, $u \\sim N(0, {variance})$"
    bands = [saturated(activation, share) for share in _SHARES]
    spread = float(exact) ** 0.5
    ends = [abs(end) for band in bands for end in band.ends if abs(end) < _FARTHEST]
    reach = max([REACH * spread, *(1.25 * end for end in ends)])

    def draw(canvas: Canvas, ink: Ink) -> None:
        axes = canvas.add_subplot()
        for band, hatch in zip(bands, _HATCHES, strict=True):
            label = f"below {percent(band.share)}: {percent(band.mass(spread))} of $u$"
            # Hatched apart from being filled, because an SVG gives both one opacity.
            hatched: dict[str, Any] = {"facecolor": "none", "edgecolor": ink.soft, "hatch": hatch, "linewidth": 0}
            axes.fill_between([], [], **hatched, label=label)
            for low, high in band.within(reach):
                axes.axvspan(low, high, color=ink.shade, alpha=0.2, linewidth=0)
                axes.axvspan(low, high, **hatched)
        slope = derivative(activation.numeric)
        values = plot.curve(axes, slope, ink.orange, r"$\phi'(u)$", linewidth=3.4, reach=reach)
        plot.finish(axes, ink, [values], None, title, variable="u", density="density of $u$", reach=reach)

    told = [f"{band}, which is {percent(band.mass(spread))}" for band in bands]
    return Figure(
        caption=rf"The slope of {activation.title}. Below {percent(_SHARES[0])} of its greatest size: {told[0]} of "
        rf"$u \sim N(0, {variance})$. Below {percent(_SHARES[1])}: {told[1]}.",
        alt=f"The slope of {activation.title} and where it is small. Below {percent(_SHARES[0])} of its greatest "
        f"size: {told[0]} of u ~ N(0, {variance}). Below {percent(_SHARES[1])}: {told[1]}.",
        draw=draw,
    )
