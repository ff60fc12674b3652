r"""Nodes and weights: pairs of rules of different resolution, whose difference measures the error.

*Panels.* Gauss-Legendre with 24 and with 16 nodes on every panel. *Trapezoid.* For analytic
integrands the trapezoid sum over the line converges like :math:`e^{-2\pi d/h}`, ``d`` the distance of
the nearest pole (Trefethen and Weideman, The exponentially convergent trapezoidal rule, SIAM Review 56,
2014, theorem 5.1). The second step of a pair is not commensurable with the first, lest both
mistake a frequency for the same constant; both grids leave out 0, where ``sin(x)/x`` has no double; and on the
whole line the second is not symmetric, lest the infinite halves of ``1/x`` cancel in both.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

UNIT = float(np.finfo(float).eps) / 2
FINE, COARSE = 24, 16
FARTHEST = 37.5
"""Where the standard normal density is about to leave the normal doubles."""
SHARED_REACH = 9.0
"""Reach of rules that are shared between second moments; the density there is 1e-18."""
STEPS = (1 / 5, 1 / 10, 1 / 20)
STEP_RATIO = float(np.sqrt(5.0) + 1) / 2.4
"""Coarser step of a pair by the finer one: 1.35, irrational."""


@cache
def legendre_pair() -> tuple[Array, Array, Array]:
    """Return the nodes of the fine and of the coarse rule on (-1, 1), concatenated, and the weights of each."""
    fine_nodes, fine = np.polynomial.legendre.leggauss(FINE)
    coarse_nodes, coarse = np.polynomial.legendre.leggauss(COARSE)
    return np.concatenate([fine_nodes, coarse_nodes]), fine, coarse


@cache
def trapezoid_pair(step: float, folded: bool) -> tuple[Array, Array, Array]:
    """Return nodes of a fine and of a coarse trapezoid sum, concatenated, and weights of each with the density inside.

    With `folded` only positive nodes, of twice the weight, for even integrands.
    """
    nodes, weights = zip(
        _trapezoid(step, 0.5, folded), _trapezoid(step * STEP_RATIO, 0.5 if folded else 0.3, folded), strict=True
    )
    return np.concatenate(nodes), weights[0], weights[1]


def _trapezoid(step: float, offset: float, folded: bool) -> tuple[Array, Array]:
    count = int(SHARED_REACH / step)
    nodes: Array = step * (np.arange(0 if folded else -count, count, dtype=np.float64) + offset)
    return nodes, step * density(nodes) * (2 if folded else 1)


def density(t: Array) -> Array:
    """Return the standard normal density at `t`."""
    values: Array = np.exp(-0.5 * t * t) / math.sqrt(2 * math.pi)
    return values
