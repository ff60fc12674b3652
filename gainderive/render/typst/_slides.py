"""Slides for a lecture on chosen results, and the speaker's notes to them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from gainderive import __version__, catalog, notation
from gainderive.render.steps import formulas
from gainderive.render.topic import Topic, headline
from gainderive.render.typst import _formula
from gainderive.render.typst._compile import metadata, pdf, template
from gainderive.render.typst._markup import blocks, markup, string, text

_MOST_TITLES = 4
"""Topics up to which the first slide has room for their titles."""
_DECIMAL = re.compile(r"-?\d+\.\d+")
_DIGITS = 20
"""Characters of a value that are read from the back row; the handbook has all."""


def slides(topics: Sequence[Topic], title: str = "") -> bytes:
    """Return slides on some topics as PDF, 16:9; every line of a derivation appears on a page of its own.

    Raises
    ------
    BadResult
        For what cannot be typeset, or does not fit on a slide in a size that can be read.
    MissingExtra
        When Typst is not installed.
    """
    return pdf(source(topics, title))


def notes(topics: Sequence[Topic], title: str = "") -> bytes:
    """Return the speaker's notes as PDF: A4, every slide above what there is to say."""
    return pdf(source(topics, title, handout=True))


def pages(topics: Sequence[Topic], title: str = "") -> list[dict[str, Any]]:
    """Return what each page of the slides shows: ``topic``, ``kind`` and ``step``."""
    return metadata(source(topics, title), "slide")


def pdfpc(topics: Sequence[Topic], title: str = "") -> str:
    """Return the notes as a ``.pdfpc`` file, which presenter consoles read: for each page what there is to say."""
    said = {(topic.label, kind, step): words for topic in topics for (kind, step), words in _said(topic).items()}
    shown = ((page["topic"], page["kind"], page["step"]) for page in pages(topics, title))
    told = [
        {"idx": at, "label": str(at + 1), "overlay": 0, "note": said.get(page, "")} for at, page in enumerate(shown)
    ]
    held = {"pdfpcFormat": 2, "disableMarkdown": False, "pages": [page for page in told if page["note"]]}
    return json.dumps(held, ensure_ascii=False, indent=1) + "\n"


def _said(topic: Topic) -> dict[tuple[str, object], str]:
    """Return the notes as Markdown by kind of slide and step."""
    words: dict[tuple[str, object], str] = {("claim", 0): topic.commentary, ("evidence", 0): topic.provenance}
    for number, step in enumerate(topic.derivation.shown(), start=1):
        words["derivation", f"{number}."] = notation.reason(step)
    return words


def source(topics: Sequence[Topic], title: str = "", *, handout: bool = False) -> str:
    """Return the slides, or the speaker's notes, as a Typst source that needs no other file."""
    flag = f"handout: {str(handout).lower()}"
    calls = [_opening(topics, title), *(call for topic in topics for call in _topic(topic)), *_closing(topics)]
    shown = (f"#{name}({', '.join([*arguments, flag])})" for name, *arguments in calls)
    named = f"#show: face.with({flag})\n#set document(title: {string(headline(topics, title))})"
    return "\n\n".join([template("formula", "slides"), named, *shown])


def _opening(topics: Sequence[Topic], title: str) -> list[str]:
    listed = [f"*{text(topic.label)}* {text(topic.title)}" for topic in topics]
    if len(topics) > _MOST_TITLES:
        listed = [", ".join(text(topic.label) for topic in topics)]
    shown = (text(headline(topics, title)), " \\\n".join(listed), text(f"gainderive {__version__}"))
    return ["opening", *map(_content, shown)]


def _topic(topic: Topic) -> Iterator[list[str]]:
    derivation = topic.derivation
    label = string(topic.label)
    claim = _formula.data(notation.line(derivation.claim))
    assumptions = _formula.array(_content(text(str(held))) for held in derivation.assumptions)
    said = _content(markup(topic.commentary))
    yield ["claimed", label, _content(text(topic.title)), string(topic.status), claim, assumptions, said]
    for figure in topic.figures:
        yield ["pictured", label, string(figure.svg("light")), string(figure.alt), _content(markup(figure.caption))]
    yield ["derived", label, _formula.array(_steps(topic))]
    rows = (
        _formula.array(_content(text(cell)) for cell in (row.route, _short(row.value), row.error, row.verdict))
        for row in topic.verification.rows
    )
    words = _formula.array(map(_content, blocks(topic.torch, large=True)))
    yield ["evident", label, _formula.array(rows), words, _content(markup(topic.provenance))]


def _steps(topic: Topic) -> Iterator[str]:
    given, *reached = formulas(topic.derivation)
    yield (
        '(number: "", name: [Given.], reason: ([Given.],), note: [], verdict: "", remark: [], '
        f"formula: {_formula.data(given.latex)})"
    )
    for number, (step, formula) in enumerate(zip(topic.derivation.shown(), reached, strict=True), start=1):
        words = notation.reason(step)
        name = words[: words.index("**", 2) + 2]
        yield (
            f"(number: {string(f'{number}.')}, name: {_content(_words(name))}, "
            f"reason: {_formula.array(map(_content, blocks(words, large=True)))}, "
            f"note: {_content(markup(f'{words} {step.checked}'))}, verdict: {string(step.verdict)}, "
            f"remark: {_content(text(formula.remark))}, formula: {_formula.data(formula.latex)})"
        )


def _closing(topics: Sequence[Topic]) -> Iterator[list[str]]:
    sources = dict.fromkeys(str(source) for topic in topics for source in topic.derivation.sources)
    cited = [catalog.cite(topic.result.id, "text") for topic in topics if topic.result is not None]
    citations = [f"[{text(citation)}]" for citation in cited]
    if citations:
        citations[0] = f"[#block[*How to cite*] {citations[0][1:]}"
    shown = [*map(_item, sources), *citations]
    if shown:
        yield ["listed", '"Sources"', "[]", '"sources"', _formula.array(shown)]


def _item(words: str) -> str:
    return f"list([{_words(words)}])"


def _words(words: str) -> str:
    return markup(words, large=True)


def _short(value: str) -> str:
    """Return a long decimal cut off, and words as they are."""
    return f"{value[:_DIGITS]}…" if _DECIMAL.fullmatch(value) and len(value) > _DIGITS else value


def _content(shown: str) -> str:
    return f"[{shown}]"
