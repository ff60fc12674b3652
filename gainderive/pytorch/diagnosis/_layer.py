"""From what was measured at a layer to its report."""

from __future__ import annotations

import math
from typing import Any

from gainderive.pytorch.diagnosis._ends import Ends
from gainderive.pytorch.diagnosis._measure import Measured
from gainderive.pytorch.diagnosis._plan import units_of
from gainderive.pytorch.diagnosis._records import LayerReport

NOTHING = Ends()


def reported(measured: Measured) -> LayerReport:
    """Return the report of one layer."""
    place, layer = measured.place, measured.place.layer
    ends = place.phi.ends if place.phi is not None else NOTHING
    u = None if measured.u is None else measured.u.signal
    output = None if measured.output is None else measured.output.signal
    shown = measured.u if place.phi is not None else None
    flat = ends.flat_below is not None or ends.flat_above is not None
    return LayerReport(
        name=layer.name,
        kind=layer.kind,
        role=layer.role,
        fan_in=layer.fan_in,
        fan_out=layer.fan_out,
        follower=None if layer.follower is None else str(layer.follower),
        weights=measured.weights,
        bias=measured.bias,
        input=None if measured.input is None else measured.input.signal,
        u=u,
        h=None if measured.h is None else measured.h.signal,
        saturated=shown.saturated if shown and _any(ends.saturated_below, ends.saturated_above) else None,
        saturates_at=(ends.saturated_below, ends.saturated_above),
        off=shown.off if shown and _any(ends.off_below, ends.off_above) else None,
        banded=measured.h.banded if measured.h and _any(ends.low, ends.high) else None,
        band=(ends.low, ends.high),
        units=units_of(layer) if measured.u is None else measured.u.units,
        dead=int(shown.idle().sum()) if shown and flat else 0,
        predicted_u=_predicted(measured),
        output=None if output is None else output.second_moment,
        output_error=None if output is None else output.standard_error,
        predicted_h=place.phi.second_moment(u.mean, u.variance) if place.phi and u else None,
        gradient=measured.gradient,
    )


def _any(*ends: float | None) -> bool:
    return any(end is not None for end in ends)


def _predicted(measured: Measured) -> float | None:
    """Return the second moment of the layer's output by GD-0001, or by GD-0007 of a convolution."""
    layer, bias = measured.place.layer, measured.bias
    if layer.kind not in ("linear", "conv") or measured.input is None:
        return None
    terms = layer.fan_in * _inside(measured)
    shift = 0.0 if bias is None else bias.second_moment
    return measured.weights.second_moment * terms * measured.input.signal.second_moment + shift


def _inside(measured: Measured) -> float:
    """Return which share of a convolution's taps lies on its input and not on padded zeros, on average."""
    module: Any = measured.place.layer.module
    shape = measured.positions
    if measured.place.layer.kind != "conv" or not shape or getattr(module, "padding_mode", "") != "zeros":
        return 1.0
    if isinstance(module.padding, str):
        padding = tuple(
            d * (k - 1) // 2 if module.padding == "same" else 0
            for d, k in zip(module.dilation, module.kernel_size, strict=True)
        )
    else:
        padding = module.padding
    return math.prod(map(_share, shape, module.kernel_size, module.stride, padding, module.dilation))


def _share(length: int, taps: int, stride: int, padding: int, dilation: int) -> float:
    outputs = (length + 2 * padding - dilation * (taps - 1) - 1) // stride + 1
    hits = sum(
        0 <= place * stride - padding + tap * dilation < length for place in range(outputs) for tap in range(taps)
    )
    return hits / max(outputs * taps, 1)
