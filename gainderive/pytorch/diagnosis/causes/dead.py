"""Units that are off on the whole batch because of their own bias or weights, though their inputs are alive."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gainderive.pytorch.diagnosis._accepted import accepted
from gainderive.pytorch.diagnosis._measure import Measured, Measurement
from gainderive.pytorch.diagnosis._records import Cause, Finding
from gainderive.pytorch.diagnosis.causes.bias import TOO_MUCH, shift, usual_input

if TYPE_CHECKING:
    from torch import Tensor

MANY = 0.1
"""Share of units from which it is worth a finding."""
FAR = 1.5
"""Offset of a preactivation, in units of its standard deviation, that turns a unit off for good."""
BIASED = 4.5
"""Standard errors beyond which the mean of a unit's weights is not 0 by chance."""


def findings(measured: Measurement) -> Iterator[Finding]:
    """Yield a finding for each layer with many units that are dead by their own fault."""
    for layer in measured.layers:
        dead = _own_fault(layer)
        if dead is None or float(dead.float().mean()) < MANY:
            continue
        share, told = shift(layer)
        yield Finding(
            cause=Cause.DEAD_UNITS,
            layer=layer.place.norm or layer.place.layer.name,
            result_id="GD-0005",
            evidence=f"{int(dead.sum())} of {len(dead)} units of {layer.place.layer.name!r} are off for all of the "
            "batch. " + (told if share > TOO_MUCH else "Their own weights and bias turn them off."),
            advice="Initialise the bias with zeros and the weights with mean 0, such as "
            "nn.init.kaiming_normal_(layer.weight, nonlinearity='relu').",
            severity=3 + float(dead.float().mean()) + max(math.log(max(share, 1e-12) / TOO_MUCH), 0.0),
        )


def _own_fault(layer: Measured) -> Tensor | None:
    """Return for each unit whether it is dead by its own fault; ``None`` where that is not asked."""
    if layer.u is None or layer.place.phi is None or layer.input is None or layer.place.layer.role == "output":
        return None
    ends = layer.place.phi.ends
    if ends.off_below is None or ends.off_above is not None:
        return None
    idle = layer.u.idle()
    if not bool(idle.any()):
        return None
    if layer.place.norm:
        if layer.norm_units is None or len(layer.norm_units[0]) != len(idle):
            return None
        scales, shifts = layer.norm_units
        return idle & (shifts - ends.off_below < -FAR * scales.abs())
    if layer.rows is None or len(layer.rows) != len(idle):
        return None
    signal = layer.input.signal
    if signal.variance <= 1e-12 * signal.second_moment or not signal.second_moment:
        return None
    spread = layer.row_norms.clamp_min(accepted(layer.place).values[0] / 2) * math.sqrt(usual_input(layer))
    fan_in = layer.place.layer.fan_in
    means = layer.row_means * math.sqrt(fan_in) / (layer.row_norms / math.sqrt(fan_in)).clamp_min(1e-30)
    offset = (layer.row_means * (means.abs() > BIASED)) * fan_in * signal.mean
    if layer.biases is not None and len(layer.biases) == len(idle):
        offset = offset + layer.biases
    return idle & (offset - ends.off_below < -FAR * spread) & ~_harmless(layer)


def _harmless(layer: Measured) -> Tensor:
    """Return which units have no weights at all, as those of a branch that begins at 0."""
    none = layer.row_norms == 0
    return none & (layer.place.layer.role in ("branch_end", "shortcut"))
