"""How far a number may be trusted: always computed, never only declared."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """The four kinds of evidence, ordered from worst to best, so that ``min`` combines them.

    >>> min(Status.PROVED, Status.ENCLOSED)
    <Status.ENCLOSED: 'enclosed'>
    >>> Status.SAMPLED < Status.ESTIMATED, Status.PROVED == "proved"
    (True, True)
    """

    SAMPLED = "sampled"
    """Monte Carlo, with a confidence sequence."""
    ESTIMATED = "estimated"
    """Double-precision quadrature with an error estimate."""
    ENCLOSED = "enclosed"
    """A rigorous interval from ball arithmetic, tails and kinks included."""
    PROVED = "proved"
    """A closed form; every step of its derivation checked; and inside the rigorous interval."""

    @property
    def rank(self) -> int:
        """Position from worst (0) to best (3)."""
        return list(Status).index(self)

    def __lt__(self, other: Any) -> bool:
        return self.rank < Status(other).rank

    def __le__(self, other: Any) -> bool:
        return self.rank <= Status(other).rank

    def __gt__(self, other: Any) -> bool:
        return self.rank > Status(other).rank

    def __ge__(self, other: Any) -> bool:
        return self.rank >= Status(other).rank
