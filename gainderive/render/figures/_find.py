"""From a figure's name to the figure."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any

from gainderive import files
from gainderive.errors import BadParameter, UnknownFigure
from gainderive.facade import resolve_elementwise
from gainderive.render.figures._figure import Figure


def names() -> tuple[str, ...]:
    """Return the figures' names in alphabetical order."""
    return tuple(files.figures())


def options(name: str) -> tuple[str, ...]:
    """Return what can be set of the figure called `name`.

    >>> options("cobweb")
    ('gain', 'sigma_b', 'start')
    """
    parameters = inspect.signature(_function(name)).parameters.values()
    return tuple(p.name for p in parameters if p.kind is p.KEYWORD_ONLY)


def figure(name: str, what: Any, **settings: Any) -> Figure:
    """Return the figure called `name` of an activation; nothing is drawn before it is asked for.

    Parameters
    ----------
    name : str
        One of :func:`names`.
    what : str, Expr, callable or Activation
        As for :func:`gainderive.gain`.
    **settings
        Options of the figure, and parameters of the activation.

    Raises
    ------
    UnknownFigure
        For a name that no figure has.
    BadParameter
        For an option that the figure does not have, or a value that it cannot take.

    Examples
    --------
    >>> figure("activation", "leaky_relu", negative_slope="1/5", q=4).alt
    'Leaky ReLU and its slope over the density of u ~ N(0, 4). The root of E φ(u)² is 1.442. Kinks at 0.'
    """
    function = _function(name)
    own = {option: settings.pop(option) for option in options(name) if option in settings}
    entry = resolve_elementwise(what)
    known = {keyword for p in entry.parameters for keyword in (p.name, *p.aliases)}
    for setting in settings:
        if setting not in known and any(setting in options(other) for other in names()):
            takes = ", ".join(options(name))
            rest = f"what can be set is {takes}." if takes else "nothing can be set of it."
            raise BadParameter(f"the figure {name!r} has no {setting}; {rest}")
    return function(entry.at(**settings), **own)


def _function(name: str) -> Callable[..., Figure]:
    if name not in names():
        raise UnknownFigure(name, names())
    function: Callable[..., Figure] = import_module(f"gainderive.render.figures.{name}").figure
    return function
