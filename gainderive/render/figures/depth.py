"""Histograms of the activations through a sampled network, a row for each gain: the picture of saturation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gainderive.activations import Activation
from gainderive.render.figures._figure import SLIDE, Figure
from gainderive.render.figures._network import SATURATED_BELOW, SEED, WIDTH, Layer, activations, bins, network
from gainderive.render.figures._saturation import saturated
from gainderive.render.figures._values import Scale, number, percent
from gainderive.render.plot import Ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

_MOST_COLUMNS = 10


def figure(
    activation: Activation, *, gains: Any = None, layers: Any = 10, width: Any = WIDTH, seed: Any = SEED
) -> Figure:
    """Return the histograms, the mean-field prediction over them, and the shares of saturated units.

    Parameters
    ----------
    gains : number, str, or sequence of them
        Weight scales, or the criteria that they solve; 1, the forward gain, 5/3 and 3 when left out.
    layers : int
        Depth; ten layers of a deeper network are shown.
    width : int
        Units of each layer.
    seed : int
        Of the weights and inputs.
    """
    of = network(activation, gains, layers, width, seed)
    rows, edges = activations(of), bins(activation)
    shown = sorted({round(layer) for layer in np.linspace(0, of.layers - 1, min(of.layers, _MOST_COLUMNS))})
    band = saturated(activation, SATURATED_BELOW)

    def draw(canvas: Canvas, ink: Ink) -> None:
        canvas.set_layout_engine("constrained", w_pad=0.04, h_pad=0.05)
        every = canvas.subplots(len(rows), len(shown), squeeze=False, sharex=True, sharey="row")
        for axes_of_row, gain, row in zip(every, of.gains, rows, strict=True):
            for axes, layer in zip(axes_of_row, shown, strict=True):
                _panel(axes, row[layer], edges, ink)
            axes_of_row[0].set_ylabel(_name(gain), rotation=0, ha="right", va="center", fontsize=19)
        for axes, layer in zip(every[-1], shown, strict=True):
            axes.set_xticks([edges[0], edges[-1]], [number(edge, 2) for edge in (edges[0], edges[-1])])
            axes.set_xlabel(f"{'layer ' if layer == 0 else ''}{layer + 1}")
        canvas.suptitle(f"{activation.title}: activations, and the share of saturated units", fontsize=21)

    last = [
        f"at g = {gain} {percent(row[-1].saturated)} (predicted {percent(row[-1].predicted_saturated)})"
        for gain, row in zip(of.gains, rows, strict=True)
    ]
    what = f"Activations of {activation.title} through {of.layers} layers ({of.setting})"
    counted = (
        f"Saturated are units whose slope is below {percent(SATURATED_BELOW)} of its greatest size ({band}); "
        f"of the last layer's {', '.join(last)}"
    )
    return Figure(
        caption=f"{what}. Bars: sampled, at one scale in each row; line: mean-field theory; number: "
        f"share of saturated units. {counted}.",
        alt=f"Histograms: {what[:1].lower()}{what[1:]}, a row for each gain. {counted}.",
        draw=draw,
        size=SLIDE,
    )


def _panel(axes: Axes, layer: Layer, edges: Any, ink: Ink) -> None:
    axes.stairs(layer.shares, edges, fill=True, color=ink.blue, alpha=0.55, linewidth=0)
    axes.stairs(layer.predicted_shares, edges, color=ink.text, linewidth=1.4)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_title(percent(layer.saturated, 2), fontsize=17)


def _name(gain: Scale) -> str:
    return f"$g = {gain.written}$" + (f"\n{gain.criterion}" if gain.criterion else "")
