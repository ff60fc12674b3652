r"""A phase diagram as a picture: :math:`\log\chi_1` over the scales, the edge of chaos, and where signals leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gainderive.errors import BadParameter
from gainderive.meanfield import Phase, PhaseDiagram
from gainderive.render.figures import Figure
from gainderive.render.plot import Ink

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

_MOST = 1.0
"""The logarithm of chi_1 from which on colours do not tell more."""
_SIZE = (8.0, 5.6)


def picture(diagram: PhaseDiagram) -> Figure:
    """Return the diagram as a figure; biases run to the right, weights upward.

    Raises
    ------
    BadParameter
        When the grid is a single row or column, which is no area.

    Examples
    --------
    >>> from gainderive.meanfield import phase
    >>> picture(phase("tanh", sigma_w=[0.5, 1.5, 2.0], sigma_b=[0.0, 0.3])).alt
    'Phase diagram of tanh, 3 weight by 2 bias scales: chaotic 4, collapses 1, ordered 1 points.'
    """
    if min(diagram.q.shape) < 2:
        raise BadParameter(
            "a phase diagram needs at least two weight and two bias scales; for one, see the cobweb figure"
        )
    kinds, counts = np.unique(diagram.label, return_counts=True)
    told = ", ".join(f"{kind} {count}" for kind, count in zip(kinds, counts, strict=True))

    def draw(canvas: Canvas, ink: Ink) -> None:
        axes = canvas.add_subplot()
        leaves = np.isin(diagram.label, (Phase.DIVERGES.value,))
        with np.errstate(divide="ignore"):
            logarithm = np.log(np.where(np.isfinite(diagram.chi_1), diagram.chi_1, np.exp(_MOST)))
        shown = np.ma.masked_array(np.clip(logarithm, -_MOST, _MOST), leaves)
        mesh = axes.pcolormesh(
            diagram.sigma_b, diagram.sigma_w, shown, cmap="RdBu_r", vmin=-_MOST, vmax=_MOST, rasterized=True
        )
        stays = ~leaves
        if stays.any() and (logarithm[stays] < 0).any() and (logarithm[stays] > 0).any():
            axes.contour(diagram.sigma_b, diagram.sigma_w, shown, levels=[0.0], colors=[ink.text], linewidths=2.6)
        if leaves.any():
            axes.contourf(
                diagram.sigma_b, diagram.sigma_w, leaves.astype(float), levels=[0.5, 1.5], colors="none", hatches=["//"]
            )
        axes.set_xlabel(r"$\sigma_b$")
        axes.set_ylabel(r"$\sigma_w$")
        axes.set_title(diagram.activation.title, color=ink.text)
        bar = canvas.colorbar(mesh, ax=axes, extend="both")
        bar.set_label(r"$\log\,\chi_1$: ordered below 0, chaotic above")

    return Figure(
        caption=f"Phase diagram of {diagram.activation.title}: "
        r"$\log\chi_1$ at the fixed point to which the second moment comes from "
        f"$q = {diagram.start:g}$; the line is the edge of chaos, hatched is where it diverges. Points: {told}.",
        alt=f"Phase diagram of {diagram.activation.title}, {diagram.q.shape[0]} weight by {diagram.q.shape[1]} bias "
        f"scales: {told} points.",
        draw=draw,
        size=_SIZE,
    )
