"""The weights of a layer as numbers, and the initializer that they look like."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gainderive.errors import GainderiveError
from gainderive.facade import gain
from gainderive.pytorch.diagnosis._records import Bias, Weights
from gainderive.pytorch.diagnosis._stream import CHUNK

if TYPE_CHECKING:
    from torch import Tensor

ROWS = 64
"""Rows whose angles are looked at."""
CERTAIN = 4.0
"""Standard errors within which a second moment is the one of an initializer."""
FEW = 48
"""Fewer weights than this look like nothing in particular."""
DEVIATIONS = (1.0, 0.02, 0.01, 0.1)
"""Standard deviations that people write down without regard to fans."""
UNIFORM, NORMAL = 9 / 5, 3.0
"""Kurtosis."""
_OUTSIDE = 2 * math.exp(-2) / math.sqrt(2 * math.pi) / math.erf(math.sqrt(2))
"""Density of a standard normal variable cut at 2, times 2, at the cut."""
_CUT = 1 - 2 * _OUTSIDE
"""Its variance, and below its kurtosis, by integration by parts."""
TRUNCATED = (3 * _CUT - 8 * _OUTSIDE) / _CUT**2


@dataclass(frozen=True)
class Shape:
    """What is known of a layer's place beside its weights."""

    fan_in: float
    fan_out: float
    follower: str | None


def weighed(weight: Tensor, shape: Shape) -> Weights:
    """Return the numbers of a weight tensor, taken chunk by chunk."""
    import torch

    flat = weight.detach().reshape(-1)
    sums = [0.0] * 3
    largest = 0.0
    for part in flat.split(CHUNK):
        chunk = part if part.dtype == torch.float64 else part.float()
        square = chunk.square()
        least, most = chunk.aminmax()
        sums[0] += float(chunk.sum())
        sums[1] += float(square.sum())
        sums[2] += float(square.dot(square))
        largest = max(largest, -float(least), float(most))
    count = flat.numel()
    mean, second, fourth = (total / max(count, 1) for total in sums)
    kurtosis = fourth / second**2 if second else 0.0
    # Squares of independent weights have the variance (kurtosis - 1) times the squared second moment.
    error = math.sqrt(max(kurtosis - 1, 0.0) / max(count, 1))
    bare = Weights(
        count=count,
        mean=mean,
        second_moment=second,
        largest=largest,
        kurtosis=kurtosis,
        gain=math.sqrt(second * shape.fan_in),
        gain_error=math.sqrt(second * shape.fan_in) * error / 2,
        initializer="",
    )
    return _named(bare, weight, shape, error)


def biased(bias: Tensor | None) -> Bias | None:
    """Return the numbers of a bias."""
    if bias is None or not bias.numel():
        return None
    values = bias.detach().double()
    return Bias(float(values.mean()), float(values.square().mean()), float(values.abs().max()))


def is_orthogonal(weight: Tensor) -> bool:
    """Tell whether the rows, or the columns if these are fewer long ones, are at right angles and of one length.

    >>> import torch
    >>> is_orthogonal(torch.eye(20)), is_orthogonal(torch.ones(20, 20))
    (True, False)
    """
    matrix = weight.detach().flatten(1)
    if matrix.shape[0] > matrix.shape[1]:
        matrix = matrix.T
    if matrix.shape[0] < 2 or matrix.shape[1] < 4:
        return False
    rows = matrix[:ROWS].double()
    angles = rows @ rows.T
    length = angles.diagonal().mean()
    rest = angles - length * angles.new_ones(len(angles)).diag()
    return bool(length > 0) and bool(rest.abs().max() < 1e-3 * length)


def _named(bare: Weights, weight: Tensor, shape: Shape, error: float) -> Weights:
    if bare.largest == 0:
        return replace(bare, initializer="zeros_()")
    if bare.count < FEW:
        return replace(bare, initializer="too few to tell")
    if weight.dim() > 1 and is_orthogonal(weight):
        scale = math.sqrt(bare.second_moment * max(weight.shape[0], weight[0].numel()))
        return replace(bare, initializer=f"orthogonal_(gain={scale:.4g})")
    law = _law(bare)
    if law is not None:
        for second, name in _candidates(law, shape):
            off = abs(bare.second_moment / second - 1)
            if off <= CERTAIN * max(error, 1e-4) and _within(bare, law, second):
                return replace(bare, initializer=name)
    return replace(bare, initializer=f"none known ({law})" if law else "none known")


def _law(bare: Weights) -> str | None:
    """Return the distribution that the kurtosis and the largest weight tell."""
    spread = CERTAIN * math.sqrt(24 / bare.count)
    deviations = bare.largest / math.sqrt(bare.second_moment)
    if abs(bare.mean) > CERTAIN * math.sqrt(bare.second_moment / bare.count):
        return None
    if abs(bare.kurtosis - UNIFORM) < spread and deviations < 1.74 * (1 + spread):
        return "uniform"
    if abs(bare.kurtosis - TRUNCATED) < spread and deviations < 2.28 * (1 + 1e-3) and bare.count > 1000:
        return "truncated normal"
    return "normal" if abs(bare.kurtosis - NORMAL) < spread else None


def _within(bare: Weights, law: str, second: float) -> bool:
    return law != "uniform" or bare.largest <= math.sqrt(3 * second) * (1 + 1e-3)


def _candidates(law: str, shape: Shape) -> Iterator[tuple[float, str]]:
    """Yield the second moments that initializers of torch give, the likelier first, with a name."""
    end = f"{law.replace(' ', '_')}_"
    gains = dict(_gains(shape.follower))
    if shape.fan_in == 1:  # A table of vectors, which has no fans.
        gains = {}
    elif law == "uniform":
        yield 1 / (3 * shape.fan_in), "kaiming_uniform_(a=sqrt(5))"
    fans = {"fan_in": shape.fan_in, "fan_out": shape.fan_out}
    for mode, fan in fans.items():
        for value, named in gains.items():
            yield value**2 / fan, f"kaiming_{end}(mode={mode!r}, {named})"
    for value, named in gains.items():
        yield 2 * value**2 / (shape.fan_in + shape.fan_out), f"xavier_{end}({named})"
    for deviation in DEVIATIONS:
        if law == "truncated normal":
            yield _CUT * deviation**2, f"trunc_normal_(std={deviation:g}, a={-2 * deviation:g}, b={2 * deviation:g})"
        elif law == "normal":
            yield deviation**2, f"normal_(std={deviation:g})"


def _gains(follower: str | None) -> Iterator[tuple[float, str]]:
    """Yield gains by value, with the argument that gives them; first of the activation behind the layer."""
    for name in dict.fromkeys(filter(None, (follower, "relu", "linear", "tanh", "selu"))):
        from torch.nn import init

        try:
            yield float(init.calculate_gain(name)), f"nonlinearity={name!r}"
        except ValueError:
            try:
                yield float(gain(name)), f"gain of {name}"
            except (GainderiveError, TypeError):
                continue
