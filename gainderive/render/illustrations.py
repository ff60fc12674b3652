"""The figures of a result: the picture of the activation or unit whose gain it settles, and its own."""

from __future__ import annotations

from gainderive import units
from gainderive.activations import Activation
from gainderive.catalog import Figure, Result
from gainderive.render import activation, unit
from gainderive.render.portrait import Portrait


def illustrations(result: Result) -> dict[str, Figure]:
    """Return the figures of a result by the names of their files, which lie beside its page.

    >>> from gainderive import catalog
    >>> list(illustrations(catalog.result("GD-0005")))[0]
    'GD-0005.svg'
    """
    figures = (*([_of_settled(result.settles.activation)] if result.settles else []), *result.figures)
    return {f"{result.id}{'' if n == 1 else f'-{n}'}.svg": figure for n, figure in enumerate(figures, start=1)}


def _of_settled(name: str) -> Figure:
    portrait = Portrait(units.named(name))
    kind = activation if isinstance(portrait.entry, Activation) else unit
    return Figure(caption=kind.caption(portrait), draw=lambda: kind.picture(portrait))
