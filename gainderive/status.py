"""How far a number may be trusted: always computed, never only declared."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """The four kinds of evidence, worst to best, so that ``min`` combines them.

    >>> min(Status.PROVED, Status.ENCLOSED)
    <Status.ENCLOSED: 3>
    >>> str(Status.PROVED)
    'proved'
    """

    SAMPLED = 1
    """Monte Carlo, with a confidence sequence."""
    ESTIMATED = 2
    """Double-precision quadrature with an error estimate."""
    ENCLOSED = 3
    """A rigorous interval from ball arithmetic, tails and kinks included."""
    PROVED = 4
    """A closed form; every step of its derivation checked; and inside the rigorous interval."""

    def __str__(self) -> str:
        return self.name.lower()
