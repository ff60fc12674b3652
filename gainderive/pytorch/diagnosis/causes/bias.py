"""A bias that shifts the preactivations: its second moment against what the weights contribute (GD-0001)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gainderive.activations import Activation
from gainderive.callables import Opaque
from gainderive.pytorch.diagnosis._accepted import accepted
from gainderive.pytorch.diagnosis._ends import curve
from gainderive.pytorch.diagnosis._measure import Measured, Measurement
from gainderive.pytorch.diagnosis._records import Cause, Finding

TOO_MUCH = 0.5
"""Share of the weights' contribution from which a bias is a shift."""
JUDGED = ("first", "hidden", "gated", "branch_end", "shortcut")


def findings(measured: Measurement) -> Iterator[Finding]:
    """Yield a finding for each layer whose bias is more than a perturbation."""
    for layer in measured.layers:
        share, told = shift(layer)
        if share > TOO_MUCH:
            yield Finding(
                cause=Cause.BIAS_SHIFT,
                layer=layer.place.norm if layer.place.norm else layer.place.layer.name,
                result_id="GD-0001",
                evidence=told,
                advice="Initialise the bias with zeros: nn.init.zeros_(layer.bias).",
                severity=1 + math.log(share / TOO_MUCH),
            )


def shift(layer: Measured) -> tuple[float, str]:
    """Return the bias' second moment relative to what the weights contribute, and the same in words; 0 if harmless."""
    if layer.place.norm:
        return _shift_of_norm(layer)
    bias, place = layer.bias, layer.place
    if bias is None or place.layer.role not in JUDGED or place.layer.normalised or place.layer.kind == "recurrent":
        return 0.0, ""
    # torch's own default is uniform within this bound, and more than a perturbation only for a handful of inputs.
    if bias.largest <= 1.001 / math.sqrt(place.layer.fan_in):
        return 0.0, ""
    contributed = usual_gain(layer) ** 2 * usual_input(layer)
    share = bias.second_moment / contributed
    return share, (
        f"The bias of {place.layer.name!r} has mean {bias.mean:.3g} and second moment {bias.second_moment:.3g}; the "
        f"weights contribute {contributed:.3g} to the second moment of the preactivations."
    )


def usual_gain(layer: Measured) -> float:
    """Return the gain in use, or half of the least right one: weights that are too small are no fault of the bias."""
    return max(layer.weights.gain, accepted(layer.place).values[0] / 2)


def usual_input(layer: Measured) -> float:
    """Return the second moment that a layer's input has in a network that is in order; an input of the model its own.

    A signal that has faded or grown on the way neither makes a bias too large nor hides that it is.
    """
    feeds = layer.place.layer.feeds
    if feeds is not None and isinstance(feeds.activation, (Activation, Opaque)):
        return curve(feeds.activation).second_moment(0.0, 1.0)
    if layer.first and layer.input is not None:
        return layer.input.signal.second_moment or 1.0
    return 1.0


def _shift_of_norm(layer: Measured) -> tuple[float, str]:
    if layer.norm is None:
        return 0.0, ""
    scale, mean, second = layer.norm
    share = second / max(scale, 1e-12)
    return share, (
        f"The shift of the normalisation {layer.place.norm!r} has mean {mean:.3g} and second moment {second:.3g}, its "
        f"scale second moment {scale:.3g}."
    )
