"""Small networks of tanh units in NumPy, many of them at once, each with weights of its own, for experiments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Rng = np.random.Generator

WIDTH = 8
"""Units of a layer: many more than one, and few enough for many networks."""
GAIN = 1.5925374197228315
"""tanh's forward gain, as a double."""
_BATCH = 4096
"""Networks held in memory at a time."""


@dataclass(frozen=True)
class Layer:
    """A layer of many networks at once: what came in, its preactivation, and its weights."""

    inputs: Array
    u: Array
    weights: Array


def weights(rng: Rng, networks: int, fan_out: int, fan_in: int, gain: float) -> Array:
    """Return weights with ``Var W = gain**2 / fan_in``, of shape ``(networks, fan_out, fan_in)``."""
    drawn: Array = rng.standard_normal((networks, fan_out, fan_in)) * (gain / np.sqrt(fan_in))
    return drawn


def forward(inputs: Array, stack: list[Array], bias: float = 0.0) -> list[Layer]:
    """Send inputs of shape ``(networks, fan_in)`` through tanh layers; the first has this bias, the last is linear."""
    layers, h = [], inputs
    for number, matrix in enumerate(stack):
        u = np.einsum("nij,nj->ni", matrix, h) + (bias if number == 0 else 0.0)
        layers.append(Layer(h, u, matrix))
        h = np.tanh(u)
    return layers


def gradient_norms(layers: list[Layer], error: Array) -> list[Array]:
    """Return the Frobenius norms of the gradients of all layers' weights; `error` is that by the last one's output."""
    norms, delta = [], error
    for number in range(len(layers) - 1, -1, -1):
        layer = layers[number]
        norms.append(np.linalg.norm(delta, axis=1) * np.linalg.norm(layer.inputs, axis=1))
        if number:
            delta = np.einsum("ni,nij->nj", delta, layer.weights) * (1 - np.tanh(layers[number - 1].u) ** 2)
    return norms[::-1]


def share_beyond(edge: float, u: Array) -> Array:
    """Return for each network the share of its preactivations that are beyond ±`edge`."""
    shares: Array = np.mean(np.abs(u) > edge, axis=1)
    return shares


def by_batches(measure: Callable[[Rng, int], Array]) -> Callable[[Rng, int], Array]:
    """Return `measure` so that it holds no more networks in memory than a batch."""

    def draw(rng: Rng, size: int) -> Array:
        sizes = [min(_BATCH, size - start) for start in range(0, size, _BATCH)]
        return np.concatenate([measure(rng, n) for n in sizes])

    return draw
