"""Statistics of what flows through a place of a model, taken in passing: no activation is kept."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gainderive.pytorch.diagnosis._ends import Ends
from gainderive.pytorch.diagnosis._histogram import Counting
from gainderive.pytorch.diagnosis._records import Signal

if TYPE_CHECKING:
    from torch import Tensor

CHUNK = 1 << 20
"""Numbers that are looked at together; what is needed beside them is a few times as much."""
NOTHING = Ends()


class Stream:
    """Sums over everything that came by, for each unit and for all.

    Parameters
    ----------
    units : int
        How many there are; they lie along one axis of each tensor.
    ends : Ends
        Where the activation that follows is flat.
    brief : bool
        Take sums alone: no histogram, no extremes.
    """

    def __init__(self, units: int, ends: Ends = NOTHING, *, brief: bool = False) -> None:
        import torch

        self.units = units
        self._ends = ends
        self._rows = 0
        self._sums = torch.zeros(units, dtype=torch.float64)
        self._squares = torch.zeros(units, dtype=torch.float64)
        self.least = torch.full((units,), math.inf)
        self.most = torch.full((units,), -math.inf)
        self._brief = brief
        self._counting = Counting()
        self._saturated = self._off = self._banded = self._broken = 0

    def add(self, values: Tensor, axis: int) -> None:
        """Add what came by; units lie along `axis`."""
        for chunk in _chunks(values.detach(), axis):
            self._rows += chunk.shape[0] * chunk.shape[2]
            sums = chunk.sum((0, 2)).double().cpu()
            if not bool(sums.isfinite().all()):
                finite = chunk.isfinite()
                self._broken += int((~finite).sum())
                chunk = chunk.where(finite, chunk.new_zeros(()))
                sums = chunk.sum((0, 2)).double().cpu()
            self._sums += sums
            self._squares += chunk.square().sum((0, 2)).double().cpu()
            if self._brief:
                continue
            self.least = self.least.minimum(chunk.amin((0, 2)).float().cpu())
            self.most = self.most.maximum(chunk.amax((0, 2)).float().cpu())
            self._counting.add(chunk.flatten())
            ends = self._ends
            self._saturated += _beyond(chunk, ends.saturated_below, ends.saturated_above)
            self._off += _beyond(chunk, ends.off_below, ends.off_above)
            self._banded += _beyond(chunk, ends.low, ends.high, closed=True)

    @property
    def means(self) -> Tensor:
        """The mean of each unit."""
        return self._sums / max(self._rows, 1)

    @property
    def second_moments(self) -> Tensor:
        """The second moment of each unit."""
        return self._squares / max(self._rows, 1)

    @property
    def saturated(self) -> float:
        """Share beyond the ends where the activation saturates."""
        return self._saturated / self._count

    @property
    def off(self) -> float:
        """Share beyond the ends where the activation is off."""
        return self._off / self._count

    @property
    def banded(self) -> float:
        """Share within the saturated bands of the activation's values."""
        return self._banded / self._count

    @property
    def _count(self) -> int:
        return max(self._rows * self.units, 1)

    @property
    def rows(self) -> int:
        """How many values of each unit came by: samples times positions."""
        return self._rows

    def idle(self) -> Tensor:
        """Tell for each unit whether it stayed in one flat half line all the time, or never changed."""
        idle = self.least == self.most
        if self._ends.flat_below is not None:
            idle = idle | (self.most <= self._ends.flat_below)
        if self._ends.flat_above is not None:
            idle = idle | (self.least >= self._ends.flat_above)
        return idle if self._rows > 1 else idle & False

    @property
    def signal(self) -> Signal:
        """What came by, in a few numbers."""
        each = self.second_moments
        return Signal(
            count=self._rows * self.units,
            mean=float(self.means.mean()),
            second_moment=float(each.mean()),
            standard_error=float(each.std() / math.sqrt(self.units)) if self.units > 1 else None,
            not_finite=self._broken,
            histogram=None if self._brief else self._counting.histogram,
        )


def _chunks(values: Tensor, axis: int) -> Iterator[Tensor]:
    """Yield `values` in parts of the form ``(samples, units, positions)``, in at least single precision."""
    import torch

    axis %= values.dim()
    before, after = math.prod(values.shape[:axis]), math.prod(values.shape[axis + 1 :])
    units = values.shape[axis]
    whole = values.reshape(before, units, after)
    positions = max(1, min(after, CHUNK // max(units, 1)))
    samples = max(1, CHUNK // (units * positions))
    for part in whole.split(samples):
        for chunk in part.split(positions, dim=2):
            if chunk.numel():
                yield chunk if chunk.dtype == torch.float64 else chunk.float()


def _beyond(values: Tensor, below: float | None, above: float | None, *, closed: bool = False) -> int:
    found = 0
    if below is not None:
        found += int((values <= below).sum() if closed else (values < below).sum())
    if above is not None:
        found += int((values >= above).sum() if closed else (values > above).sum())
    return found
