"""The size of gradients, layer by layer, in the sampled networks whose activations the depth figure shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gainderive.activations import Activation
from gainderive.errors import BadParameter
from gainderive.render import plot
from gainderive.render.figures._figure import Figure
from gainderive.render.figures._network import SEED, WIDTH, factors, gradients, network
from gainderive.render.figures._values import number
from gainderive.render.plot import Array, Ink

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_MOST_TICKS = 10
_FEW = 2.5
"""Decades below which powers of ten are too few marks."""


def figure(
    activation: Activation, *, gains: Any = None, layers: Any = 10, width: Any = WIDTH, seed: Any = SEED
) -> Figure:
    r"""Return the root mean squares of :math:`\partial L/\partial u_l`, sampled and by mean-field theory.

    Parameters
    ----------
    gains, layers, width, seed
        As for the depth figure.
    """
    of = network(activation, gains, layers, width, seed)
    sampled = gradients(of)
    if not np.isfinite(sampled).all():
        raise BadParameter(f"no gradient comes back through {activation.title}, whose slope is 0 almost everywhere")
    chis = [factors(of, gain.value) for gain in of.gains]
    predicted = [_predicted(chi) for chi in chis]
    at = np.arange(1, of.layers + 1)

    def draw(canvas: Canvas, ink: Ink) -> None:
        from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

        axes = canvas.add_subplot()
        axes.axhline(1, color=ink.line, linewidth=1.2, zorder=0)
        for i, (gain, chi) in enumerate(zip(of.gains, chis, strict=True)):
            colour = ink.series[i % len(ink.series)]
            marker = plot.MARKERS[i % len(plot.MARKERS)]
            label = rf"$g = {gain.written}$: $\chi = {number(chi[-1], 3)}$"
            axes.plot(at, predicted[i], color=colour, linewidth=2, linestyle=plot.DASHED)
            axes.plot(at, sampled[i], marker, color=colour, markersize=8.5, label=label)
        axes.set_yscale("log")
        axes.yaxis.set_minor_formatter(NullFormatter())
        if _decades(sampled) < _FEW:
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
            axes.yaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_major_locator(MaxNLocator(_MOST_TICKS, integer=True))
        axes.set_xlabel("layer $l$")
        axes.set_ylabel(r"$\|\partial L/\partial u_l\|$, last layer: 1")
        plot.legend(axes, activation.title)

    told = "; ".join(
        f"g = {gain}: {number(row[0], 3)} (predicted {number(line[0], 3)})"
        for gain, row, line in zip(of.gains, sampled, predicted, strict=True)
    )
    what = f"of gradients through {of.layers} layers of {activation.title} ({of.setting})"
    return Figure(
        caption=f"Norms {what}, relative to the last layer's. Marks: sampled; dashed: mean-field theory, by which each "
        rf"layer multiplies their squares by $\chi = g^2\,\mathrm{{E}}\,\phi'(\sqrt{{q_l}}\,z)^2$ "
        f"(written: the last layer's). First layer: {told}.",
        alt=f"Norms {what}, relative to the last layer's, on a logarithmic scale. First layer: {told}.",
        draw=draw,
    )


def _predicted(chi: tuple[float, ...]) -> Array:
    r"""Return the root mean squares relative to the last layer's: those of the layers below it are multiplied up."""
    products = np.cumprod([1.0, *(chi[layer] for layer in range(len(chi) - 2, -1, -1))])
    return np.asarray(np.sqrt(products[::-1]))


def _decades(values: Array) -> float:
    positive = values[values > 0]
    return float(np.log10(positive.max() / positive.min()))
