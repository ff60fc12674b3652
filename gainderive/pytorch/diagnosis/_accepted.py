r"""Which gains of a layer are right.

There is no single one. In :math:`\mathrm{Var}\,W = g^2/\mathrm{fan}` the activation that *made* the input decides what
the forward pass needs (GD-0003), the one that *follows* what PyTorch's habit writes down and what the backward pass
needs; and both passes cannot be kept at once where fans or activations change. So every gain is right that some
derivation gives for one of the two activations, and whatever lies between two right ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gainderive.callables import Opaque
from gainderive.errors import GainderiveError
from gainderive.facade import Gain
from gainderive.pytorch.diagnosis._ends import curve
from gainderive.pytorch.diagnosis._plan import Place
from gainderive.pytorch.graph import Nonlinearity
from gainderive.units import Unit

SLACK = 1.15
"""Factor by which a gain may lie outside and still be right: initializers of one's own are not exact."""
CLOSE = 1.15
"""Factor within which the number in torch's table counts as derived: tanh's 5/3 does, the sigmoid's 1 does not."""
DIGITS = 10


@dataclass(frozen=True)
class Accepted:
    """The right gains of a layer.

    Attributes
    ----------
    values : tuple of float
        Those that a derivation gives, ascending.
    advised : float
        The one to use: for the activation that follows, forward.
    because : str
        The activation that is meant, ``"linear"`` without one.
    result_id : str
        The published result behind `advised`.
    """

    values: tuple[float, ...]
    advised: float
    because: str
    result_id: str

    def off(self, gain: float, slack: float = 0.0) -> float:
        """Return the logarithm of the factor from `gain` to what is right; 0 within a factor of ``exp(slack)``."""
        if gain <= 0:
            return -math.inf
        size, low, high = (math.log(value) for value in (gain, self.values[0], self.values[-1]))
        factor = min(size - low, 0.0) + max(size - high, 0.0)
        return factor if abs(factor) > slack else 0.0

    def away(self, gain: float) -> float:
        """Return the logarithm of the factor between `gain` and the nearest of the values."""
        return min((abs(math.log(gain / value)) for value in self.values), default=math.inf) if gain > 0 else math.inf

    def exactly(self, gain: float, slack: float) -> bool:
        """Tell whether `gain` is one of the values, to within the factor ``exp(slack)``."""
        return self.away(gain) <= slack


def accepted(place: Place) -> Accepted:
    """Return the right gains of a layer in its place."""
    layer = place.layer
    met = [phi for phi in (layer.follower, layer.feeds) if phi is not None]
    values = {value for phi in met for value in gains_of(phi)}
    if layer.role in ("first", "output", "shortcut", "branch_end") or not met:
        values.add(1.0)
    if layer.follower is None:
        values.add(1.0)
    chosen = layer.follower
    advised, result_id = (1.0, "GD-0004") if chosen is None else _forward(chosen)
    values = {value for value in values if value > 0} | {advised}
    return Accepted(tuple(sorted(values)), advised, "linear" if chosen is None else str(chosen), result_id)


def gains_of(phi: Nonlinearity) -> tuple[float, ...]:
    """Return all right gains of an activation."""
    return _gains_of(_Key(phi))


@dataclass(frozen=True, eq=False)
class _Key:
    """A nonlinearity, equal to another if it is the same activation with the same parameters, wherever it is met."""

    phi: Nonlinearity

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> Any:
        entry = self.phi.entry
        own = id(entry) if isinstance(entry, Opaque) else str(getattr(entry, "expression", ""))
        return self.phi.name, own, tuple(sorted((key, str(value)) for key, value in self.phi.settings.items()))


@lru_cache(maxsize=256)
def _gains_of(key: _Key) -> tuple[float, ...]:
    phi = key.phi
    derived = [value for name in ("forward", "backward", "activation") for value in _values(phi, name)]
    if _is_odd_and_saturates(phi):
        derived += _values(phi, "linearized")
    derived += [value for value in _table(phi) if any(_near(value, one) for one in derived)]
    return tuple(derived)


def _near(one: float, other: float) -> bool:
    return abs(math.log(one / other)) <= math.log(CLOSE)


def _values(phi: Nonlinearity, criterion: str) -> list[float]:
    try:
        found: Gain = phi.gain(criterion, digits=DIGITS)
    except GainderiveError:
        return []
    return [found.value] if found.value is not None and math.isfinite(found.value) and found.value > 0 else []


@lru_cache(maxsize=256)
def _forward_of(key: _Key) -> tuple[float, str]:
    try:
        found = key.phi.gain(digits=DIGITS)
    except GainderiveError:
        return 1.0, "GD-0003"
    if found.value is None or not math.isfinite(found.value) or found.value <= 0:
        return 1.0, "GD-0003"
    return found.value, found.id or "GD-0003"


def _forward(phi: Nonlinearity) -> tuple[float, str]:
    return _forward_of(_Key(phi))


def _table(phi: Nonlinearity) -> Iterator[float]:
    """Yield the number of torch's table for an activation, if it has one."""
    from torch.nn import init

    try:
        yield float(init.calculate_gain(phi.name, *map(float, phi.settings.values())))
    except (ValueError, TypeError):
        return


def _is_odd_and_saturates(phi: Nonlinearity) -> bool:
    """Tell whether the activation is like tanh, for which Xavier's linear approximation is used with gain 1."""
    if isinstance(phi.activation, Unit):
        return False
    found = curve(phi.activation)
    return found.ends.saturated_below is not None and found.is_odd
