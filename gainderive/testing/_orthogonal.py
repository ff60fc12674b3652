r"""The test of initializers that promise orthogonal weights.

:math:`W W^T = g^2 I` (or :math:`W^T W`, for a matrix that is taller than wide) holds or does not; nothing in it is
random. That the matrix is uniformly distributed among those (Haar measure) is tested on one vector of each call: a
column of the tall matrix is then uniform on the unit sphere of its dimension `n`, and times an independent
:math:`\chi_n` variable it has independent standard normal entries, exactly.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from gainderive.testing._check import Check
from gainderive.testing._independent import LOOKS, OTHERS, distribution_checks
from gainderive.testing._laws import Normal
from gainderive.testing._promise import Promise
from gainderive.testing._sampler import Call, Sampler
from gainderive.testing._structure import Statistic

Array = npt.NDArray[np.float64]

CALLS = 192
"""Calls for a small shape."""
FEWEST_CALLS = 16
MOST_WEIGHTS = 2**22
"""About how many weights are drawn; larger shapes are asked for less often."""
WIDEST = 256
"""Vectors of a call that are multiplied with each other."""


def examine(sampler: Sampler, promise: Promise, alpha: float) -> Iterator[list[Check]]:
    """Yield the checks of each look."""
    planned = max(FEWEST_CALLS, min(CALLS, MOST_WEIGHTS // math.prod(sampler.shape)))
    calls: list[Call] = []
    vectors: list[Array] = []
    places: list[int] = []
    for number, (share, spent) in enumerate(LOOKS):
        fresh = sampler.draw(sampler.shape, max(2, math.ceil(planned * share)) - len(calls))
        calls += fresh
        checks = sampler.flaws() + (_orthogonality(sampler, promise, fresh) if fresh else [])
        if number == 0:
            checks += [check for probe in _probes(sampler) for check in _orthogonality(sampler, promise, [probe])]
        for call in fresh:
            place, vector = _vector(sampler.generator, promise, call)
            vectors.append(vector)
            places.append(place)
        each = alpha * spent / OTHERS
        checks += _haar(np.stack(vectors), np.array(places), each, max(call.epsilon for call in calls))
        yield checks


def _orthogonality(sampler: Sampler, promise: Promise, calls: list[Call]) -> list[Check]:
    """Return the check of the largest deviation of the Gram matrix from the identity, over all calls."""
    largest, epsilon = 0.0, max(call.epsilon for call in calls)
    for call in calls:
        tall = _tall(promise, call)
        chosen = np.sort(sampler.generator.permutation(tall.shape[1])[:WIDEST])
        gram = tall[:, chosen].T @ tall[:, chosen]
        largest = max(largest, float(np.abs(gram - np.eye(len(chosen))).max()))
    # Entries are rounded to epsilon/2 of themselves; what the decomposition loses in single precision grows with size.
    slack = 2 * epsilon + 128 * max(epsilon, 2.0**-23) * math.sqrt(tall.shape[0]) * (epsilon < 1e-4)
    shape = calls[0].shape
    return [
        Check(
            "orthogonality",
            f"the largest deviation of W W^T/g^2 (or W^T W/g^2) from the identity at the shape {shape}",
            largest,
            0.0,
            0.0,
            slack,
            sum(call.values.size for call in calls),
            meaning="the weights are not orthogonal with that gain",
        )
    ]


def _probes(sampler: Sampler) -> Iterator[Call]:
    """Yield one call for each shape in which one axis is longer."""
    if sampler.varies:
        shape = sampler.shape
        for axis in range(len(shape)):
            yield from sampler.draw((*shape[:axis], 2 * shape[axis] + 1, *shape[axis + 1 :]), 1)


def _tall(promise: Promise, call: Call) -> Array:
    """Return the matrix over its gain, transposed if needed so that its columns should be orthonormal."""
    matrix = call.values.reshape(call.values.shape[0], -1) / promise.gain
    return matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T


def _vector(generator: np.random.Generator, promise: Promise, call: Call) -> tuple[int, Array]:
    """Return a column of the tall matrix times a chi variable, and which it is; the choice does not look at it."""
    tall = _tall(promise, call)
    # Half of the time the first, which algorithms treat differently from the others.
    place = int(generator.integers(tall.shape[1])) if generator.random() < 1 / 2 else 0
    return place, tall[:, place] * math.sqrt(generator.chisquare(tall.shape[0]))


def _haar(vectors: Array, places: npt.NDArray[np.intp], alpha: float, epsilon: float) -> list[Check]:
    calls, length = vectors.shape
    not_uniform = "the matrices are orthogonal, but not uniformly distributed (Haar)"
    diagonal = vectors[np.arange(calls), places]
    statistics = [
        Statistic(
            "diagonal",
            "the mean score of diagonal entries",
            diagonal,
            not_uniform,
            squared=False,
        ),
        Statistic(
            "sums", "the mean square of normalised sums of columns", vectors.sum(1) / math.sqrt(length), not_uniform
        ),
        Statistic("entries", "the mean score of entries", vectors, not_uniform, squared=False),
    ]
    if (places == 0).any():
        first = diagonal[places == 0]
        statistics.append(Statistic("first", "the mean score of first entries", first, not_uniform, squared=False))
    checks = [statistic.check(alpha) for statistic in statistics]
    return checks + list(distribution_checks(Normal(), [vectors], epsilon, alpha, not_uniform))
