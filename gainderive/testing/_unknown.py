r"""The test of initializers that promise a mean, a second moment, and uncorrelated weights, but no distribution.

Weights of a call may depend on each other here, so that a call is one independent value (a cluster), and the means over
calls are tested by :func:`gainderive.montecarlo.cluster_test`, in numbers planned from a pilot that the test does not
use. No test of a mean without a known distribution or bound is exact at finite sizes; what that one rests on is said
there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from gainderive.errors import BadParameter
from gainderive.montecarlo import cluster_test, planned_size
from gainderive.testing._check import Check
from gainderive.testing._promise import Promise, Shape
from gainderive.testing._sampler import Call, Sampler

Array = npt.NDArray[np.float64]

CALLS = 64
"""Calls for the shape given, and in the pilot."""
FEW_CALLS = 24
MANY = 2**17
"""From so many weights on, fewer calls will do: the mean square of a call is nearly normal."""
PROBE_CALLS = 32
"""Calls for each shape on which only the dependence on the fans is tested."""
CLUSTER = 4096
"""Fewest weights of a call in the test of the gain, where the shape may vary."""
LARGEST = 20_000
"""Most calls in the test of the gain."""
GAIN_SHARE = 1 / 2
"""Share of alpha that the test of the gain spends; the others have equal parts of the rest."""
OTHERS = 16


def examine(sampler: Sampler, promise: Promise, alpha: float, power: float, error: float) -> Iterator[list[Check]]:
    """Yield the checks of both looks: a coarse one at the shape given and around it, and the planned one."""
    each = alpha * (1 - GAIN_SHARE) / OTHERS
    shape = sampler.shape
    count = CALLS if math.prod(shape) < MANY else FEW_CALLS
    given = sampler.draw(shape, count)
    checks = [*sampler.flaws(), _gain(promise, given, each, "gain at the shape given", f" at the shape {shape}")]
    checks += _means(given, each) + _structure(sampler, given, each)
    for probe in _probes(sampler):
        calls = sampler.draw(probe, min(count, PROBE_CALLS))
        meaning = "the scale does not follow the fan as promised"
        checks.append(_gain(promise, calls, each, f"gain at {probe}", f" at the shape {probe}", meaning))
    yield checks

    larger = _larger(sampler, promise)
    pilot = _squares(given if larger == shape else sampler.draw(larger, count))
    size = max(count, _planned(pilot, alpha * GAIN_SHARE, power, error))
    if size > LARGEST:
        sampler.notes.append(
            f"the power holds for a larger error only: {size:,} calls would be needed, {LARGEST:,} were made"
        )
    summaries = [_Summary.of(call) for _ in range(min(size, LARGEST)) for call in sampler.draw(larger, 1)]
    yield [*sampler.flaws(), _gain_of_summaries(promise, summaries, alpha * GAIN_SHARE)]


def _planned(pilot: Array, alpha: float, power: float, error: float) -> int:
    deviation = pilot - pilot.mean()
    variance = float(pilot.var(ddof=1))
    skewness = float((deviation**3).mean() / deviation.std() ** 3) if variance > 0 else 0.0
    # The mean square may be as much smaller as the gain; what is to be caught is the smaller of the two shifts.
    shift = 1 - (1 - error) ** 2
    # The pilot's variance may be too small by its own sampling error.
    doubt = 1 + 3 * math.sqrt(2 / len(pilot))
    try:
        return planned_size(variance * doubt, shift, alpha, power, skewness)
    except BadParameter:
        return LARGEST + 1


class _Summary:
    """What the test of the gain needs of a call, so that the weights need not be kept."""

    def __init__(self, square: float, epsilon: float, size: int) -> None:
        self.square, self.epsilon, self.size = square, epsilon, size

    @classmethod
    def of(cls, call: Call) -> _Summary:
        return cls(float(np.mean(call.x**2)), call.epsilon, call.x.size)


def _gain(promise: Promise, calls: Sequence[Call], alpha: float, name: str, where: str, meaning: str = "") -> Check:
    return _gain_of_summaries(promise, [_Summary.of(call) for call in calls], alpha, name, where, meaning)


def _gain_of_summaries(
    promise: Promise, calls: Sequence[_Summary], alpha: float, name: str = "gain", where: str = "", meaning: str = ""
) -> Check:
    test = cluster_test(np.array([call.square for call in calls]), 1.0, alpha)
    slack = 2 * max(call.epsilon for call in calls) + 2.0**-20
    gain = promise.gain
    return Check(
        name,
        f"the gain measured{where}",
        gain * math.sqrt(test.mean),
        gain,
        gain * math.sqrt(max(1 - test.bound, 0.0)) * (1 - slack),
        gain * math.sqrt(1 + test.bound) * (1 + slack),
        len(calls),
        f"independent calls of {calls[0].size:,} weights",
        meaning or f"the second moment is {test.mean:.4g} times the promised one",
    )


def _squares(calls: Sequence[Call]) -> Array:
    return np.array([float(np.mean(call.x**2)) for call in calls])


def _means(calls: Sequence[Call], alpha: float) -> list[Check]:
    """Return the checks that weights are centred, and uncorrelated within rows and within columns."""
    rows, columns = calls[0].matrix.shape
    measured: list[tuple[str, str, float, Callable[[Call], float], str]] = [
        (
            "mean",
            "the mean over the promised standard deviation",
            0.0,
            lambda c: c.x.mean(),
            "the weights are not centred",
        ),
    ]
    if columns > 1:
        measured.append(
            (
                "row sums",
                "the mean square of normalised row sums",
                1.0,
                lambda c: (c.matrix.sum(1) ** 2).mean() / columns,
                "the weights of one output are correlated",
            )
        )
    if rows > 1:
        measured.append(
            (
                "column sums",
                "the mean square of normalised column sums",
                1.0,
                lambda c: (c.matrix.sum(0) ** 2).mean() / rows,
                "the weights of one input are correlated",
            )
        )
    return [_cluster(calls, *item[:3], item[3], item[4], alpha) for item in measured]


def _cluster(
    calls: Sequence[Call],
    name: str,
    what: str,
    expected: float,
    value: Callable[[Call], float],
    meaning: str,
    alpha: float,
) -> Check:
    test = cluster_test(np.array([float(value(call)) for call in calls]), expected, alpha)
    slack = 4 * max(call.epsilon for call in calls) + 2.0**-20
    return Check(
        name,
        what,
        test.mean,
        expected,
        expected - test.bound - slack,
        expected + test.bound + slack,
        len(calls),
        "independent calls",
        meaning,
    )


def _structure(sampler: Sampler, calls: Sequence[Call], alpha: float) -> list[Check]:
    """Return the checks of rank, symmetry, and of the correlation of successive calls."""
    checks = [*sampler.rank(calls), *sampler.copies(calls, alpha)]
    pairs = list(zip(calls[::2], calls[1::2], strict=True))
    test = cluster_test(np.array([_cosine(a.x, b.x) for a, b in pairs]), 0.0, alpha)
    slack = 2.0**-20
    checks.append(
        Check(
            "successive calls",
            "the mean correlation of successive calls",
            test.mean,
            0.0,
            -test.bound - slack,
            test.bound + slack,
            len(pairs),
            "pairs of calls",
            "calls are not independent of each other",
        )
    )
    rows, columns = calls[0].matrix.shape
    if rows == columns > 1:
        mirrored = sum(
            bool(np.array_equal(call.matrix, call.matrix.T) or np.array_equal(call.matrix, -call.matrix.T))
            for call in calls
        )
        checks.append(
            Check(
                "symmetry",
                "the number of calls with an (anti)symmetric matrix",
                mirrored,
                0.0,
                0.0,
                len(calls) - 1.0,
                len(calls),
                "calls",
                "the matrix is its own mirror image",
            )
        )
    return checks


def _cosine(a: Array, b: Array) -> float:
    return float((a * b).sum() / max(math.sqrt(float((a * a).sum() * (b * b).sum())), 1e-300))


def _larger(sampler: Sampler, promise: Promise) -> Shape:
    shape = sampler.shape
    if not sampler.varies or math.prod(shape) >= CLUSTER:
        return shape
    axis = promise.free_axis(shape)
    return (*shape[:axis], shape[axis] * math.ceil(CLUSTER / math.prod(shape)), *shape[axis + 1 :])


def _probes(sampler: Sampler) -> Iterator[Shape]:
    if sampler.varies:
        yield from sampler.promise.probes(sampler.shape)
