"""The figures of a result: the picture of the activation or unit whose gain it settles, and its own."""

from __future__ import annotations

from gainderive import units
from gainderive.activations import Activation
from gainderive.catalog import Result
from gainderive.render import activation, unit
from gainderive.render.figures import Figure, figure
from gainderive.render.portrait import Portrait


def illustrations(result: Result) -> dict[str, Figure]:
    """Return the figures of a result by their names; their files lie beside its page.

    >>> from gainderive import catalog
    >>> list(illustrations(catalog.result("GD-0005")))[0]
    'GD-0005'
    """
    own = (figure(held.figure, held.activation, **held.settings) for held in result.figures)
    drawn = (*([_of_settled(result.settles.activation)] if result.settles else []), *own)
    return {f"{result.id}{'' if n == 1 else f'-{n}'}": shown for n, shown in enumerate(drawn, start=1)}


def _of_settled(name: str) -> Figure:
    portrait = Portrait(units.named(name))
    return activation.picture(portrait) if isinstance(portrait.entry, Activation) else unit.picture(portrait)
