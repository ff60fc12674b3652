r"""The distributions of a single weight, over its own standard deviation, and what is known of them exactly.

Every law turns weights into *normal scores* :math:`\Phi^{-1}(F(x))`, which are independent standard normal variables
if and only if the weights are independent and follow the law. What is tested of scores is therefore the same for all
laws, and its distribution is known exactly.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from gainderive.testing._bounds import Interval, chernoff_intervals, mean_interval, mean_square_interval

Array = npt.NDArray[np.float64]

CELL = 2.0**-26
"""Smallest probability of a tail that a weight can carry: generators of single precision stop at 2^-24 or so."""
NODES = 128
"""Nodes of the Gauss-Legendre rule; the integrands are entire functions, and the rule is exact to rounding."""


class Law(ABC):
    """A symmetric distribution of variance 1."""

    name: str
    edge: float
    """The end of the support, infinite for the normal law."""
    kurtosis: float
    """The mean fourth power."""

    @abstractmethod
    def lower_tail(self, x: Array) -> Array:
        """Return the probability of values below ``x <= 0``."""

    @abstractmethod
    def square_interval(self, size: int, alpha: float) -> Interval:
        """Return what holds the mean square of `size` independent values, except with probability `alpha`."""

    @abstractmethod
    def mean_interval(self, size: int, alpha: float) -> Interval:
        """Return what holds the mean of `size` independent values, except with probability `alpha`."""

    def tails(self, x: Array) -> Array:
        """Return the probability beyond each of `x` on its own side of 0, at least ``CELL``."""
        from numpy import maximum

        return maximum(self.lower_tail(-np.abs(x)), CELL)

    def scores(self, x: Array) -> Array:
        """Return the normal scores."""
        from scipy.special import ndtri

        scores: Array = np.copysign(ndtri(self.tails(x)), x)
        return scores


@dataclass(frozen=True)
class Normal(Law):
    """The normal law."""

    name = "normal"
    edge = math.inf
    kurtosis = 3.0

    def lower_tail(self, x: Array) -> Array:
        """Return the probability of values below ``x <= 0``."""
        from scipy.special import ndtr

        tail: Array = ndtr(x)
        return tail

    def scores(self, x: Array) -> Array:
        """Return the values themselves."""
        return x

    def square_interval(self, size: int, alpha: float) -> Interval:
        """Return chi-square quantiles."""
        return mean_square_interval(size, alpha)

    def mean_interval(self, size: int, alpha: float) -> Interval:
        """Return normal quantiles."""
        return mean_interval(size, alpha)


class _Bounded(Law):
    """A law on a bounded interval, with a density there."""

    @abstractmethod
    def density(self, x: Array) -> Array:
        """Return the density inside the support."""

    def square_interval(self, size: int, alpha: float) -> Interval:
        """Return Chernoff's bounds."""
        return _bounded_intervals(self, size, alpha)[1]

    def mean_interval(self, size: int, alpha: float) -> Interval:
        """Return Chernoff's bounds."""
        return _bounded_intervals(self, size, alpha)[0]


@dataclass(frozen=True)
class Uniform(_Bounded):
    r"""The uniform law, on :math:`[-\sqrt 3, \sqrt 3]`."""

    name = "uniform"
    edge = math.sqrt(3)
    kurtosis = 9 / 5

    def lower_tail(self, x: Array) -> Array:
        """Return the probability of values below ``x <= 0``."""
        return (x + self.edge) / (2 * self.edge)

    def density(self, x: Array) -> Array:
        """Return the density inside the support."""
        return np.full_like(x, 1 / (2 * self.edge))


@dataclass(frozen=True)
class Truncated(_Bounded):
    """A normal law cut off at ``cut`` standard deviations on both sides, and scaled back to variance 1."""

    cut: float
    name = "truncated normal"

    @property
    def _mass(self) -> float:
        return math.erf(self.cut / math.sqrt(2))

    @property
    def share(self) -> float:
        """The variance that truncation leaves of 1: ``1 - 2 c phi(c)/(2 Phi(c) - 1)``."""
        return 1 - self.cut * math.sqrt(2 / math.pi) * math.exp(-(self.cut**2) / 2) / self._mass

    @property
    def edge(self) -> float:  # type: ignore[override]
        """The end of the support."""
        return self.cut / math.sqrt(self.share)

    @property
    def kurtosis(self) -> float:  # type: ignore[override]
        """The mean fourth power."""
        nodes, weights = _rule(self)
        return float(weights @ nodes**4)

    def lower_tail(self, x: Array) -> Array:
        """Return the probability of values below ``x <= 0``."""
        from scipy.special import ndtr

        tail: Array = (ndtr(x * math.sqrt(self.share)) - ndtr(-self.cut)) / self._mass
        return tail

    def density(self, x: Array) -> Array:
        """Return the density inside the support."""
        scale = math.sqrt(self.share)
        density: Array = np.exp(-((x * scale) ** 2) / 2) * scale / (math.sqrt(2 * math.pi) * self._mass)
        return density


@lru_cache(maxsize=64)
def _rule(law: _Bounded) -> tuple[Array, Array]:
    """Return points of the support and their probabilities, of which all moments are those of the law to rounding."""
    # A normal law cut off far out is concentrated in a small part of its support.
    end = min(law.edge, 12.0)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    weights = weights * law.density(end * nodes)
    return end * nodes, weights / weights.sum()


@lru_cache(maxsize=1024)
def _bounded_intervals(law: _Bounded, size: int, alpha: float) -> tuple[Interval, Interval]:
    """Return the intervals of the mean and of the mean square."""
    nodes, weights = _rule(law)
    lower, upper = chernoff_intervals(np.stack([nodes, nodes**2 - 1]), weights, size, alpha)
    return (float(lower[0]), float(upper[0])), (1 + float(lower[1]), 1 + float(upper[1]))
