"""One sub-test: what was measured, what was expected, and how far apart they may be."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Check:
    """A measured number beside the interval in which it lies, except with a stated probability, if all is right.

    Attributes
    ----------
    name : str
        Short name.
    what : str
        What was measured, as the subject of a sentence.
    measured, expected : float
        The two numbers.
    lower, upper : float
        What is accepted.
    size : int
        How many `of` these it was measured from.
    of : str
        What was counted.
    meaning : str
        What it means when the check fails.
    words : str
        The whole sentence, where the check is of something that is not a number.
    """

    name: str
    what: str
    measured: float
    expected: float
    lower: float
    upper: float
    size: int
    of: str = "weights"
    meaning: str = ""
    words: str = ""

    @property
    def ok(self) -> bool:
        """Whether the measured number is accepted; one that is not a number is not."""
        return self.lower <= self.measured <= self.upper

    @property
    def sentence(self) -> str:
        """The check in plain words."""
        if self.words:
            return self.words
        verdict = "" if not self.meaning or self.ok else f": {self.meaning}"
        return (
            f"{self.what} is {self.measured:.6g}, expected {self.expected:.6g} "
            f"(accepted {self.lower:.6g} to {self.upper:.6g}, from {self.size:,} {self.of}){verdict}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return asdict(self) | {"ok": self.ok}


def flaw(name: str, sentence: str, size: int, of: str = "weights") -> Check:
    """Return a failed check of something that is not a number."""
    return Check(name, name, 1.0, 0.0, 0.0, 0.0, size, of, words=sentence)
