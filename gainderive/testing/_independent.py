r"""The test of initializers that promise independent weights of a known law.

Everything that is tested has a distribution that is known exactly, or bounded at every sample size, so the false-alarm
rate holds without a large-sample argument. The data grow in looks, and each look spends its share of ``alpha``; the
shares sum to ``alpha``, so that by the union bound it makes no difference when the test stops.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from gainderive.testing._bounds import chernoff_intervals
from gainderive.testing._check import Check
from gainderive.testing._laws import CELL, Law
from gainderive.testing._promise import Promise, Shape
from gainderive.testing._sampler import COARSE, Call, Sampler
from gainderive.testing._structure import LARGEST_BLOCK, choice, kernel_positions, statistics

Array = npt.NDArray[np.float64]

LOOKS = ((1 / 64, 1 / 16), (1 / 8, 1 / 16), (1.0, 7 / 8))
"""For each look: the share of all planned weights that it sees, and the share of alpha that it spends."""
SCALE_SHARE = 1 / 4
"""Share of a look's alpha that the test of the gain spends; the others have equal parts of the rest."""
OTHERS = 48
"""At most so many other sub-tests in a look."""
BINS = 256
"""Bins of equal probability, in which the distribution is tested."""
DEGREES = 10
"""Legendre polynomials up to this degree."""
FEWEST_CALLS, MOST_CALLS = 8, 64
"""Calls for the shape that was given; where it is small, the other weights come in fewer calls for larger shapes."""
LARGE_CALLS = 8
"""Calls for larger shapes."""
PROBE_SIZE = 4096
"""Weights drawn for each shape on which only the dependence on the fans is tested."""


@dataclass(frozen=True)
class Plan:
    """How many calls for which shapes."""

    calls: int
    larger: Shape | None
    probes: tuple[Shape, ...]


@lru_cache(maxsize=256)
def planned_weights(law: Law, alpha: float, power: float, error: float) -> int:
    r"""Return how many weights are needed so that a gain off by `error` is refused with probability `power`.

    The last look refuses a mean square outside the interval at its share of `alpha`. Under a gain off by the factor `f`
    the mean square is around :math:`f^2` with the standard deviation :math:`f^2\sqrt{(\kappa - 1)/n}`, nearly normal
    since `n` is large.

    Examples
    --------
    >>> from gainderive.testing._laws import Normal
    >>> planned_weights(Normal(), alpha=1e-6, power=0.999, error=0.01)
    345856
    """
    from scipy.special import ndtri

    level = alpha * LOOKS[-1][1] * SCALE_SHARE
    spread = float(ndtri(power)) * math.sqrt(law.kurtosis - 1)

    def suffices(size: int) -> bool:
        lower, upper = law.square_interval(size, level)
        low, high = (1 - error) ** 2, (1 + error) ** 2
        return low * (1 + spread / math.sqrt(size)) <= lower and high * (1 - spread / math.sqrt(size)) >= upper

    enough = 64
    while not suffices(enough):
        enough *= 2
    step = enough // 2
    size = enough
    while step > enough // 4096:
        if suffices(size - step):
            size -= step
        step //= 2
    return size


def plan(promise: Promise, shape: Shape, weights: int, *, vary: bool) -> Plan:
    """Return which shapes are asked for so that there are at least as many weights as planned."""
    size = math.prod(shape)
    calls = max(FEWEST_CALLS, math.ceil(weights / size))
    if not vary:
        return Plan(calls, None, ())
    larger = None
    if calls > MOST_CALLS:
        factor = math.ceil((weights - MOST_CALLS * size) / (LARGE_CALLS * size))
        axis = promise.free_axis(shape)
        larger = (*shape[:axis], shape[axis] * factor, *shape[axis + 1 :])
        calls = MOST_CALLS
    return Plan(calls, larger, promise.probes(shape))


def examine(
    sampler: Sampler, promise: Promise, law: Law, alpha: float, power: float, error: float
) -> Iterator[list[Check]]:
    """Yield the checks of each look."""
    weights = planned_weights(law, alpha, power, error)
    planned = plan(promise, sampler.shape, weights, vary=sampler.varies)
    state = _State(sampler, promise, law)
    for number, (share, spent) in enumerate(LOOKS):
        state.draw(planned, max(4, math.ceil(planned.calls * share)), math.ceil(LARGE_CALLS * share))
        yield list(state.checks(alpha * spent, probe=number == 0))


@dataclass
class _State:
    """What was drawn so far, over the promised standard deviation."""

    sampler: Sampler
    promise: Promise
    law: Law
    given: list[Call] = field(default_factory=list)
    larger: list[Call] = field(default_factory=list)
    probes: list[list[Call]] = field(default_factory=list)

    def draw(self, planned: Plan, calls: int, large_calls: int) -> None:
        """Draw until there are so many calls."""
        shape = self.sampler.shape
        self.given += self.sampler.draw(shape, min(calls, planned.calls) - len(self.given))
        if planned.larger is not None:
            self.larger += self.sampler.draw(planned.larger, large_calls - len(self.larger))
        if not self.probes:
            self.probes = [
                self.sampler.draw(probe, max(2, math.ceil(PROBE_SIZE / math.prod(probe)))) for probe in planned.probes
            ]

    def checks(self, alpha: float, *, probe: bool) -> Iterator[Check]:
        """Yield the checks of one look, which spends `alpha`; what presumes one that failed is not asked."""
        each = alpha * (1 - SCALE_SHARE) / OTHERS
        main = self.given + self.larger
        for group in (
            [*self.sampler.flaws(), *self.sampler.repeated(self.given, each)],
            self._scale(main, alpha * SCALE_SHARE, each, probe=probe),
            self._distribution(main, each),
            self._independence(each),
        ):
            checks = list(group)
            yield from checks
            if not all(check.ok for check in checks):
                return

    def _scale(self, main: Sequence[Call], alpha: float, each: float, *, probe: bool) -> Iterator[Check]:
        shape = self.sampler.shape
        over = f" over the shapes {shape} and {self.larger[0].shape}" if self.larger else ""
        gains = [self._gain(main, alpha, "gain", over)]
        if self.larger:
            gains.append(self._gain(self.given, each, "gain at the shape given", f" at the shape {shape}"))
        yield from gains
        # Where the gain is wrong at the shape given, other shapes would say the same once more.
        for calls in self.probes if probe and gains[-1].ok else ():
            where = f" at the shape {calls[0].shape}"
            yield self._gain(calls, each, f"gain{where}", where, "the scale does not follow the fan as promised")
        yield self._mean(main, each)
        yield from self._bound(main)

    def _gain(self, calls: Sequence[Call], alpha: float, name: str, where: str, meaning: str = "") -> Check:
        size = sum(call.x.size for call in calls)
        square = sum(float(np.sum(call.x**2)) for call in calls) / size
        lower, upper = self.law.square_interval(size, alpha)
        slack = 2 * max(call.epsilon for call in calls)
        gain = self.promise.gain
        return Check(
            name,
            f"the gain measured{where}",
            gain * math.sqrt(square),
            gain,
            gain * math.sqrt(max(lower, 0.0)) * (1 - slack),
            gain * math.sqrt(upper) * (1 + slack),
            size,
            meaning=meaning or f"the second moment is {square:.4g} times the promised one",
        )

    def _mean(self, calls: Sequence[Call], alpha: float) -> Check:
        size = sum(call.x.size for call in calls)
        mean = sum(float(np.sum(call.x)) for call in calls) / size
        lower, upper = self.law.mean_interval(size, alpha)
        slack = 2 * max(call.epsilon for call in calls)
        return Check(
            "mean",
            "the mean over the promised standard deviation",
            mean,
            0.0,
            lower - slack,
            upper + slack,
            size,
            meaning="the weights are not centred",
        )

    def _bound(self, calls: Sequence[Call]) -> Iterator[Check]:
        """Yield the check that no weight is beyond the end of the distribution; it cannot fail by chance."""
        edge = self.law.edge
        if not math.isfinite(edge):
            return
        slack = 4 * max(call.epsilon for call in calls)
        beyond = sum(int(np.count_nonzero(np.abs(call.x) > edge * (1 + slack))) for call in calls)
        largest = max(float(np.max(np.abs(call.x))) for call in calls)
        yield Check(
            "bound",
            f"the number of weights beyond {edge:.6g} promised standard deviations (the largest is at {largest:.6g})",
            beyond,
            0.0,
            0.0,
            0.0,
            sum(call.x.size for call in calls),
            meaning=f"the {self.law.name} distribution ends there",
        )

    def _distribution(self, calls: Sequence[Call], alpha: float) -> Iterator[Check]:
        epsilon = max(call.epsilon for call in calls)
        meaning = f"the distribution is not {self.law.name}"
        return distribution_checks(self.law, [call.x for call in calls], epsilon, alpha, meaning)

    def _independence(self, alpha: float) -> Iterator[Check]:
        rows, columns = self.promise.matrix(self.sampler.shape)
        generator = self.sampler.generator
        chosen_rows, chosen_columns = choice(generator, rows), choice(generator, columns)
        most = max(8, LARGEST_BLOCK // (len(chosen_rows) * len(chosen_columns)))
        used = self.given[: min(len(self.given), most)]
        x = np.stack([call.matrix[np.ix_(chosen_rows, chosen_columns)] for call in used])
        scores = self._scores(x, used)
        yield from (statistic.check(alpha) for statistic in statistics(scores, generator))
        kernel = math.prod(used[0].tensor.shape[2:])
        if kernel > 1:
            inputs = choice(generator, used[0].tensor.shape[1], max(1, WIDEST_KERNEL // kernel))
            block = np.stack([c.tensor.reshape(*c.tensor.shape[:2], kernel)[np.ix_(chosen_rows, inputs)] for c in used])
            yield kernel_positions(self._scores(block, used)).check(alpha)

    def _scores(self, x: Array, calls: Sequence[Call]) -> Array:
        """Return the normal scores; those of coarse numbers without the shift that rounding may cause.

        Generators of half precision draw from a grid of which one end is left out, so that their mean is a part of the
        spacing away from 0: too little to matter, but it would add up in a sum over many weights.
        """
        scores = self.law.scores(x)
        slack = 2 * max(call.epsilon for call in calls)
        if slack > COARSE:
            scores = scores - np.clip(scores.mean(), -slack, slack)
        return scores


def distribution_checks(
    law: Law, arrays: Sequence[Array], epsilon: float, alpha: float, meaning: str
) -> Iterator[Check]:
    """Yield Neyman's smooth test of independent values, and a test of the largest magnitude."""
    counts, least, size = np.zeros(BINS), 1.0, 0
    for array in arrays:
        x = thinned(array)
        tails = law.tails(x)
        # The scores of a bin are those of its middle: what is tested has finitely many values, all equally likely.
        u = np.where(x < 0, tails, 1 - tails)
        counts += np.bincount(np.minimum((u * BINS).astype(np.intp), BINS - 1), minlength=BINS)
        least, size = min(least, float(tails.min())), size + x.size
    means = legendre() @ counts / size
    lower, upper = smooth_intervals(size, alpha)
    slack = 8 * epsilon
    for degree, mean in enumerate(means, start=1):
        yield Check(
            f"distribution, degree {degree}",
            f"the mean Legendre score of degree {degree}",
            float(mean),
            0.0,
            float(lower[degree - 1]) - slack,
            float(upper[degree - 1]) + slack,
            size,
            meaning=meaning,
        )
    if epsilon <= COARSE:
        yield _largest(least, size, alpha, meaning)


def _largest(tail: float, size: int, alpha: float, meaning: str) -> Check:
    """Return the check of the smallest tail probability 2t among n weights: P(2t >= s) = (1 - s)^n."""
    low, high = -math.expm1(math.log1p(-alpha / 2) / size), -math.expm1(math.log(alpha / 2) / size)
    # Generators of single precision reach no tail smaller than a few cells.
    return Check(
        "tails",
        "the smallest probability of a tail beyond a weight",
        2 * tail,
        1 / (size + 1),
        low if low > 4 * CELL else 0.0,
        high + 4 * CELL,
        size,
        meaning=meaning,
    )


WIDEST_KERNEL = 512
"""About how many weights of a row are looked at for the scales of kernel positions."""
MOST_BINNED = 2**20
"""Weights of a call that go into the test of the distribution."""


def thinned(x: Array) -> Array:
    """Return all values, or evenly spaced ones of a large array."""
    flat = x.reshape(-1)
    return flat[:: math.ceil(flat.size / MOST_BINNED)]


@lru_cache(maxsize=1)
def legendre() -> Array:
    """Return Legendre polynomials of degree 1 to ``DEGREES`` at the middles of the bins, with mean square 1."""
    middles = (2 * np.arange(BINS) + 1) / BINS - 1
    values = np.polynomial.legendre.legvander(middles, DEGREES).T[1:]
    values = values - values.mean(axis=1, keepdims=True)
    scaled: Array = values / np.sqrt((values**2).mean(axis=1, keepdims=True))
    return scaled


@lru_cache(maxsize=1024)
def smooth_intervals(size: int, alpha: float) -> tuple[Array, Array]:
    """Return what holds the mean of each polynomial's values, except with probability `alpha`."""
    return chernoff_intervals(legendre(), np.full(BINS, 1 / BINS), size, alpha)
