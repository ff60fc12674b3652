"""A histogram of a stream of numbers whose range nobody knows beforehand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

BINS = 64


@dataclass(frozen=True)
class Histogram:
    """Counts in equal bins of ``[-reach, reach]``.

    Attributes
    ----------
    reach : float
        A power of 2, the smallest that reaches to all that was counted; 1 for nothing but zeros.
    counts : tuple of int
        From left to right.
    """

    reach: float
    counts: tuple[int, ...]

    @property
    def edges(self) -> tuple[float, ...]:
        """The bins' ends, one more than there are bins."""
        width = 2 * self.reach / len(self.counts)
        return tuple(-self.reach + width * index for index in range(len(self.counts) + 1))


class Counting:
    """A histogram in the making: where numbers fall outside, its reach is doubled and its bins are joined in pairs.

    Since reaches are powers of 2, the old bins are halves of the new ones, and no count is ever a guess.

    >>> import torch
    >>> counting = Counting()
    >>> counting.add(torch.tensor([0.3]))
    >>> counting.add(torch.tensor([5.0]))
    >>> counting.histogram.reach, sum(counting.histogram.counts)
    (8.0, 2)
    """

    def __init__(self) -> None:
        self._reach = 0.0
        self._counts = [0] * BINS

    def add(self, values: Tensor) -> None:
        """Count finite `values`, given in one dimension."""
        largest = float(values.abs().max())
        while largest > self._reach or not self._reach:
            self._widen(largest)
        counts = values.histc(BINS, min=-self._reach, max=self._reach)
        self._counts = [old + int(new) for old, new in zip(self._counts, counts.tolist(), strict=True)]

    def _widen(self, largest: float) -> None:
        if not self._reach:
            self._reach = 2.0 ** math.ceil(math.log2(largest)) if largest else 1.0
            return
        middle = [left + right for left, right in zip(self._counts[::2], self._counts[1::2], strict=True)]
        self._counts = [*[0] * (BINS // 4), *middle, *[0] * (BINS // 4)]
        self._reach *= 2

    @property
    def histogram(self) -> Histogram:
        """What was counted."""
        return Histogram(self._reach or 1.0, tuple(self._counts))
