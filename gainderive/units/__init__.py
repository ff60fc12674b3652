"""One file per unit; the file's existence is its enrolment.

A unit is a function of several independent preactivations, or of one and an independent random parameter: gated
units, CReLU, maxout, RReLU. A file ``gainderive/units/<name>.py`` holds one ``UNIT = Unit(...)``; nothing else has to
be edited. :func:`named` finds units and activations alike.

>>> load("reglu").outputs
(x_1*Piecewise((0, x_2 < 0), (x_2, True)),)
>>> named("swiglu").title, named("silu").title
('SwiGLU', 'SiLU')
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from gainderive import activations, files
from gainderive.activations import Activation
from gainderive.errors import UnknownActivation
from gainderive.units._unit import Requirement, Uniform, Unit

__all__ = ["Requirement", "Uniform", "Unit", "load", "named", "names"]


@cache
def names() -> tuple[str, ...]:
    """Return the units' names in alphabetical order, without aliases."""
    return tuple(files.units())


@cache
def load(name: str) -> Unit:
    """Return the unit called `name`, which may be an alias.

    Raises
    ------
    UnknownActivation
        With the nearest names among units and activations.
    """
    if name in names():
        unit: Unit = import_module(f"gainderive.units.{name}").UNIT
        return unit
    found = _aliases().get(name)
    if found is None:
        raise UnknownActivation(name, _known())
    return load(found)


def named(name: str) -> Activation | Unit:
    """Return the activation or the unit called `name`.

    Raises
    ------
    UnknownActivation
        With the nearest names among both.
    """
    try:
        return activations.load(name)
    except UnknownActivation:
        return load(name)


@cache
def _aliases() -> dict[str, str]:
    return {alias: name for name in names() for alias in load(name).aliases}


def _known() -> list[str]:
    plain = [n for name in activations.names() for n in (name, *activations.load(name).aliases)]
    return [*plain, *names(), *_aliases()]
