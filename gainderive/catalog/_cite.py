"""How a result is cited: under its ID, with the version and with the digest that says which derivation is meant."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from gainderive import __released__, __version__
from gainderive.catalog._find import find
from gainderive.catalog._result import Published, Withdrawn
from gainderive.errors import UnknownFormat
from gainderive.tex import sentence

AUTHORS = "gainderive contributors"
"""Who is cited."""
_SHOWN = 12
"""Hexadecimal digits of a digest that a reader sees."""
_YEAR = __released__.partition("-")[0]


def cite(key: str | Sequence[str], format: str = "bibtex") -> str:
    """Return the citation of a result, or of several.

    Parameters
    ----------
    key : str or sequence of str
        IDs, or names of activations whose gain a result settles.
    format : str
        ``"bibtex"``, ``"csl-json"`` (a list, as Zotero, Pandoc and others read it) or ``"text"`` (a formatted line).

    Raises
    ------
    UnknownResult, UnknownFormat
        With what there is.

    Examples
    --------
    >>> print(cite("GD-0005").splitlines()[0])
    @misc{gainderive-GD-0005,
    >>> cite(["GD-0005", "GD-0008"], "text").splitlines()[0][:62]
    'gainderive contributors (2026): The gain of ReLU is √2. gainde'
    """
    if format not in _FORMATS:
        raise UnknownFormat(format, list(_FORMATS))
    keys = [key] if isinstance(key, str) else key
    return _FORMATS[format]([find(k) for k in keys])


def _text(entries: Sequence[Published]) -> str:
    return "\n".join(map(_line, entries))


def _line(entry: Published) -> str:
    stop = "" if entry.title.endswith(".") else "."
    return f"{AUTHORS} ({_YEAR}): {entry.title}{stop} gainderive {__version__}, {_note(entry)}."


def _note(entry: Published) -> str:
    """Return ID, status, and the beginning of the derivation's digest."""
    if isinstance(entry, Withdrawn):
        return f"result {entry.id}, withdrawn since {entry.since}"
    return f"result {entry.id}, {entry.status}, derivation sha256 {entry.derivation.digest[:_SHOWN]}"


def _bibtex(entries: Sequence[Published]) -> str:
    return "\n\n".join(map(_bibtex_entry, entries))


def _bibtex_entry(entry: Published) -> str:
    fields = {
        # The inner braces keep words and capitals as they are.
        "author": f"{{{AUTHORS}}}",
        "title": f"{{{sentence(entry.title)}}}",
        "year": _YEAR,
        "howpublished": sentence(f"gainderive {__version__}"),
        "version": __version__,
        "note": sentence(_note(entry)[:1].upper() + _note(entry)[1:]),
    }
    if not isinstance(entry, Withdrawn):
        fields["sha256"] = entry.derivation.digest
    lines = (f"  {name} = {{{value}}}," for name, value in fields.items())
    return "\n".join([f"@misc{{gainderive-{entry.id},", *lines, "}"])


def _csl_json(entries: Sequence[Published]) -> str:
    return json.dumps(list(map(_csl_item, entries)), indent=2, ensure_ascii=False)


def _csl_item(entry: Published) -> dict[str, Any]:
    return {
        "id": f"gainderive-{entry.id}",
        "type": "document",
        "title": entry.title,
        "author": [{"literal": AUTHORS}],
        "issued": {"date-parts": [[int(part) for part in __released__.split("-")]]},
        "container-title": "gainderive",
        "version": __version__,
        "number": entry.id,
        "note": _note(entry) if isinstance(entry, Withdrawn) else f"{entry.status}; sha256 {entry.derivation.digest}",
    }


_FORMATS: dict[str, Callable[[Sequence[Published]], str]] = {"bibtex": _bibtex, "csl-json": _csl_json, "text": _text}
