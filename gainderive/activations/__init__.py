"""One file per activation; the file's existence is its enrolment.

A file ``gainderive/activations/<name>.py`` holds one ``ACTIVATION = Activation(...)``. Nothing
else has to be edited: names and aliases are read from the files.

>>> load("relu").expression
Piecewise((0, x < 0), (x, True))
>>> load("conv2d").name
'identity'
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from gainderive import files
from gainderive.activations._activation import Activation, Choice, Constant, Parameter
from gainderive.errors import UnknownActivation

__all__ = ["Activation", "Choice", "Constant", "Parameter", "load", "names"]


@cache
def names() -> tuple[str, ...]:
    """Return the activations' names in alphabetical order, without aliases."""
    return tuple(files.activations())


@cache
def load(name: str) -> Activation:
    """Return the activation called `name`, which may be an alias.

    Raises
    ------
    UnknownActivation
        With the nearest names.
    """
    if name in names():
        activation: Activation = import_module(f"gainderive.activations.{name}").ACTIVATION
        return activation
    found = _aliases().get(name)
    if found is None:
        raise UnknownActivation(name, [*names(), *_aliases()])
    return load(found)


@cache
def _aliases() -> dict[str, str]:
    return {alias: name for name in names() for alias in load(name).aliases}
