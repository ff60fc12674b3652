"""What an initializer promises: the scale of its weights for any shape, and their distribution."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gainderive.errors import BadParameter
from gainderive.numbers import exact
from gainderive.testing._laws import Law, Normal, Truncated, Uniform

FANS: dict[str, Callable[[int, int], float]] = {
    "fan_in": lambda fan_in, fan_out: fan_in,
    "fan_out": lambda fan_in, fan_out: fan_out,
    "fan_avg": lambda fan_in, fan_out: (fan_in + fan_out) / 2,
    "fan_geo_avg": lambda fan_in, fan_out: math.sqrt(fan_in * fan_out),
    "none": lambda fan_in, fan_out: 1.0,
}
"""By what the squared gain is divided, given both fans; one name for each convention in use."""
DISTRIBUTIONS = ("normal", "uniform", "truncated_normal", "orthogonal", "constant")
LAYOUTS = ("oi", "io")
"""``oi`` is torch's order of a kernel's axes: outputs, inputs, kernel; ``io`` that of JAX and Keras, the other way."""
MANY = 2**16
"""From this size on, the fans are told apart by smaller shapes."""

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Promise:
    r"""The second moment :math:`E W^2 = g^2/\mathrm{fan}` for every shape, and perhaps the distribution.

    Attributes
    ----------
    mode : str
        A key of ``FANS``.
    gain : float
        The gain `g`, positive.
    distribution : str or None
        One of ``DISTRIBUTIONS``; None promises a mean of 0 and the second moment only.
    truncation : float
        Where a truncated normal distribution ends, in standard deviations of the normal that is cut off.
    corrected : bool
        Whether ``g**2/fan`` is the second moment after truncation; if not, it is that of the normal before it.
    layout : str
        One of ``LAYOUTS``.
    gain_id : str or None
        The published result that settles the gain.
    """

    mode: str = "fan_in"
    gain: float = 1.0
    distribution: str | None = None
    truncation: float = 2.0
    corrected: bool = True
    layout: str = "oi"
    gain_id: str | None = None

    def __post_init__(self) -> None:
        _require_one_of("mode", self.mode, FANS)
        _require_one_of("layout", self.layout, LAYOUTS)
        if self.distribution is not None:
            _require_one_of("distribution", self.distribution, DISTRIBUTIONS)
        if self.distribution != "constant" and not (self.gain > 0 and math.isfinite(self.gain)):
            raise BadParameter(f"the gain is {self.gain}; give a positive number, or the name of an activation")
        if not (0.1 <= self.truncation <= 100):
            raise BadParameter(
                f"truncation is {self.truncation}; give the end of the distribution in standard deviations, such as 2"
            )

    @property
    def law(self) -> Law | None:
        """The distribution of one weight over its standard deviation, if independent weights of one are promised."""
        match self.distribution:
            case "normal":
                return Normal()
            case "uniform":
                return Uniform()
            case "truncated_normal":
                return Truncated(self.truncation)
            case _:
                return None

    def fans(self, shape: Shape) -> tuple[int, int]:
        """Return fan_in and fan_out of a weight tensor, its axes in the order of the layout."""
        ordered = shape if self.layout == "oi" else (shape[-1], shape[-2], *shape[:-2])
        receptive = math.prod(ordered[2:])
        return ordered[1] * receptive, ordered[0] * receptive

    def second_moment(self, shape: Shape) -> float:
        """Return the promised mean of the squared weights."""
        if self.distribution == "orthogonal":
            rows, columns = self.matrix(shape)
            return self.gain**2 / max(rows, columns)
        parent = self.gain**2 / (1.0 if self.mode == "none" else FANS[self.mode](*self.fans(shape)))
        if self.distribution == "truncated_normal" and not self.corrected:
            return parent * Truncated(self.truncation).share
        return parent

    def matrix(self, shape: Shape) -> tuple[int, int]:
        """Return the number of rows and of columns when the tensor is read as a matrix, one row for each output."""
        out = 0 if self.layout == "oi" else -1
        return shape[out], math.prod(shape) // shape[out]

    def probes(self, shape: Shape) -> tuple[Shape, ...]:
        """Return the shapes that tell fans apart: one axis four times as long, or a quarter of it."""
        shrinks = math.prod(shape) > MANY
        return tuple(
            (*shape[:axis], length // 4 if shrinks and length >= 16 else 4 * length, *shape[axis + 1 :])
            for axis, length in enumerate(shape)
        )

    def free_axis(self, shape: Shape) -> int:
        """Return an axis that may grow without changing the fan, or that of the outputs where there is none."""
        outputs, inputs = (0, 1) if self.layout == "oi" else (len(shape) - 1, len(shape) - 2)
        return inputs if self.mode == "fan_out" and len(shape) > 1 else outputs

    def __str__(self) -> str:
        named = {None: "centred weights of any distribution", "constant": f"all weights {self.gain:g}"}
        what = named.get(self.distribution, f"{str(self.distribution).replace('_', ' ')} weights")
        if self.distribution == "truncated_normal":
            what += f" (cut off at {self.truncation:g} standard deviations)"
        if self.distribution == "constant":
            return what
        if self.distribution == "orthogonal":
            return f"{what} of gain {self.gain:.6g}"
        over = "" if self.mode == "none" else f"/{self.mode}"
        before = "" if self.corrected else " before truncation"
        return f"{what} with second moment {self.gain**2:.6g}{over}{before}"


def read_gain(gain: Any) -> tuple[float, str | None]:
    """Return a gain as a number, and the ID of the result that settles it, from a number, a name, or a ``Gain``."""
    from gainderive.facade import Gain
    from gainderive.facade import gain as derive

    if isinstance(gain, str):
        gain = derive(gain)
    if isinstance(gain, Gain):
        return float(gain), gain.id
    return float(exact(gain, "gain")), None


def read_shape(shape: Any, promise: Promise) -> Shape:
    """Return `shape` as a tuple of positive integers with as many axes as the promise needs."""
    try:
        read = tuple(int(n) for n in shape)
        whole = read == tuple(shape)
    except (TypeError, ValueError):
        read, whole = (), False
    if not whole or not read or min(read) < 1:
        raise BadParameter(f"the shape is {shape!r}; give the lengths of the axes, such as (128, 64)")
    needs_fans = promise.distribution == "orthogonal" or (promise.mode != "none" and promise.distribution != "constant")
    if len(read) < 2 and needs_fans:
        raise BadParameter(f"the shape {read} has no fans; give at least two axes, or mode='none'")
    return read


def _require_one_of(what: str, value: object, known: Any) -> None:
    if value not in tuple(known):
        raise BadParameter(f"{what} is {value!r}; it is one of {', '.join(map(repr, known))}")
