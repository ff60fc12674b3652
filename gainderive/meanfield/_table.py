r"""Means as functions of :math:`u = \log q` in doubles: piecewise polynomials, shared by all weights and biases.

A mean is analytic in ``u`` within :math:`\pi/2` of the real line (:mod:`gainderive.charts`), whether or not the
function is smooth. On cells of width 1/4 its Chebyshev coefficients therefore fall by a factor of about 20 each, and
11 points a cell leave an error below the roundings. A block of cells depends on nothing but the function and its place,
so that every process computes equal bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from sympy import Expr

from gainderive import quadrature
from gainderive.errors import GainderiveError

Array = NDArray[np.float64]

CELL = 0.25
NODES = 11
PER_BLOCK = 8
"""Cells in a block, all of whose means are computed at once."""
BLOCK = CELL * PER_BLOCK
LOWEST, HIGHEST = -10, 9
"""Numbers of the first block and of the one after the last: second moments from 2e-9 to 7e7."""
_T = np.cos(np.pi * (2 * np.arange(NODES)[::-1] + 1) / (2 * NODES))
_TO_CHEBYSHEV = chebyshev.chebvander(_T, NODES - 1).T * (np.where(np.arange(NODES) == 0, 1, 2) / NODES)[:, None]
_TO_POWERS = np.stack([np.pad(p := chebyshev.cheb2poly(row), (0, NODES - len(p))) for row in np.eye(NODES)], axis=1)
_LEBESGUE = 3.0


@dataclass(frozen=True)
class Table:
    """A mean on neighbouring cells.

    Attributes
    ----------
    start : float
        Left end of the first cell, in ``u``.
    coefficients : Array
        Powers of ``t`` in (-1, 1), ascending, a row for each cell.
    error : Array
        Estimate of the absolute error on each cell.
    u, values : Array
        The nodes, ascending, and the means there.
    """

    start: float
    coefficients: Array
    error: Array
    u: Array
    values: Array

    def place(self, u: Array) -> tuple[NDArray[np.intp], Array]:
        """Return each point's cell and its place ``t`` there."""
        at = (u - self.start) / CELL
        cell = np.clip(at.astype(np.intp), 0, len(self.coefficients) - 1)
        return cell, 2 * (at - cell) - 1

    def __call__(self, u: Array) -> Array:
        """Return the mean at each point."""
        cell, t = self.place(u)
        rows = self.coefficients[cell]
        value = rows[..., -1]
        for k in range(NODES - 2, -1, -1):
            value = value * t + rows[..., k]
        return value

    def with_slope(self, u: Array) -> tuple[Array, Array]:
        """Return the mean and its derivative by ``u`` at each point."""
        cell, t = self.place(u)
        rows = self.coefficients[cell]
        value, slope = rows[..., -1], np.zeros_like(t)
        for k in range(NODES - 2, -1, -1):
            slope = slope * t + value
            value = value * t + rows[..., k]
        return value, slope * (2 / CELL)

    def errors(self, u: Array) -> Array:
        """Return estimates of the mean's absolute error."""
        return self.error[self.place(u)[0]]


def table(f: Expr, first: int, last: int) -> Table:
    """Return the table of the mean of `f` on the blocks from `first` to before `last`."""
    blocks = [_block(f, number) for number in range(first, last)]
    values = np.concatenate([value for value, _ in blocks])
    doubts = np.concatenate([doubt for _, doubt in blocks])
    spectrum = values @ _TO_CHEBYSHEV.T
    error = _LEBESGUE * doubts.max(axis=1) + 2 * np.abs(spectrum[:, -2:]).max(axis=1)
    cells = first * PER_BLOCK + np.arange(len(values))
    u = (CELL * (cells[:, None] + (_T + 1) / 2)).ravel()
    return Table(first * BLOCK, spectrum @ _TO_POWERS.T, error, u, values.ravel())


@lru_cache(maxsize=2048)
def _block(f: Expr, number: int) -> tuple[Array, Array]:
    u = BLOCK * number + CELL * (np.arange(PER_BLOCK)[:, None] + (_T + 1) / 2)
    return quadrature.rule(f).means(np.exp(u))


@lru_cache(maxsize=2048)
def is_known(f: Expr, number: int) -> bool:
    """Tell whether the mean is finite in double precision all over a block."""
    try:
        return bool(np.all(np.isfinite(_block(f, number)[0])))
    except GainderiveError:
        return False
