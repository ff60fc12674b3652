r"""Intervals in which a mean lies with a stated probability, at every sample size, for a known distribution.

Nothing here is asymptotic. For sums of squares of standard normal variables the interval has chi-square quantiles. For
a bounded variable `T` with cumulants :math:`\psi(\lambda) = \log E e^{\lambda T}` Chernoff's inequality

.. math:: P(\bar T_n \ge \psi'(\lambda)) \le e^{-n(\lambda\psi'(\lambda) - \psi(\lambda))}, \qquad \lambda > 0,

holds at every `n`; the upper end is :math:`\psi'(\lambda)` with the exponent :math:`\log(2/\alpha)`, and the lower end
is its mirror image.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Interval = tuple[float, float]


@lru_cache(maxsize=4096)
def mean_square_interval(size: int, alpha: float) -> Interval:
    """Return what holds the mean of `size` squares of independent standard normal variables, except with `alpha`.

    >>> lower, upper = mean_square_interval(100, 0.05)
    >>> round(lower, 4), round(upper, 4)
    (0.7422, 1.2956)
    """
    from scipy.special import gammainccinv, gammaincinv

    half = size / 2
    return float(gammaincinv(half, alpha / 2) / half), float(gammainccinv(half, alpha / 2) / half)


@lru_cache(maxsize=4096)
def mean_interval(size: int, alpha: float) -> Interval:
    """Return what holds the mean of `size` independent standard normal variables, except with `alpha`.

    >>> round(mean_interval(100, 0.05)[1], 4)
    0.196
    """
    from scipy.special import ndtri

    radius = float(-ndtri(alpha / 2)) / math.sqrt(size)
    return -radius, radius


def chernoff_intervals(values: Array, weights: Array, size: int, alpha: float) -> tuple[Array, Array]:
    """Return what holds the mean of `size` independent variables, except with `alpha`.

    Parameters
    ----------
    values : array of shape (m, k)
        Values of `m` variables, each with `k` of them.
    weights : array of shape (k,)
        Their probabilities.
    size : int
        Number of independent draws.
    alpha : float
        Probability of a mean outside, for each variable.

    Examples
    --------
    A coin that falls on 1 or -1, thrown 100 times:

    >>> lower, upper = chernoff_intervals(np.array([[-1.0, 1.0]]), np.array([0.5, 0.5]), 100, 0.05)
    >>> print(round(upper[0], 3), round(upper[0] + lower[0], 12))
    0.27 0.0
    """
    exponent = math.log(2 / alpha) / size
    return -_upper(-values, weights, exponent), _upper(values, weights, exponent)


def _upper(values: Array, weights: Array, exponent: float) -> Array:
    """Return psi'(lambda) where lambda psi' - psi, which grows with lambda, reaches `exponent`; at most the maximum."""
    largest = values.max(axis=1, keepdims=True)
    deviation = np.sqrt((values**2) @ weights)[:, None]
    low, high = np.full((len(values), 1), -30.0), np.full((len(values), 1), 30.0)
    for _ in range(64):
        middle = (low + high) / 2
        tilt = np.exp(middle) / deviation
        tilted = weights * np.exp(tilt * (values - largest))
        total = tilted.sum(axis=1, keepdims=True)
        mean = (tilted * values).sum(axis=1, keepdims=True) / total
        reached = tilt * (mean - largest) - np.log(total) >= exponent
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    # The side on which the exponent is reached: the bound errs towards too wide an interval.
    tilt = np.exp(high) / deviation
    tilted = weights * np.exp(tilt * (values - largest))
    mean = (tilted * values).sum(axis=1, keepdims=True) / tilted.sum(axis=1, keepdims=True)
    upper: Array = np.where(high >= 30.0, largest, mean)[:, 0]
    return upper
