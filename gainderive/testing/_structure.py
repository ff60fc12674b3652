r"""Are weights independent? Exact tests on normal scores.

If the weights are independent and follow their law, the normal scores :math:`z` of a call are a matrix of independent
standard normal variables. Then the following are too, exactly and at every size:

* the sum over a row, a column, or all, over the root of its length;
* :math:`\sum_i a_i b_i / \|b\|` for any two disjoint sets of scores, since given `b` it is a projection of `a`:
  neighbours, mirror images, two halves, two calls;
* the normal score of the sum of squares of a row, a column, a kernel position or a call, which is chi-square;
* the entries above the diagonal of `R` in the QR decomposition of the transposed matrix (Bartlett's decomposition), and
  the normal scores of the squares on its diagonal, chi-square with falling degrees of freedom. They hold all that is to
  know about how the rows depend linearly on each other.

So each test is that of a mean or of a mean square of independent standard normal variables.

Source: M. S. Bartlett, "On the theory of statistical regression", Proceedings of the Royal Society of Edinburgh 53
(1933), 260-283.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gainderive.testing._bounds import mean_interval, mean_square_interval
from gainderive.testing._check import Check

Array = npt.NDArray[np.float64]

WIDEST = 96
"""Most rows and columns that are looked at together; of larger matrices a random choice."""
LARGEST_BLOCK = 2**17
"""About how many scores are looked at."""
BARTLETT = 16
"""Most rows that are decomposed together."""


@dataclass(frozen=True)
class Statistic:
    """Numbers that are independent standard normal variables if all is right, and what it means if they are not."""

    name: str
    what: str
    values: Array
    meaning: str
    squared: bool = True
    """Whether their mean square is tested, or their mean."""

    def check(self, alpha: float) -> Check:
        """Test the mean or the mean square."""
        size = self.values.size
        if self.squared:
            lower, upper = mean_square_interval(size, alpha)
            measured, expected, of = float(np.mean(self.values**2)), 1.0, "values"
        else:
            lower, upper = mean_interval(size, alpha)
            measured, expected, of = float(np.mean(self.values)), 0.0, "values"
        return Check(self.name, self.what, measured, expected, lower, upper, size, of, self.meaning)


def choice(generator: np.random.Generator, length: int, most: int = WIDEST) -> npt.NDArray[np.intp]:
    """Return all indices below `length`, or `most` of them at random, in ascending order."""
    if length <= most:
        return np.arange(length)
    return np.sort(generator.choice(length, most, replace=False))


def statistics(z: Array, generator: np.random.Generator) -> Iterator[Statistic]:
    """Yield the statistics of scores of shape (calls, rows, columns)."""
    calls, rows, columns = z.shape
    if rows > 1 and columns > 1:
        yield Statistic(
            "row sums",
            "the mean square of normalised row sums",
            z.sum(2) / np.sqrt(columns),
            "the weights of one output depend on each other, or share a shift",
        )
        yield Statistic(
            "column sums",
            "the mean square of normalised column sums",
            z.sum(1) / np.sqrt(rows),
            "the weights of one input depend on each other, or share a shift",
        )
        yield Statistic(
            "row scales",
            "the mean square score of row norms",
            _energy_scores(z, 2),
            "rows do not have the same scale, or are normalised",
        )
        yield Statistic(
            "column scales",
            "the mean square score of column norms",
            _energy_scores(z, 1),
            "columns do not have the same scale, or are normalised",
        )
        yield Statistic(
            "neighbouring columns",
            "the mean correlation score of neighbouring columns",
            _products(z[:, :, : columns // 2 * 2 : 2], z[:, :, 1::2]),
            "neighbours in a row are correlated",
            squared=False,
        )
        yield Statistic(
            "neighbouring rows",
            "the mean correlation score of neighbouring rows",
            _products(z[:, : rows // 2 * 2 : 2], z[:, 1::2]),
            "neighbours in a column are correlated",
            squared=False,
        )
        yield from _bartlett(z, generator)
    if rows == columns > 1:
        above = np.triu_indices(rows, 1)
        yield Statistic(
            "mirror images",
            "the mean correlation score of the matrix and its transpose",
            _products(z[:, above[0], above[1]], z[:, above[1], above[0]]),
            "the matrix is (anti)symmetric in part",
            squared=False,
        )
    flat = z.reshape(calls, -1)
    half = flat.shape[1] // 2
    if half:
        yield Statistic(
            "halves",
            "the mean correlation score of the first and the second half",
            _products(flat[:, :half], flat[:, half : 2 * half]),
            "the second half repeats the first",
            squared=False,
        )
    yield Statistic(
        "call sums",
        "the mean square of normalised sums over a call",
        flat.sum(1) / np.sqrt(flat.shape[1]),
        "all weights of a call share a shift",
    )
    yield Statistic(
        "call scales",
        "the mean square score of the norms of calls",
        _energy_scores(flat, 1),
        "the scale changes from call to call, or is the same too exactly",
    )
    yield Statistic(
        "positions",
        "the mean square of normalised sums over calls",
        flat.sum(0) / np.sqrt(calls),
        "the same place has similar values in every call",
    )
    yield Statistic(
        "successive calls",
        "the mean correlation score of successive calls",
        _products(flat[: calls // 2 * 2 : 2], flat[1::2]),
        "calls are not independent of each other",
        squared=False,
    )


def kernel_positions(z: Array) -> Statistic:
    """Return the scales of kernel positions, from scores of shape (calls, rows, inputs, positions)."""
    per_position = np.moveaxis(z, 3, 1).reshape(z.shape[0], z.shape[3], -1)
    return Statistic(
        "kernel scales",
        "the mean square score of the norms of kernel positions",
        _energy_scores(per_position, 2),
        "positions in the kernel do not have the same scale",
    )


def _products(a: Array, b: Array) -> Array:
    """Return ``<a, b>/|b|`` for each call (the first axis)."""
    a, b = a.reshape(len(a), -1), b.reshape(len(b), -1)
    products: Array = (a * b).sum(1) / np.maximum(np.sqrt((b * b).sum(1)), 1e-300)
    return products


def _energy_scores(z: Array, axis: int) -> Array:
    return _chi_square_scores((z * z).sum(axis), z.shape[axis])


def _chi_square_scores(energy: Array, degrees: int | Array) -> Array:
    """Return the normal scores of chi-square variables, from the nearer tail so that neither is rounded away."""
    from scipy.special import gammainc, gammaincc, ndtri

    half = np.asarray(degrees) / 2
    below, above = gammainc(half, energy / 2), gammaincc(half, energy / 2)
    tail = np.maximum(np.minimum(below, above), 1e-300)
    scores: Array = np.where(below < above, ndtri(tail), -ndtri(tail))
    return scores


def _bartlett(z: Array, generator: np.random.Generator) -> Iterator[Statistic]:
    """Yield the two statistics of the triangular factor of a random choice of rows."""
    _, rows, columns = z.shape
    chosen = generator.permutation(rows)[: min(rows, columns, BARTLETT)]
    triangular = np.linalg.qr(np.swapaxes(z[:, chosen], 1, 2), mode="r")
    row, column = np.triu_indices(len(chosen), 1)
    diagonal = np.diagonal(triangular, axis1=1, axis2=2)
    # The sign that LAPACK gives to a row of R depends on what the row is multiplied with, not on the entries tested.
    yield Statistic(
        "dependence of rows",
        "the mean square of entries above the diagonal of R",
        np.asarray(triangular)[:, row, column],
        "rows are correlated",
    )
    yield Statistic(
        "rank",
        "the mean square score of the diagonal of R",
        _chi_square_scores(diagonal**2, columns - np.arange(len(chosen))),
        "rows depend linearly on each other, or nearly so",
    )
