"""One page that is computed: derived, verified, and rendered as MyST, with the files that stand beside it."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gainderive.errors import BadResult, GainderiveError
from gainderive.render.site._keys import CLAIMS, NOTEBOOKS, RESULTS


@dataclass(frozen=True)
class Computed:
    """What the site takes of a page.

    Attributes
    ----------
    markdown : str
        The page as MyST.
    beside : dict
        Files beside the page, content by name.
    entry : dict
        What the overview of its kind shows of it, as plain data.
    record : dict
        The digest's record; empty for a notebook.
    about : dict
        What other pages may say of it and show: title, status, claim, gains, files, figures.
    section : str
        A result's section of the handbook, as Typst.
    """

    markdown: str
    beside: dict[str, bytes] = field(default_factory=dict)
    entry: dict[str, Any] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    section: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for the cache."""
        return {**vars(self), "beside": {name: b64encode(held).decode() for name, held in self.beside.items()}}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Computed:
        """Return the page that plain data hold."""
        return cls(**{**plain, "beside": {name: b64decode(held) for name, held in plain["beside"].items()}})


def computed(name: str) -> dict[str, Any]:
    """Derive, verify and render the page called `name`, as plain data.

    Raises
    ------
    BadResult
        When a derivation is refused, or the evidence contradicts it; the message names page and step.
    """
    folder, _, own = name.partition("/")
    try:
        return {RESULTS: _result, CLAIMS: _claim, NOTEBOOKS: _notebook}.get(folder, _entry)(own).to_dict()
    except GainderiveError as error:
        raise BadResult(f"{own}: {error}") from error


def _result(id: str) -> Computed:
    from gainderive import catalog, files, notation
    from gainderive.render import beside, pages, pictures, record, topic, typst
    from gainderive.render.illustrations import illustrations
    from gainderive.verification import verify

    published = catalog.find(id)
    about: dict[str, Any] = {"title": published.title, "status": str(published.status), "figures": []}
    verification = None
    if isinstance(published, catalog.Result):
        published.derivation.check()
        verification = verify(published)
        if not verification.ok:
            raise BadResult("; ".join(verification.problems))
        about["claim_latex"] = notation.line(published.derivation.claim)
        about["figures"] = [pictures.entry(name, figure) for name, figure in illustrations(published).items()]
    made = beside.beside(published, verification)
    if isinstance(published, catalog.Result) and verification is not None:
        made[f"{id}.pdf"] = typst.slides([topic.published(published, verification)])
    return Computed(
        pages.page(published, verification),
        made,
        pages.entry(published),
        record.record(published),
        {**about, "files": beside.downloads(made)},
        typst.section(published, verification, files.results()),
    )


def _entry(name: str) -> Computed:
    from gainderive import units
    from gainderive.render import activation, comparison, pictures, record, unit
    from gainderive.render.portrait import Portrait

    portrait = Portrait(units.named(name))
    kind = unit if isinstance(portrait.entry, units.Unit) else activation
    held = record.entry_record(portrait)
    return Computed(
        kind.page(portrait),
        pictures.files(portrait.entry.name, kind.picture(portrait)),
        comparison.entry(portrait),
        held,
        {"title": held["title"], "gains": held["gains"]},
    )


def _claim(id: str) -> Computed:
    from gainderive import files, ledger
    from gainderive.render import claim

    made = ledger.load_file(files.claims()[id])
    plain = json.dumps(made.to_dict(), indent=1, ensure_ascii=False) + "\n"
    return Computed(claim.page(made), {f"{id}.json": plain.encode()}, claim.entry(made), made.to_record())


def _notebook(name: str) -> Computed:
    from gainderive import files
    from gainderive.render import notebook

    made = notebook.executed(files.notebooks()[name])
    return Computed(made.page, {f"{name}.ipynb": made.notebook, **made.files})
