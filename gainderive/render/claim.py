"""The page of one claim of the ledger as MyST, and the overview of all, in which a reader chooses a verdict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from gainderive.ledger import GROUPS, Claim, Row, Verdict
from gainderive.render.markdown import linked, section, table

_COLOURS = {
    Verdict.TRUE: "success",
    Verdict.IMPRECISE: "warning",
    Verdict.FOLKLORE: "secondary",
    Verdict.FALSE: "danger",
}
_ANSWERS = {None: "", True: "yes", False: "no"}
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|$#~])")


def escaped(sentence: str) -> str:
    r"""Return plain text as Markdown that shows it as it is.

    >>> print(escaped("E[h**2] < 1"))
    E\[h\*\*2\] \< 1
    """
    return _MARKUP.sub(r"\\\1", sentence)


def badge(verdict: str) -> str:
    """Return the badge of a verdict.

    >>> badge("false")
    '{bdg-danger}`false`'
    """
    return f"{{bdg-{_COLOURS[Verdict(verdict)]}}}`{verdict}`"


def page(claim: Claim) -> str:
    """Return the page of a claim: the sentence, its verdict, what was computed, and the sentence as it should be."""
    found = claim.assessment
    said_by = "\n".join(f"- {source}" for source in claim.who)
    results = " · ".join(f"{{gd}}`{id}`" for id in found.results)
    data = f"{{beside}}`JSON <{claim.id}.json>`"
    parts = [
        f"# {claim.id}: “{escaped(claim.says)}”",
        f"{{.claim-verdict}}\n{badge(found.verdict)} {found.verdict.meaning}. *{claim.topic}* · {data}",
        *section("What is right", linked(escaped(found.corrected))),
        *section("Part by part", table(("Part", "Verdict"), ((escaped(n), badge(v)) for n, v in found.parts))
                 if found.parts else ""),
        *section("What was computed", evidence(found.evidence)),
        *section("What to know besides", linked(escaped(found.remark))),
        *section("Who says it", said_by),
        *section("Published results", results),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def evidence(rows: Iterable[Row]) -> str:
    """Return the table of what was computed."""
    shown = [
        (
            escaped(row.reading),
            escaped(row.what),
            escaped(row.value),
            _ANSWERS[row.holds],
            f"`{row.status}`",
            escaped(row.how),
        )
        for row in rows
    ]
    head = ("Reading", "What", "Value", "Holds", "Status", "How")
    # Nobody needs the column of readings where the sentence is read in one way only.
    start = 0 if any(row[0] for row in shown) else 1
    return table(head[start:], (row[start:] for row in shown))


def entry(claim: Claim) -> dict[str, Any]:
    """Return what the overview shows of a claim, as plain data."""
    return {
        "group": claim.group,
        "says": claim.says,
        "verdict": str(claim.verdict),
        "corrected": claim.corrected,
        "results": list(claim.results),
    }


def overview(entries: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the overview of all claims as MyST, by group."""
    parts = [
        "# The claims ledger",
        "Sentences about initialization that are repeated in lectures, tutorials and documentation. Each has a check "
        "of its own: a derivation, an enclosure, a comparison decided by algebra, or an experiment with a stated error "
        "probability. No verdict is typed: it follows from what the check computes, anew with every build of this "
        "site. In a shell, `gainderive claims` says the same; in Python, `gd.claims()`.",
        "\n\n".join(f"{badge(verdict)}\n: {verdict.meaning}." for verdict in Verdict),
        "All as data: {beside}`claims.json </claims.json>`.",
        _choice(entries),
    ]
    for letter, topic in GROUPS.items():
        shown = [_entry(id, held) for id, held in entries.items() if held["group"] == letter]
        parts += section(f"{letter}. {topic}", "\n\n".join(shown))
    return "\n\n".join(parts) + "\n"


def _choice(entries: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the buttons by which only the claims with one verdict are shown; the style does it, without a script."""
    counted = {"all": len(entries)} | {
        str(verdict): sum(held["verdict"] == verdict for held in entries.values()) for verdict in Verdict
    }
    buttons = (
        f'<input type="radio" name="verdict" id="show-{name}"{" checked" if name == "all" else ""}>'
        f'<label for="show-{name}">{name} ({number})</label>'
        for name, number in counted.items()
    )
    lines = ['<fieldset class="verdicts">', "<legend>Show</legend>", *buttons, "</fieldset>"]
    return "\n".join(["```{raw} html", *lines, "```"])


def _entry(id: str, held: Mapping[str, Any]) -> str:
    results = "".join(f" · {{gd}}`{result}`" for result in held["results"])
    lines = [
        f":::{{div}} claim claim-{held['verdict']}",
        f":name: {id}",
        f"**[{id}](/claims/{id}.md)** {badge(held['verdict'])} “{escaped(held['says'])}”{results}",
    ]
    if held["corrected"]:
        lines += ["", f"*Correct:* {linked(escaped(held['corrected']))}"]
    return "\n".join([*lines, ":::"])
