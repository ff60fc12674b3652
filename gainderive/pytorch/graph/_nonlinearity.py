"""An activation as it was met in a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gainderive.activations import Activation
from gainderive.callables import Opaque
from gainderive.facade import Gain, gain
from gainderive.units import Unit


@dataclass(frozen=True, eq=False)
class Nonlinearity:
    """An activation or unit, the parameters with which it was met, and where.

    Attributes
    ----------
    entry : Activation, Unit or Opaque
        The catalogue's entry with its parameters symbolic; an activation of its own where the catalogue has none; a
        callable where there is no formula.
    settings : mapping
        The parameters with which it was met, those that differ from the entry's defaults.
    where : str
        Qualified name of the module that it is, or in whose forward it is applied.

    Examples
    --------
    >>> from gainderive.activations import load
    >>> steep = Nonlinearity(load("leaky_relu"), {"negative_slope": 0.2}, "net.1")
    >>> str(steep), steep.gain().value
    ('leaky_relu(negative_slope=0.2)', 1.3867504905630728)
    """

    entry: Activation | Unit | Opaque
    settings: Mapping[str, Any] = field(default_factory=dict)
    where: str = ""

    @property
    def name(self) -> str:
        """The entry's name; ``"phi"`` where the catalogue has none."""
        return self.entry.name

    @cached_property
    def activation(self) -> Activation | Unit | Opaque:
        """The entry with its parameters set."""
        return self.entry if isinstance(self.entry, Opaque) else self.entry.at(**self.settings)

    def gain(self, criterion: str = "forward", *, digits: int = 15) -> Gain:
        """Return the gain, as :func:`gainderive.gain` does and with its errors."""
        return gain(self.entry, criterion, digits=digits, **self.settings)

    def __str__(self) -> str:
        shown = ", ".join(f"{name}={_shown(value)}" for name, value in self.settings.items())
        name = self.entry.title if self.name == "phi" else self.name
        return f"{name}({shown})" if shown else name


def _shown(value: Any) -> str:
    """Return a number in decimals, whichever kind it is of, and anything else as it prints."""
    try:
        return f"{float(value):g}"
    except (TypeError, ValueError):
        return str(value)
