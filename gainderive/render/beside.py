"""The files that lie beside a result's page: data, LaTeX, citations, figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sympy import Basic

from gainderive import __version__, catalog, notation
from gainderive.catalog import Absent, Agrees, Differs, Published, Result, TorchRelation, Withdrawn
from gainderive.derivation import written
from gainderive.render import latex, pictures, record, text
from gainderive.render.illustrations import illustrations
from gainderive.verification import Verification

COMPUTING = ("sympy", "numpy", "scipy", "python-flint", "torch")
"""The packages whose versions a number may depend on."""


def beside(published: Published, verification: Verification | None = None) -> dict[str, bytes]:
    """Return the files beside a page, by their names.

    Parameters
    ----------
    published : Result or Withdrawn
        From :mod:`gainderive.catalog`.
    verification : Verification or None
        The evidence for a result; of a withdrawn one there is none.

    Returns
    -------
    dict
        ``GD-0005.json`` (all there is to know, as plain data), ``.tex`` (a document), ``.bib``, ``.csl.json``, and the
        figures ``.svg``, ``-2.svg``, ...; equal input gives equal text.
    """
    id = published.id
    data = _of_withdrawn(published) if isinstance(published, Withdrawn) else _of_result(published, verification)
    figures = {} if isinstance(published, Withdrawn) else illustrations(published)
    texts = {
        f"{id}.json": json.dumps(data, indent=2, ensure_ascii=False) + "\n",
        f"{id}.tex": latex.document(published),
        f"{id}.bib": f"{catalog.cite(id)}\n",
        f"{id}.csl.json": f"{catalog.cite(id, 'csl-json')}\n",
    }
    made = {name: text.encode() for name, text in texts.items()}
    for name, figure in figures.items():
        made |= pictures.files(name, figure)
    return made


def downloads(beside: Iterable[str]) -> dict[str, str]:
    """Return what stands on the link to each of the files that a reader takes away, by name.

    >>> downloads(["GD-0005.json", "GD-0005.bib", "GD-0005-dark.svg"])
    {'GD-0005.bib': 'BibTeX', 'GD-0005.json': 'JSON'}
    """
    words = {
        ".pdf": "Slides",
        ".bib": "BibTeX",
        ".csl.json": "CSL-JSON",
        ".tex": "LaTeX",
        ".json": "JSON",
        ".svg": "Figure",
    }
    found = {name: name[name.index(".") :] for name in beside if "-dark." not in name and name.count("-") < 2}
    return {name: word for kind, word in words.items() for name in found if found[name] == kind}


def _of_result(result: Result, verification: Verification | None) -> dict[str, Any]:
    assert verification is not None
    derivation = result.derivation
    return {
        # What the digest holds, the claim in more forms.
        **record.record(result),
        "claim": _line(derivation.claim),
        "topic": str(result.topic),
        "status": None if verification.status is None else str(verification.status),
        "declared": str(result.status),
        "assumptions": [{"text": a.text, "otherwise": a.otherwise} for a in derivation.assumptions],
        "commentary": result.commentary.strip(),
        "given": _line(derivation.given),
        "steps": [
            {
                "line": _line(step.line),
                "reason": step.name,
                "explanation": step.explanation,
                "verdict": step.verdict,
                "checked": step.checked,
            }
            for step in derivation.shown()
        ],
        "evidence": verification.to_dict()["rows"],
        "torch": _torch(result.torch, verification),
        "sources": [{"text": source.text, "link": source.link} for source in derivation.sources],
        "figures": {name: figure.caption for name, figure in illustrations(result).items()},
        **_cited(result),
    }


def _of_withdrawn(entry: Withdrawn) -> dict[str, Any]:
    return {**record.record(entry), **_cited(entry)}


def _cited(published: Published) -> dict[str, Any]:
    return {
        "citation": {
            "text": catalog.cite(published.id, "text"),
            "bibtex": catalog.cite(published.id),
            "csl-json": json.loads(catalog.cite(published.id, "csl-json"))[0],
        },
        "versions": {"gainderive": __version__, **_versions()},
    }


def _line(line: Basic) -> dict[str, str]:
    return {"text": text.line(line), "latex": notation.line(line), "srepr": written(line)}


def _torch(relation: TorchRelation, verification: Verification) -> dict[str, str | None]:
    row = next((row for row in verification.rows if row.route == "torch"), None)
    names = {Agrees: "agrees", Differs: "differs", Absent: "absent"}
    return {
        "relation": names[type(relation)],
        "because": relation.because if isinstance(relation, Differs) else None,
        "value": None if row is None else row.value,
        "verdict": None if row is None else row.verdict,
    }


def _versions() -> Mapping[str, str]:
    found = {}
    for package in COMPUTING:
        try:
            found[package] = version(package).split("+")[0]
        except PackageNotFoundError:
            continue
    return found
