"""Checks that weigh statements: a sentence as it is said, or amended; and a sentence of several parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gainderive.ledger._evidence import Check, Finding, Statement, decided, read_as
from gainderive.ledger._verdict import Verdict


@dataclass(frozen=True)
class Amended:
    """The statements that the sentence makes once an amendment is put in, which is named: "second moment" and so on."""

    amendment: str
    statements: tuple[Statement, ...]

    def __init__(self, amendment: str, *statements: Statement) -> None:
        object.__setattr__(self, "amendment", amendment)
        object.__setattr__(self, "statements", statements)


@dataclass(frozen=True)
class Said:
    """A sentence as statements that are decided.

    *true* when all statements hold; else *imprecise* when all of the amended ones hold; else *false*.

    Parameters
    ----------
    *statements : Statement
        What the sentence says, taken at its word.
    amended : Amended, optional
        What it says after an amendment.
    """

    statements: tuple[Statement, ...]
    amended: Amended | None = None

    def __init__(self, *statements: Statement, amended: Amended | None = None) -> None:
        object.__setattr__(self, "statements", statements)
        object.__setattr__(self, "amended", amended)

    def examine(self) -> Finding:
        """Decide the sentence as said and, if it fails, as amended."""
        said = decided(self.statements)
        if said.holds:
            return Finding(Verdict.TRUE, said.rows)
        if self.amended is None:
            return Finding(Verdict.FALSE, said.rows)
        amended = decided(self.amended.statements)
        rows = (*said.rows, *read_as(self.amended.amendment, amended.rows))
        return Finding(Verdict.IMPRECISE if amended.holds else Verdict.FALSE, rows)


@dataclass(frozen=True)
class Parts:
    """A sentence of several parts, each with a check of its own; its verdict is that of its worst part."""

    checks: Mapping[str, Check] = field(hash=False)

    def examine(self) -> Finding:
        """Examine every part."""
        found = {name: check.examine() for name, check in self.checks.items()}
        rows = tuple(row for name, finding in found.items() for row in read_as(name, finding.rows))
        verdicts = {name: finding.verdict for name, finding in found.items()}
        return Finding(Verdict.worst(verdicts.values()), rows, tuple(verdicts.items()))
