"""A claim: the sentence, who says it, the check, and the sentence as it should be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from gainderive import display
from gainderive.derivation import Source
from gainderive.errors import BadClaim
from gainderive.ledger._evidence import Check, Row
from gainderive.ledger._numbers import Number, decimal
from gainderive.ledger._verdict import Verdict
from gainderive.status import Status

DIGITS = 6
"""Digits of a number in a sentence, unless more are asked for."""

GROUPS = {
    "A": "Saturation and vanishing gradients",
    "B": "Remedies",
    "C": "The self-test checklist",
    "D": "The table of gains",
    "E": "Questions that are asked with it",
    "F": "Published numbers and sentences",
    "G": "More that is often said",
}
"""What the claims of a group are about, by the letter in their IDs, in the order in which they are shown."""


@dataclass(frozen=True)
class Assessment:
    """A claim as computed.

    Attributes
    ----------
    id : str
        Of the claim.
    verdict : Verdict
        Computed, never typed.
    evidence : tuple of Row
        What was computed.
    corrected : str
        The sentence as it should be, with computed numbers; empty for one that is true.
    remark : str
        What a reader should know besides, with computed numbers.
    results : tuple of str
        IDs of the published results on which it rests, or that say more.
    parts : tuple of (str, Verdict)
        The verdicts on the sentence's parts, if it has several.
    """

    id: str
    verdict: Verdict
    evidence: tuple[Row, ...]
    corrected: str
    remark: str
    results: tuple[str, ...]
    parts: tuple[tuple[str, Verdict], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "id": self.id,
            "verdict": str(self.verdict),
            "parts": {name: str(verdict) for name, verdict in self.parts},
            "evidence": [row.to_dict() for row in self.evidence],
            "corrected": self.corrected,
            "remark": self.remark,
            "results": list(self.results),
        }


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A sentence that people say about initialization, with a check from which its verdict is computed.

    All sentences are plain text with Unicode mathematics. A name in braces, as in ``"the gain is {forward}"``, stands
    for one of `numbers`.

    Attributes
    ----------
    says : str
        The sentence, in our words.
    who : tuple of Source
        Who says it, with the version where it has one.
    check : Check
        What computes the verdict.
    correct : str
        The sentence as it should be; shown when the verdict is not ``true``.
    remark : str
        What a reader should know besides: assumptions, how far the sentence carries.
    numbers : mapping
        Numbers that the sentences name: closed expressions, or pairs of one and how many digits are shown.
    results : tuple of str
        IDs of published results on which it rests, or that say more.
    id : str
        Letter and number; set from the file's name.
    """

    says: str
    who: tuple[Source, ...]
    check: Check = field(hash=False)
    correct: str = ""
    remark: str = ""
    numbers: Mapping[str, Number | tuple[Number, int]] = field(default_factory=dict, hash=False)
    results: tuple[str, ...] = ()
    id: str = ""

    def under(self, id: str) -> Claim:
        """Return the claim under the ID that its file carries."""
        return replace(self, id=id)

    @property
    def group(self) -> str:
        """The letter of its ID."""
        return self.id[:1]

    @property
    def number(self) -> int:
        """The number in its ID; no two claims share it."""
        return int(self.id[1:])

    @property
    def topic(self) -> str:
        """What the claims of its group are about."""
        return GROUPS[self.group]

    @cached_property
    def assessment(self) -> Assessment:
        """The claim as computed, when it is first asked for."""
        finding = self.check.examine()
        shown = {name: _shown(number) for name, number in self.numbers.items()}
        if finding.verdict is not Verdict.TRUE and not self.correct:
            raise BadClaim(f"{self.id} is {finding.verdict}, and its file does not say what is correct")
        return Assessment(
            id=self.id,
            verdict=finding.verdict,
            evidence=finding.rows,
            corrected="" if finding.verdict is Verdict.TRUE else self._filled(self.correct, shown),
            remark=self._filled(self.remark, shown),
            results=self.results,
            parts=finding.parts,
        )

    def _filled(self, sentence: str, numbers: Mapping[str, str]) -> str:
        try:
            return sentence.format_map(numbers)
        except (KeyError, ValueError, IndexError) as error:
            raise BadClaim(f"{self.id}: {sentence!r} names a number that is not among its numbers: {error}") from None

    @property
    def verdict(self) -> Verdict:
        """The verdict, computed when it is first asked for."""
        return self.assessment.verdict

    @property
    def evidence(self) -> tuple[Row, ...]:
        """What was computed."""
        return self.assessment.evidence

    @property
    def corrected(self) -> str:
        """The sentence as it should be; empty for one that is true."""
        return self.assessment.corrected

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        computed = self.assessment.to_dict()
        return {
            "id": self.id,
            "group": self.topic,
            "says": self.says,
            "who": [{"text": source.text, "link": source.link} for source in self.who],
            **{key: value for key, value in computed.items() if key != "id"},
        }

    def to_record(self) -> dict[str, Any]:
        """Return the digest's record: the plain data, but of what was sampled only whether it holds."""
        plain = self.to_dict()
        return {**plain, "evidence": [_recorded(row) for row in plain["evidence"]]}

    def __repr__(self) -> str:
        return f"Claim({self.id}, {self.verdict}: {self.says})"

    def __str__(self) -> str:
        found = self.assessment
        parts = [f"{self.id} [{found.verdict}] {self.says}", f"said by: {'; '.join(s.text for s in self.who)}"]
        parts += [f"part: {name} [{verdict}]" for name, verdict in found.parts]
        parts += [_line(row) for row in found.evidence]
        parts += [f"correct: {found.corrected}"] if found.corrected else []
        parts += [f"remark: {found.remark}"] if found.remark else []
        parts += [f"results: {', '.join(found.results)}"] if found.results else []
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        found = self.assessment
        rows = [(row.reading, row.what, row.value, row.answer, str(row.status), row.how) for row in found.evidence]
        head = ("reading", "what", "value", "holds", "status", "how")
        shown = [
            display.element("p", display.element("strong", f"{self.id}, {found.verdict}: "), self.says),
            *([display.table("", ((name, str(part)) for name, part in found.parts))] if found.parts else []),
            display.table("", rows, head),
            *([display.element("p", display.element("em", "Correct: "), found.corrected)] if found.corrected else []),
            *([display.element("p", found.remark)] if found.remark else []),
        ]
        return display.joined(*shown)


def _recorded(row: dict[str, Any]) -> dict[str, Any]:
    # What random numbers gave may differ in its last digits on another machine.
    return {**row, "value": None, "how": None} if row["status"] == Status.SAMPLED else row


def _line(row: Row) -> str:
    reading = f"({row.reading}) " if row.reading else ""
    how = f" ({row.how})" if row.how else ""
    answer = f", {row.answer}" if row.answer else ""
    return f"  - {reading}{row.what}: {row.value}{answer} [{row.status}]{how}"


def _shown(number: Number | tuple[Number, int]) -> str:
    return decimal(*number) if isinstance(number, tuple) else decimal(number, DIGITS)
