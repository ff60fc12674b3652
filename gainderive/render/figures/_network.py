r"""A fully connected network of one width, sampled: what its layers hold, and what comes back through them.

Layer ``l`` computes :math:`u_l = g W_l h_{l-1}`, :math:`h_l = \phi(u_l)` with independent entries of variance
``1/width`` in :math:`W_l`, no biases, and standard normal inputs :math:`h_0`. Networks of different gains share all
draws, so that they differ in the gain alone. A layer's weights are drawn when the layer is reached, and again on the
way back, so that only one matrix is held at a time; each is seeded by its layer.

Beside each sampled number stands its mean-field prediction: :math:`q_1 = g^2`, :math:`q_{l+1} = g^2 M_2(q_l)`, and
:math:`\chi(q_l) = g^2 D(q_l)` by which the mean square of :math:`\partial L/\partial u_l` exceeds that one layer above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any

import numpy as np
from sympy import Expr

from gainderive.activations import Activation
from gainderive.errors import BadParameter
from gainderive.pieces import derivative
from gainderive.quadrature import Compiled, rule
from gainderive.render.figures._saturation import saturated
from gainderive.render.figures._values import Scale, number, scales, whole
from gainderive.render.plot import REACH, Array

SAMPLES = 100
"""Inputs that are sent through the network."""
WIDTH = 1000
SEED = 0
SATURATED_BELOW = 0.05
"""A unit counts as saturated when its slope is below this share of the greatest slope."""
BINS = 24
_QUANTILES = 2**14
_LARGEST_WIDTH = 4096
_MOST_LAYERS = 200


@dataclass(frozen=True)
class Network:
    """Networks that differ in the gain alone."""

    activation: Activation
    gains: tuple[Scale, ...]
    layers: int
    width: int
    seed: int

    @property
    def setting(self) -> str:
        """How it was sampled, in words."""
        return f"width {self.width}, {SAMPLES} standard normal inputs, no biases"


@dataclass(frozen=True)
class Layer:
    """What one layer of one network holds: shares of its activations in bins, and its saturated units."""

    shares: Array
    predicted_shares: Array
    saturated: float
    predicted_saturated: float


def network(activation: Activation, gains: Any, layers: Any, width: Any, seed: Any) -> Network:
    """Return the networks that a user describes.

    Raises
    ------
    BadParameter
        For a number of layers or a width that is no integer or too large, and for gains that are not positive.
    """
    return Network(
        activation,
        scales(gains, activation),
        whole(layers, "layers", 1, _MOST_LAYERS),
        whole(width, "width", 2, _LARGEST_WIDTH),
        whole(seed, "seed", 0, 2**32 - 1),
    )


def second_moments(of: Network, gain: float) -> tuple[float, ...]:
    """Return the preactivations' second moments by mean-field theory, layer by layer."""
    moments, found = rule(of.activation.numeric**2), [gain**2]
    while len(found) < of.layers:
        found.append(gain**2 * moments.mean(found[-1]).value)
        if not 0 < found[-1] < inf:
            raise _out_of_range(of, gain, len(found))
    return tuple(found)


def _out_of_range(of: Network, gain: float, layer: int) -> BadParameter:
    return BadParameter(
        f"at gain {number(gain)} the preactivations of {of.activation.title} vanish or overflow in layer {layer}; "
        "ask for fewer layers or another gain"
    )


@lru_cache(maxsize=4)
def activations(of: Network) -> tuple[tuple[Layer, ...], ...]:
    """Return what the layers hold: for each gain, for each layer."""
    from scipy.special import ndtri

    phi = _evaluated(of.activation.numeric)
    edges = bins(of.activation)
    standard = ndtri((np.arange(_QUANTILES) + 0.5) / _QUANTILES)
    band = saturated(of.activation, SATURATED_BELOW)
    moments = [second_moments(of, gain.value) for gain in of.gains]
    found: list[list[Layer]] = [[] for _ in of.gains]
    for layer, preactivations in enumerate(_forward(of)):
        for held, u, qs in zip(found, preactivations, moments, strict=True):
            spread = qs[layer] ** 0.5
            inside = sum(np.count_nonzero((low < u) & (u < high)) for low, high in band.intervals)
            shares, predicted = _shares(phi(u), edges), _shares(phi(spread * standard), edges)
            held.append(Layer(shares, predicted, inside / u.size, band.mass(spread)))
    return tuple(map(tuple, found))


@lru_cache(maxsize=4)
def gradients(of: Network) -> Array:
    r"""Return the root mean squares of :math:`\partial L/\partial u_l` over that of the last layer.

    A row for each gain. The loss' gradient by the last activations is drawn from N(0, 1), independently of all else.
    """
    slope = _evaluated(derivative(of.activation.numeric))
    slopes = [np.array([slope(u) for u in preactivations]) for preactivations in _forward(of)]
    upper = _generator(of, of.layers + 1).standard_normal((of.width, SAMPLES))
    back = [slopes[-1][i] * upper for i in range(len(of.gains))]
    sizes = [[_root_mean_square(delta) for delta in back]]
    for layer in range(of.layers - 1, 0, -1):
        weights = _weights(of, layer + 1)
        back = [
            slopes[layer - 1][i] * (gain.value * (weights.T @ delta))
            for i, (gain, delta) in enumerate(zip(of.gains, back, strict=True))
        ]
        sizes.append([_root_mean_square(delta) for delta in back])
    found = np.array(sizes[::-1]).T
    with np.errstate(all="ignore"):
        return np.asarray(found / found[:, -1:])


def factors(of: Network, gain: float) -> tuple[float, ...]:
    r"""Return :math:`\chi(q_l)` for each layer."""
    slopes = rule(derivative(of.activation.numeric) ** 2)
    return tuple(gain**2 * slopes.mean(q).value for q in second_moments(of, gain))


@lru_cache(maxsize=64)
def bins(activation: Activation) -> Array:
    """Return the edges of the bins, over what a standard normal preactivation brings forth."""
    values = _evaluated(activation.numeric)(np.linspace(-REACH, REACH, 1001))
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    return np.linspace(low, high, BINS + 1)


def _evaluated(expression: Expr) -> Callable[[Array], Array]:
    """Return an expression as a function of arrays that lets values overflow in silence."""
    function = Compiled(expression).values

    def values(at: Array) -> Array:
        with np.errstate(all="ignore"):
            return function(at)

    return values


def _forward(of: Network) -> Iterator[tuple[Array, ...]]:
    """Yield the preactivations of each layer, an array for each gain."""
    phi = _evaluated(of.activation.numeric)
    below = _generator(of, 0).standard_normal((of.width, SAMPLES))
    held: list[Array] = [below for _ in of.gains]
    for layer in range(1, of.layers + 1):
        weights = _weights(of, layer)
        preactivations = tuple(gain.value * (weights @ h) for gain, h in zip(of.gains, held, strict=True))
        yield preactivations
        held = [phi(u) for u in preactivations]
        for gain, h in zip(of.gains, held, strict=True):
            if not np.isfinite(h).all():
                raise _out_of_range(of, gain.value, layer + 1)


def _weights(of: Network, layer: int) -> Array:
    return np.asarray(_generator(of, layer).standard_normal((of.width, of.width)) / np.sqrt(of.width))


def _generator(of: Network, layer: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64([of.seed, layer]))


def _shares(values: Array, edges: Array) -> Array:
    """Return the shares of the values in the bins; what lies beyond them is counted in the outer two."""
    counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
    return np.asarray(counts / values.size)


def _root_mean_square(values: Array) -> float:
    return float(np.sqrt(np.mean(values**2)))
