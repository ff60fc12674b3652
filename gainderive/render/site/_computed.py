"""One page that is computed: derived, verified, and rendered as MyST, with the files that stand beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from gainderive.errors import BadResult, GainderiveError
from gainderive.render.site._keys import NOTEBOOKS, RESULTS


@dataclass(frozen=True)
class Computed:
    """What the site takes of a page.

    Attributes
    ----------
    markdown : str
        The page as MyST.
    beside : dict
        Files beside the page, text by name.
    entry : dict
        What the overview of its kind shows of it, as plain data.
    record : dict
        The digest's record; empty for a notebook.
    about : dict
        What other pages may say of it: title, status, claim, gains, files.
    """

    markdown: str
    beside: dict[str, str] = field(default_factory=dict)
    entry: dict[str, Any] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for the cache."""
        return asdict(self)


def computed(name: str) -> dict[str, Any]:
    """Derive, verify and render the page called `name`, as plain data.

    Raises
    ------
    BadResult
        When a derivation is refused, or the evidence contradicts it; the message names page and step.
    """
    folder, _, own = name.partition("/")
    try:
        return {RESULTS: _result, NOTEBOOKS: _notebook}.get(folder, _entry)(own).to_dict()
    except GainderiveError as error:
        raise BadResult(f"{own}: {error}") from error


def _result(id: str) -> Computed:
    from gainderive import catalog, notation
    from gainderive.render import pages, record
    from gainderive.verification import verify

    result = catalog.result(id)
    result.derivation.check()
    verification = verify(result)
    if not verification.ok:
        raise BadResult("; ".join(verification.problems))
    beside = pages.beside(result, verification)
    held = record.record(result)
    return Computed(
        pages.page(result, verification),
        beside,
        pages.entry(result),
        held,
        {
            "title": result.title,
            "status": held["status"],
            "claim_latex": notation.line(result.derivation.claim),
            "files": pages.downloads(beside),
        },
    )


def _entry(name: str) -> Computed:
    from gainderive import units
    from gainderive.render import activation, comparison, record, unit
    from gainderive.render.portrait import Portrait

    portrait = Portrait(units.named(name))
    kind = unit if isinstance(portrait.entry, units.Unit) else activation
    held = record.entry_record(portrait)
    return Computed(
        kind.page(portrait),
        kind.pictures(portrait),
        comparison.entry(portrait),
        held,
        {"title": held["title"], "gains": held["gains"]},
    )


def _notebook(name: str) -> Computed:
    from gainderive import files
    from gainderive.render import notebook

    made = notebook.executed(files.notebooks()[name])
    return Computed(made.page, {f"{name}.ipynb": made.notebook, **made.files})
