r"""Fixed points on a whole grid of weight and bias scales, from one table of the means.

With :math:`F(u) = q - \sigma_w^2 M_2(q)`, :math:`q = e^u`, a fixed point solves :math:`F(u) = \sigma_b^2`. Of a row of
the grid, which has one :math:`\sigma_w`, the values of ``F`` at the table's nodes bracket the fixed points for all
biases at once: running maxima of ``F`` above the start, and running minima below it, are sorted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sympy import Expr

from gainderive.errors import GainderiveError, Undecided
from gainderive.meanfield._table import BLOCK, HIGHEST, LOWEST, Array, Table, is_known, table
from gainderive.quadrature import Estimate, rule

_STEPS = 3
_MOST_STEPS = 100
_CONVERGED = 4e-16
_ROUNDINGS = 8 * float(np.finfo(float).eps)
_SAME = 1e-13
"""Relative distance from the start within which its image is the start."""
DIVERGES, COLLAPSES, RESTS = 1, -1, 2
"""What a point of the grid may do instead of settling at a fixed point: it leaves, or it is at rest where it starts."""

Residual = Callable[[Array, Array, Array], tuple[Array, Array]]


@dataclass(frozen=True)
class Rows:
    """Some rows of a grid; arrays of shape ``(rows, biases)``.

    Attributes
    ----------
    q, chi_1, slope : Array
        Where the second moment goes, infinite where it diverges and 0 where it collapses, and the factors there.
    q_error, chi_1_error : Array
        Estimates of the absolute errors.
    """

    q: Array
    chi_1: Array
    slope: Array
    q_error: Array
    chi_1_error: Array


def reaching(square: Expr, weights: Array, biases: Array, start: float) -> Table:
    """Return the table of `square` that reaches from below all fixed points to above them, or as far as doubles do.

    Raises
    ------
    Undecided
        When the mean at the start itself has no finite double.
    """
    first = last = int(np.floor(np.log(start) / BLOCK))
    if not is_known(square, first):
        raise Undecided(f"E φ² near q = {start:g} has no finite double; another start may help")
    largest, smallest = float(biases.max()), float(biases.min())

    def left_over(number: int, edge: int) -> Array:
        one = table(square, number, number + 1)
        rest: Array = np.exp(one.u[edge]) - weights * one.values[edge]
        return rest

    while last + 1 < HIGHEST and np.any(left_over(last, -1) <= largest) and is_known(square, last + 1):
        last += 1
    while first > LOWEST and np.any(left_over(first, 0) >= smallest) and is_known(square, first - 1):
        first -= 1
    return table(square, first, last + 1)


def solve(moment: Table, slope_square: Expr, weights: Array, biases: Array, start: float) -> Rows:
    """Return where the length map goes from `start` for each of `weights` (rows) and `biases` (columns).

    Above the diagonal it goes to the next larger fixed point, or diverges; below it, to the next smaller one, or
    collapses. The factors there are those at the last second moment that the tables know.
    """
    low, high, settled = _brackets(moment, weights, biases, start)
    u = _refined(moment, weights[:, None], biases[None, :], low, high)
    u = np.where(settled == RESTS, np.log(start), u)
    q = np.exp(u)
    value, change = moment.with_slope(u)
    slope = weights[:, None] * change / q
    doubt = weights[:, None] * moment.errors(u) + _ROUNDINGS * (q + weights[:, None] * value)
    with np.errstate(divide="ignore"):
        q_error = np.where(settled == RESTS, _ROUNDINGS * q, doubt / np.abs(1 - slope))
    chi, chi_error = _chi(slope_square, weights, u, settled, q_error / q)
    gone = (settled == DIVERGES) | (settled == COLLAPSES)
    return Rows(
        np.where(settled == DIVERGES, np.inf, np.where(settled == COLLAPSES, 0.0, q)),
        chi,
        slope,
        np.where(gone, 0.0, q_error),
        chi_error,
    )


def _chi(
    slope_square: Expr, weights: Array, u: Array, settled: NDArray[np.int8], relative: Array
) -> tuple[Array, Array]:
    """Return ``chi_1`` and its error; where the second moment leaves, the limit, as far as one mean tells."""
    chi, error = np.empty(u.shape), np.empty(u.shape)
    for gone in (DIVERGES, COLLAPSES):
        if (which := settled == gone).any():
            edge = np.exp(gone * BLOCK * (HIGHEST if gone > 0 else -LOWEST))
            mean = _limit(slope_square, float(edge))
            chi[which], error[which] = mean.value, mean.error
    stays = (settled != DIVERGES) & (settled != COLLAPSES)
    if stays.any():
        ends = (float(end) for end in (u[stays].min(), u[stays].max()))
        first, last = (int(np.floor(end / BLOCK)) for end in ends)
        slopes = table(slope_square, first, last + 1)
        chi[stays], change = slopes.with_slope(u[stays])
        error[stays] = slopes.errors(u[stays]) + np.abs(change) * np.minimum(relative[stays], 1)
    return weights[:, None] * chi, weights[:, None] * (error + _ROUNDINGS * chi)


@lru_cache(maxsize=256)
def _limit(slope_square: Expr, q: float) -> Estimate:
    try:
        return rule(slope_square).mean(q)
    except GainderiveError:
        return Estimate(np.inf, np.inf)


def _brackets(moment: Table, weights: Array, biases: Array, start: float) -> tuple[Array, Array, NDArray[np.int8]]:
    """Return brackets in ``u``, and what the points without one do."""
    shape = (weights.size, biases.size)
    low, high, settled = np.empty(shape), np.empty(shape), np.zeros(shape, dtype=np.int8)
    origin = float(np.log(start))
    at_start = start - weights * float(moment(np.array([origin]))[0])
    above = int(np.searchsorted(moment.u, origin, side="right"))
    up, down = np.append(origin, moment.u[above:]), np.append(origin, moment.u[:above][::-1])
    left_over = np.exp(moment.u) - weights[:, None] * moment.values
    rising = np.maximum.accumulate(np.column_stack([at_start, left_over[:, above:]]), axis=1)
    falling = np.maximum.accumulate(-np.column_stack([at_start, left_over[:, :above][:, ::-1]]), axis=1)
    for row in range(weights.size):
        grows = at_start[row] < biases
        upward = np.searchsorted(rising[row], biases, side="left")
        downward = np.searchsorted(falling[row], -biases, side="left")
        further = np.minimum(upward, up.size - 1), np.minimum(downward, down.size - 1)
        low[row] = np.where(grows, up[np.maximum(further[0] - 1, 0)], down[further[1]])
        high[row] = np.where(grows, up[further[0]], down[np.maximum(further[1] - 1, 0)])
        settled[row] = np.where(grows & (upward == up.size), DIVERGES, settled[row])
        settled[row] = np.where(~grows & (downward == down.size), COLLAPSES, settled[row])
        settled[row] = np.where(np.abs(at_start[row] - biases) <= _SAME * start, RESTS, settled[row])
    return low, high, settled


def _refined(moment: Table, weights: Array, biases: Array, low: Array, high: Array) -> Array:
    """Return the crossings inside brackets by Newton's method, which falls back on bisection."""

    def residual(u: Array, w: Array, b: Array) -> tuple[Array, Array]:
        value, slope = moment.with_slope(u)
        q = np.exp(u)
        return q - w * value - b, q - w * slope

    at_low, at_high = (residual(end, weights, biases)[0] for end in (low, high))
    with np.errstate(all="ignore"):
        share = np.clip(-at_low / (at_high - at_low), 0, 1)
        u = low + np.where(np.isfinite(share), share, 0.5) * (high - low)
        for _ in range(_STEPS):
            value, slope = residual(u, weights, biases)
            step = value / slope
            u = np.clip(np.where(np.isfinite(step), u - step, u), low, high)
        loose = ~(np.abs(step) <= 1e-10) & (at_low * at_high < 0)
    if loose.any():
        w, b = (np.broadcast_to(part, u.shape)[loose] for part in (weights, biases))
        u[loose] = _bisected(residual, w, b, low[loose], high[loose])
    return u


def _bisected(residual: Residual, w: Array, b: Array, low: Array, high: Array) -> Array:
    low, high = low.copy(), high.copy()
    rises = residual(high, w, b)[0] > 0
    u = (low + high) / 2
    for _ in range(_MOST_STEPS):
        value, slope = residual(u, w, b)
        above = (value > 0) == rises
        high, low = np.where(above, u, high), np.where(above, low, u)
        with np.errstate(all="ignore"):
            newton = u - value / slope
        inside = (newton > low) & (newton < high)
        following = np.where(inside, newton, (low + high) / 2)
        if np.all(np.abs(following - u) <= _CONVERGED * np.maximum(np.abs(u), 1)):
            break
        u = following
    return u
