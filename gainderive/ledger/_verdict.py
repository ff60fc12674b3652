"""What a claim comes to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """The four verdicts on a sentence, ordered from best to worst.

    >>> Verdict.worst([Verdict.IMPRECISE, Verdict.TRUE])
    <Verdict.IMPRECISE: 'imprecise'>
    """

    TRUE = "true"
    """The sentence holds as it is said, under the assumptions stated."""
    IMPRECISE = "imprecise"
    """It holds after a correction that is named, or to fewer digits than it prints."""
    FOLKLORE = "folklore"
    """It names a number to which none of the derived criteria leads."""
    FALSE = "false"
    """It is refuted, and the right value is shown."""

    @property
    def meaning(self) -> str:
        """The verdict in words."""
        return _MEANINGS[self]

    @classmethod
    def worst(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """Return the verdict on a sentence whose parts have these verdicts."""
        return max(verdicts, key=list(cls).index)


_MEANINGS = {
    Verdict.TRUE: "holds as it is said, under the assumptions stated",
    Verdict.IMPRECISE: "holds after a correction that is named, or to fewer digits than are printed",
    Verdict.FOLKLORE: "names a number to which none of the derived criteria leads",
    Verdict.FALSE: "is refuted; the right value is shown",
}
