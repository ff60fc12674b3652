"""Inputs that are not standardised.

GD-0001 passes the inputs' second moment on to the first preactivations, so it should be about 1. Accepted is every root
mean square from 0.1 to 3: images in [0, 1] (0.3 to 0.6, with a mean) are used as they are by many, and cost little.
Numbers that are all 0 or 1, as one-hot vectors and masks are, are categories and not judged; neither are indices, nor
inputs that the model normalises itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from gainderive.pytorch.diagnosis._measure import Measured, Measurement
from gainderive.pytorch.diagnosis._records import Cause, Finding
from gainderive.pytorch.diagnosis._stream import Stream

LARGEST, SMALLEST = 3.0, 0.1
"""Root mean squares between which inputs count as standardised."""
DOMINATING = 4.0
"""Ratio of mean to standard deviation beyond which all inputs are almost the same."""
APART = 30.0
"""Ratio of the standard deviations of two features beyond which one of them is not seen."""
BROKEN = 100.0
"""Severity of inputs that are no numbers."""
ADVICE = (
    "Standardise every feature with the training set's statistics: x = (x - x.mean(0)) / x.std(0) (per channel for "
    "images), and use the same numbers at test time."
)


def findings(measured: Measurement) -> Iterator[Finding]:
    """Yield one finding for all layers that read the same kind of inputs."""
    judged = [(layer, *_judged(layer.input)) for layer in measured.layers if layer.first and layer.input is not None]
    bad = [(layer, severity, said) for layer, severity, said in judged if severity > 0]
    if not bad:
        return
    worst = max(bad, key=lambda found: found[1])
    yield Finding(
        cause=Cause.INPUTS_NOT_STANDARDISED,
        layer=_name(worst[0]),
        result_id="GD-0001",
        evidence=f"The inputs of {_name(worst[0])!r} {worst[2]}.",
        advice=ADVICE,
        severity=worst[1],
        others=tuple(_name(layer) for layer, _, _ in bad if layer is not worst[0]),
    )


def _name(layer: Measured) -> str:
    return layer.place.layer.name


def _judged(stream: Stream) -> tuple[float, str]:
    """Return how bad inputs are, as the logarithm of a factor, and in words; 0 for good ones."""
    signal = stream.signal
    size = math.sqrt(signal.second_moment)
    if signal.not_finite:
        return BROKEN, f"hold {signal.not_finite} numbers that are infinite or not a number"
    if not size or _is_binary(stream):
        return 0.0, ""
    if size > LARGEST or size < SMALLEST:
        told = f"have second moment {signal.second_moment:.4g} (root mean square {size:.3g}) instead of about 1"
        return 1 + abs(math.log(size)), told
    deviation = math.sqrt(signal.variance)
    if abs(signal.mean) > DOMINATING * deviation:
        return 1 + math.log(abs(signal.mean) / max(deviation, 1e-12)), (
            f"have mean {signal.mean:.3g} and standard deviation {deviation:.2g}: they are almost all the same"
        )
    ratio = _spread(stream)
    if ratio > APART:
        return 1 + math.log(ratio / APART), f"have features whose standard deviations differ by a factor of {ratio:.0f}"
    return 0.0, ""


def _is_binary(stream: Stream) -> bool:
    """Tell whether all numbers are 0 or 1: then, and only then for numbers between, ``x^2 = x`` on average."""
    within = float(stream.least.min()) >= 0 and float(stream.most.max()) <= 1
    return within and bool((stream.second_moments - stream.means).abs().max() < 1e-9)


def _spread(stream: Stream) -> float:
    """Return the ratio of the largest to the smallest standard deviation of features that vary and are not 0 or 1."""
    variances = stream.second_moments - stream.means**2
    categories = (stream.least >= 0) & (stream.most <= 1) & ((stream.second_moments - stream.means).abs() < 1e-9)
    varying = variances[(variances > 1e-12 * stream.second_moments) & ~categories]
    if stream.rows < 8 or len(varying) < 2:
        return 1.0
    return math.sqrt(float(varying.max() / varying.min()))
