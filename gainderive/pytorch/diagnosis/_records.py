"""What a diagnosis finds, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gainderive.pytorch.diagnosis._histogram import Histogram


class Cause(StrEnum):
    """What is wrong; compares equal to its name."""

    INPUTS_NOT_STANDARDISED = "inputs_not_standardised"
    WEIGHTS_TOO_LARGE = "weights_too_large"
    WEIGHTS_TOO_SMALL = "weights_too_small"
    BIAS_SHIFT = "bias_shift"
    WRONG_FAN = "wrong_fan"
    WRONG_GAIN = "wrong_gain"
    DEAD_UNITS = "dead_units"


@dataclass(frozen=True)
class Signal:
    """What came by at a place of the model.

    Attributes
    ----------
    count : int
        Numbers.
    mean, second_moment : float
        Over all of them.
    standard_error : float or None
        Of the second moment, from its scatter between units. Given a layer's input, its units are independent, because
        they have weights of their own; samples, which share the weights, and positions are not, and are not counted as
        if they were. ``None`` for a single unit.
    not_finite : int
        How many were infinite or not a number; they are left out of the sums.
    histogram : Histogram or None
        Of all of them; ``None`` where only sums were taken.
    """

    count: int
    mean: float
    second_moment: float
    standard_error: float | None
    not_finite: int
    histogram: Histogram | None

    @property
    def variance(self) -> float:
        """The second moment minus the mean squared."""
        return max(self.second_moment - self.mean**2, 0.0)


@dataclass(frozen=True)
class Weights:
    """The weights of a layer as numbers.

    Attributes
    ----------
    count : int
        How many.
    mean, second_moment, largest : float
        Of the weights; `largest` in absolute value.
    kurtosis : float
        Fourth moment over the squared second moment: 3 for normal weights, 9/5 for uniform ones.
    gain : float
        The gain in use: ``sqrt(E W^2 fan_in)``.
    gain_error : float
        Its standard error, if the weights are independent draws.
    initializer : str
        What they look like, such as ``"kaiming_uniform_(a=sqrt(5))"``; ``"none known"`` otherwise.
    """

    count: int
    mean: float
    second_moment: float
    largest: float
    kurtosis: float
    gain: float
    gain_error: float
    initializer: str


@dataclass(frozen=True)
class Bias:
    """The bias of a layer as numbers: mean, second moment, and the largest in absolute value."""

    mean: float
    second_moment: float
    largest: float


@dataclass(frozen=True)
class LayerReport:
    """One layer.

    Attributes
    ----------
    name, kind, role : str
        As in the model's structure.
    fan_in, fan_out : float
        As torch counts them.
    follower : str or None
        The activation behind it.
    weights : Weights
        Of the layer.
    bias : Bias or None
        ``None`` without one.
    input : Signal or None
        What goes into the layer; ``None`` for indices, and where it is not seen.
    u : Signal or None
        Preactivations: what the activation gets, or the layer's output where none follows.
    h : Signal or None
        What the activation gives.
    saturated : float or None
        Share of the preactivations beyond `saturates_at`; ``None`` for an activation that does not saturate.
    saturates_at : tuple of (float or None)
        Where it begins to, on either side.
    off : float or None
        Share where the activation is off, such as u < 0 for ReLU.
    banded : float or None
        Share of the values `h` within the saturated bands.
    band : tuple of (float or None)
        The bands' inner ends.
    units, dead : int
        Units, and how many of them were off all the time or never changed.
    predicted_u : float or None
        The second moment of the layer's output by GD-0001: ``E W^2 fan_in E x^2 + E b^2``, with the measured ones.
    output : float or None
        The measured one to compare it with, which is that of `u` where nothing lies between.
    output_error : float or None
        Standard error of `output`.
    predicted_h : float or None
        ``E phi(u)^2`` for a Gaussian ``u`` with the measured mean and variance.
    gradient : float or None
        Norm of the gradient by the weights; ``None`` where they need none.
    """

    name: str
    kind: str
    role: str
    fan_in: float
    fan_out: float
    follower: str | None
    weights: Weights
    bias: Bias | None
    input: Signal | None
    u: Signal | None
    h: Signal | None
    saturated: float | None
    saturates_at: tuple[float | None, float | None]
    off: float | None
    banded: float | None
    band: tuple[float | None, float | None]
    units: int
    dead: int
    predicted_u: float | None
    output: float | None
    output_error: float | None
    predicted_h: float | None
    gradient: float | None


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, and what to do about it.

    Attributes
    ----------
    cause : Cause
        Compares equal to its name, such as ``"weights_too_large"``.
    layer : str
        The layer where it is, as in ``model.named_modules()``.
    result_id : str
        The published result on which the judgement rests, such as ``"GD-0001"``.
    evidence : str
        What was measured, with numbers.
    advice : str
        What to do.
    severity : float
        By which findings are ranked: the natural logarithm of the factor by which something is off, roughly.
    others : tuple of str
        Further layers of which the same holds.
    """

    cause: Cause
    layer: str
    result_id: str
    evidence: str
    advice: str
    severity: float
    others: tuple[str, ...] = ()
