r"""Where an activation is flat, and whether that is saturation.

An activation is *flat* on a half line where :math:`|\phi'|` stays below 1 % of its largest value on ``[-2, 2]``, in
which 95 % of standard normal preactivations lie. The ends of these half lines are rounded to a tenth, as people quote
them: for tanh they are -3 and 3 (:math:`\tanh'(3) = 0.0099`), for the sigmoid -6 and 6.

Where a function is flat on both sides at two different levels it *saturates*: information is lost because the
preactivation is too large, in either direction. Where it is flat on one side only, or on both at one level, or from 0
on, being flat is what it is for: such units are *off*, as ReLU's for u < 0 and GELU's for u < -3 are, and half of them
should be.

The *saturated bands* are the values within 5 % of the way between the two levels: for tanh ``|h| >= 0.9``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gainderive.activations import Activation
from gainderive.callables import Opaque
from gainderive.quadrature import Compiled

Array = NDArray[np.float64]

FLAT = 0.01
"""Share of the largest slope below which a function is called flat."""
USUAL = 2.0
STEP = 0.01
"""Length of the chords whose slopes are looked at; one of them has 0 in its middle."""
CHORDS = 6400
"""Chords on either side of 0."""
BAND = 0.05
DEVIATIONS = 9.0
NODES = 4001


@dataclass(frozen=True)
class Ends:
    """Where an activation is flat.

    Attributes
    ----------
    saturated_below, saturated_above : float or None
        Preactivations beyond which it saturates.
    off_below, off_above : float or None
        Preactivations beyond which it is off.
    low, high : float or None
        Ends of the saturated bands: it is in one where ``h <= low`` or ``h >= high``.
    """

    saturated_below: float | None = None
    saturated_above: float | None = None
    off_below: float | None = None
    off_above: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def flat_below(self) -> float | None:
        """The end of the flat half line on the left, for either reason."""
        return self.saturated_below if self.off_below is None else self.off_below

    @property
    def flat_above(self) -> float | None:
        """The end of the flat half line on the right, for either reason."""
        return self.saturated_above if self.off_above is None else self.off_above


class Curve:
    """An activation as its values on a line, and what follows from them.

    Parameters
    ----------
    activation : Activation or Opaque
        With all parameters set.
    """

    def __init__(self, activation: Activation | Opaque) -> None:
        self.activation = activation
        self._function: Callable[[Array], Array] = (
            activation.function if isinstance(activation, Opaque) else Compiled(activation.numeric).values
        )

    def __call__(self, at: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.broadcast_to(np.asarray(self._function(at), dtype=np.float64), at.shape)

    def second_moment(self, mean: float, variance: float) -> float:
        r"""Return :math:`E\phi(u)^2` over ``u ~ N(mean, variance)``.

        By the trapezoidal rule over 9 standard deviations on either side: for smooth functions exact to double
        precision, with a relative error of about 1e-5 where there are kinks, far below every error of a measurement.

        >>> from gainderive.activations import load
        >>> round(Curve(load("relu").at()).second_moment(0.0, 1.0), 4)
        0.5
        """
        return self._mean_square(self, mean, variance)

    def slope_moment(self, mean: float, variance: float) -> float:
        r"""Return :math:`E\phi'(u)^2` over ``u ~ N(mean, variance)``, the slope being that of chords of 1e-3.

        >>> from gainderive.activations import load
        >>> round(Curve(load("relu").at()).slope_moment(0.0, 1.0), 2)
        0.5
        """
        return self._mean_square(lambda at: (self(at + 5e-4) - self(at - 5e-4)) / 1e-3, mean, variance)

    def _mean_square(self, function: Callable[[Array], Array], mean: float, variance: float) -> float:
        z = np.linspace(-DEVIATIONS, DEVIATIONS, NODES)
        weights = np.exp(-(z**2) / 2)
        weights /= weights.sum()
        with np.errstate(all="ignore"):
            return float(weights @ function(mean + math.sqrt(max(variance, 0.0)) * z) ** 2)

    @cached_property
    def is_odd(self) -> bool:
        """Whether ``phi(-x) = -phi(x)``."""
        places = np.linspace(0.0, 2 * USUAL, 65)
        return bool(np.allclose(self(places), -self(-places), rtol=1e-6, atol=1e-6))

    @cached_property
    def ends(self) -> Ends:
        """Where it is flat.

        >>> from gainderive.activations import load
        >>> Curve(load("tanh")).ends.saturated_above, Curve(load("tanh")).ends.high
        (3.0, 0.9)
        >>> Curve(load("relu")).ends
        Ends(saturated_below=None, saturated_above=None, off_below=0.0, off_above=None, low=None, high=None)
        """
        places = STEP * np.arange(-CHORDS, CHORDS + 1)
        values = self(np.append(places - STEP / 2, places[-1] + STEP / 2))
        slopes = np.abs(np.diff(values)) / STEP
        # A slope of exactly 1 %, as Leaky ReLU's, is none that is below it.
        steep = slopes >= (1 - 1e-6) * FLAT * slopes[np.abs(places) <= USUAL].max()
        if not steep.any() or not np.isfinite(values).all():
            return Ends()
        first, last = int(np.argmax(steep)), len(steep) - 1 - int(np.argmax(steep[::-1]))
        below = None if first == 0 else _rounded(float(places[first]))
        above = None if last == len(steep) - 1 else _rounded(float(places[last]))
        low, high = float(values[0]), float(values[-1])
        if below is None or above is None or math.isclose(low, high, rel_tol=1e-6, abs_tol=FLAT):
            return Ends(off_below=below, off_above=above)
        low, high = sorted((low, high))
        margin = BAND * (high - low)
        return Ends(
            saturated_below=below if below != 0 else None,
            off_below=below if below == 0 else None,
            saturated_above=above if above != 0 else None,
            off_above=above if above == 0 else None,
            low=_shown(low + margin) if below != 0 else None,
            high=_shown(high - margin) if above != 0 else None,
        )


@lru_cache(maxsize=256)
def _remembered(activation: Any) -> Curve:
    return Curve(activation)


def curve(activation: Activation | Opaque) -> Curve:
    """Return the curve of `activation`, remembered, since it is sampled once."""
    return _remembered(activation)


def _rounded(end: float) -> float:
    return math.copysign(math.floor(10 * abs(end) + 0.5 + 1e-9) / 10, end) + 0.0


def _shown(level: float) -> float:
    """Return the end of a band without what the finite length of the line adds to it."""
    return round(level, 3)
