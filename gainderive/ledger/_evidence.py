"""What a check computes: rows that a reader can follow, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from gainderive.ledger._verdict import Verdict
from gainderive.status import Status


@dataclass(frozen=True)
class Row:
    """One thing that was computed.

    Attributes
    ----------
    what : str
        What was computed, in words.
    value : str
        What came out.
    status : Status
        How far it may be trusted.
    holds : bool or None
        Whether what the sentence says of it holds; ``None`` for what is only shown.
    how : str
        How it was computed, or compared with what.
    reading : str
        The part of the sentence that it is about, or the amendment under which it is read; empty for the whole as said.
    """

    what: str
    value: str
    status: Status
    holds: bool | None = None
    how: str = ""
    reading: str = ""

    @property
    def answer(self) -> str:
        """Whether it holds, as a word."""
        return "" if self.holds is None else "holds" if self.holds else "fails"

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {**vars(self), "status": str(self.status)}


def read_as(reading: str, rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows as part of a reading of the sentence."""
    return tuple(replace(row, reading=f"{reading}: {row.reading}" if row.reading else reading) for row in rows)


@dataclass(frozen=True)
class Decision:
    """Whether a statement holds, and the rows that show it."""

    holds: bool
    rows: tuple[Row, ...]


class Statement(Protocol):
    """Something that a computation decides: an identity, an inequality, a law of which samples are drawn."""

    def decide(self) -> Decision:
        """Compute, and tell whether it holds; raise ``Undecided`` where the computation cannot tell."""
        ...


@dataclass(frozen=True)
class Finding:
    """The verdict of a check, the rows that show it, and the verdicts on the sentence's parts, if it has several."""

    verdict: Verdict
    rows: tuple[Row, ...]
    parts: tuple[tuple[str, Verdict], ...] = ()


class Check(Protocol):
    """Something from which a verdict is computed."""

    def examine(self) -> Finding:
        """Compute, and return the verdict with what led to it."""
        ...


def decided(statements: Sequence[Statement]) -> Decision:
    """Decide several statements of which all have to hold."""
    decisions = [statement.decide() for statement in statements]
    return Decision(all(d.holds for d in decisions), tuple(row for d in decisions for row in d.rows))
