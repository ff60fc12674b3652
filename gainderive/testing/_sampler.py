"""Calls of an initializer: counted, seeded, and refused where what comes back is no weight tensor at all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gainderive.errors import BadCallable
from gainderive.testing._check import Check, flaw
from gainderive.testing._promise import Promise, Shape
from gainderive.testing._source import Drawn, Source
from gainderive.testing._structure import choice

Array = npt.NDArray[np.float64]

COARSE = 1e-4
"""Numbers with a larger relative spacing are coarse: half precision and below."""
SPACING = 2.0**-22
"""Bound for the probability that two weights have the same magnitude: generators of single precision have 23 bits."""
SQUARE = 64
"""Rows and columns of a call that are searched for repetitions."""
ODD_STEP = 0x9E3779B1
"""The step between seeds; far from small numbers, so that seeds do not resemble each other."""
RANKED = 8
"""Calls of which the rank is computed; all of them are deficient by chance with a probability below 1e-20."""


class Broken(Exception):
    """What came back cannot be tested any further; carries the check that says why."""

    def __init__(self, check: Check) -> None:
        super().__init__(check.sentence)
        self.check = check


@dataclass(frozen=True)
class Call:
    """The weights of one call.

    Attributes
    ----------
    shape : tuple of int
        The shape asked for.
    values : array
        Weights in torch's order of axes, as they came.
    x : array
        Weights over their promised standard deviation; those of half precision are spread evenly over the numbers that
        round to them.
    epsilon : float
        Relative spacing of the numbers that came back.
    """

    shape: Shape
    values: Array
    x: Array
    epsilon: float

    @property
    def matrix(self) -> Array:
        """The weights as a matrix with one row for each output."""
        return self.x.reshape(self.x.shape[0], -1)

    @property
    def tensor(self) -> Array:
        """The weights in torch's order of axes."""
        return self.x


class Sampler:
    """Draws from a source, and remembers how much.

    Parameters
    ----------
    source : Source
        The initializer.
    promise : Promise
        By which standard deviation the weights are divided.
    shape : tuple of int
        The shape given by the user.
    seed : int
        Seeds the calls, and the choices of the tests.
    varies : bool
        Whether other shapes may be asked for.
    """

    def __init__(self, source: Source, promise: Promise, shape: Shape, seed: int, *, varies: bool) -> None:
        self.source, self.promise, self.shape, self.varies = source, promise, shape, varies
        self.weights = self.calls = 0
        self.notes: list[str] = []
        self.generator = np.random.default_rng(seed)
        self._first_seed, self._steps = int(self.generator.integers(2**31)), 0
        self._seen: dict[tuple[Shape, int], int] = {}
        self._run = 1
        self._flaws: list[Check] = []

    def draw(self, shape: Shape, count: int) -> list[Call]:
        """Return as many fresh calls.

        Raises
        ------
        Broken
            When something comes back that is no tensor of weights of this shape.
        """
        return [self._call(shape) for _ in range(count)]

    def flaws(self) -> list[Check]:
        """Return the checks that failed while drawing."""
        return list(self._flaws)

    def probe_other_shapes(self) -> None:
        """Find out whether the initializer can be asked for other shapes; say so in the notes if not."""
        if not self.source.takes_shape:
            self.notes.append("it takes no shape, so the dependence on the fans was not tested")
            self.varies = False
        if self.varies:
            try:
                for probe in self.promise.probes(self.shape):
                    self.source.draw(probe, 0)
            except BadCallable as error:
                self.notes.append(f"the dependence on the fans was not tested: {error}")
                self.varies = False

    def check_seeding(self) -> Iterator[Check]:
        """Yield what is wrong with an initializer that can be seeded."""
        if not self.source.takes_seed:
            return
        seed = self._next_seed()
        first, again = (self.source.draw(self.shape, seed).values for _ in range(2))
        if first.shape == again.shape and not np.array_equal(first, again, equal_nan=True):
            yield flaw(
                "seeding",
                "2 calls with the same seed give different weights, expected equal ones: "
                "the argument for seeding has no effect",
                2,
                "calls",
            )

    def repeated(self, calls: Sequence[Call], alpha: float) -> Iterator[Check]:
        """Yield whether magnitudes repeat inside calls more often than in continuous distributions, and the rank."""
        if max(call.epsilon for call in calls) > COARSE:
            return
        blocks = [self._square(call.values, SQUARE) for call in calls[:16]]
        repeats = sum(block.size - np.unique(np.abs(block)).size for block in blocks)
        size = sum(block.size for block in blocks)
        expected = sum(block.size**2 / 2 for block in blocks) * SPACING
        yield Check(
            "repetitions",
            "the number of weights whose magnitude occurs before in the same call",
            float(repeats),
            0.0,
            0.0,
            float(_poisson_bound(expected, alpha)),
            size,
            meaning="weights are copies of each other, or of few values",
        )
        yield from self.rank(calls)

    def copies(self, calls: Sequence[Call], alpha: float) -> Iterator[Check]:
        """Yield whether rows hold the magnitudes of other rows, for weights that never repeat inside a row.

        If two independent weights were equal with probability p, no repetition among all pairs inside rows would have
        the probability ``exp(-p * pairs)``. Where there is none, this bounds p, and so the repetitions between rows.
        """
        blocks = [np.abs(self._square(call.values, SQUARE)) for call in calls[:16]]
        rows, columns = blocks[0].shape
        if max(call.epsilon for call in calls) > COARSE or rows < 2 or columns < 2:
            return
        ordered = [np.sort(block, axis=1) for block in blocks]
        if any((block[:, 1:] == block[:, :-1]).any() for block in ordered):
            return
        inside = len(blocks) * rows * columns * (columns - 1) / 2
        between = len(blocks) * columns**2 * rows * (rows - 1) / 2
        expected = between * -math.log(alpha / 2) / inside
        repeats = sum(block.size - np.unique(block).size for block in blocks)
        yield Check(
            "copies",
            "the number of weights whose magnitude occurs in another row of the same call",
            float(repeats),
            0.0,
            0.0,
            float(_poisson_bound(expected, alpha / 2)),
            sum(block.size for block in blocks),
            meaning="rows are made of the weights of other rows",
        )

    def rank(self, calls: Sequence[Call]) -> Iterator[Check]:
        """Yield whether all of several calls have dependent rows or columns."""
        blocks = [self._square(call.values, 96) for call in calls[:RANKED]]
        if (
            max(call.epsilon for call in calls) > COARSE
            or len(blocks) < RANKED
            or min(blocks[0].shape) < 2
            or blocks[0].size < 9
        ):
            return
        least = 0.0
        for block in blocks:
            block = block if block.shape[0] >= block.shape[1] else block.T
            diagonal = np.abs(np.diagonal(np.linalg.qr(block, mode="r")))
            least = max(least, float(diagonal.min() / max(diagonal.max(), 1e-300)))
        tolerance = 8 * max(max(call.epsilon for call in calls), 2.0**-23) * max(blocks[0].shape)
        yield Check(
            "full rank",
            "the largest ratio of the extreme diagonal entries of R in QR",
            least,
            1.0,
            tolerance,
            math.inf,
            RANKED,
            "calls",
            "the matrix has not full rank",
        )

    def _square(self, values: Array, most: int) -> Array:
        matrix = values.reshape(values.shape[0], -1)
        rows, columns = (choice(self.generator, n, most) for n in matrix.shape)
        block: Array = matrix[np.ix_(rows, columns)]
        return block

    def _next_seed(self) -> int:
        """Return a number below 2^31 that was not given before: an odd step runs through all of them."""
        self._steps += 1
        return (self._first_seed + self._steps * ODD_STEP) % 2**31

    def _call(self, shape: Shape) -> Call:
        drawn = self.source.draw(shape, self._next_seed())
        self.calls += 1
        self.weights += drawn.values.size
        self._require_weights(drawn, shape)
        self._notice_repetition(drawn, shape)
        values = drawn.values if self.promise.layout == "oi" else np.moveaxis(drawn.values, (-1, -2), (0, 1))
        deviation = 1.0 if self.promise.distribution == "constant" else math.sqrt(self.promise.second_moment(shape))
        x = values / deviation
        return Call(
            shape, values, self._spread(x, values, drawn.epsilon) if drawn.epsilon > COARSE else x, drawn.epsilon
        )

    def _spread(self, x: Array, values: Array, epsilon: float) -> Array:
        """Return `x` with each value somewhere among those that round to it, but not beyond the end of its law."""
        spacing = epsilon * np.exp2(np.floor(np.log2(np.maximum(np.abs(values), 1e-30))))
        relative = np.divide(x, values, out=np.zeros_like(x), where=values != 0)
        spread = x + (self.generator.random(x.shape) - 0.5) * spacing * relative
        law = self.promise.law
        if law is None or not math.isfinite(law.edge):
            return spread
        over = (np.abs(spread) > law.edge) & (np.abs(x) <= law.edge * (1 + epsilon))
        return np.where(over, np.copysign(2 * law.edge - np.abs(spread), spread), spread)

    def _require_weights(self, drawn: Drawn, shape: Shape) -> None:
        values = drawn.values
        if values.shape != shape:
            self._refuse("shape", f"for the shape {shape} it returns an array of shape {values.shape}")
        if drawn.kind != "f":
            self._refuse("dtype", f"it returns values of type {drawn.dtype}, expected real floating-point numbers")
        if not np.isfinite(values).all():
            self._refuse(
                "finite", f"{np.sum(~np.isfinite(values))} of {values.size} weights are infinite or not a number"
            )
        if values.size >= self._enough(drawn) and values.min() == values.max():
            self._refuse("constant", f"all {values.size} weights of a call are equal to {values.flat[0]:g}")

    def _enough(self, drawn: Drawn) -> float:
        """Return from how many weights on equality, with each other or with those of a call, is no coincidence."""
        if self.promise.distribution == "constant":
            return math.inf
        if self.promise.distribution is None:
            return 64
        return 4 if drawn.epsilon <= COARSE else 32

    def _refuse(self, name: str, sentence: str) -> None:
        raise Broken(flaw(name, sentence, 1, "calls"))

    def _notice_repetition(self, drawn: Drawn, shape: Shape) -> None:
        if self.promise.distribution == "constant" or self._flaws:
            return
        key = (shape, hash(drawn.values.tobytes()))
        # Few weights of few values are equal by chance now and then, but not many times in a row.
        self._run = self._run + 1 if self._seen.get(key) == self.calls - 2 else 1
        if key in self._seen and max(1, self._run - 1) * drawn.values.size >= self._enough(drawn):
            self._flaws.append(
                flaw(
                    "repeated calls",
                    f"call {self._seen[key] + 1} and call {self.calls} return exactly the same weights for the shape "
                    f"{shape}, expected independent ones{' for different seeds' if self.source.takes_seed else ''}",
                    self.calls,
                    "calls",
                )
            )
        self._seen[key] = self.calls - 1


def _poisson_bound(mean: float, alpha: float) -> int:
    """Return a number that a Poisson variable exceeds with a probability of at most `alpha`."""
    from scipy.special import gammainc

    bound = 0
    while gammainc(bound + 1, mean) > alpha:
        bound += 1 + bound // 8
    return bound
