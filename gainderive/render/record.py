"""The digest's record of a result: everything of it that may be quoted, and a fingerprint of its steps.

Nothing in a record depends on the machine: closed forms, certified decimals, hashes of SymPy trees. Sampled
numbers stay out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from sympy import srepr

from gainderive import facade
from gainderive.catalog import Result
from gainderive.derivation import Derivation
from gainderive.errors import NoSuchGain, SeveralGains
from gainderive.render import text

DIGITS = 30
"""Digits of the enclosure in a record, beside the gain itself at the default digits."""


def record(result: Result) -> dict[str, Any]:
    """Return the digest's record of a result.

    Returns
    -------
    dict
        ``id``, ``title``, ``claim`` as text, ``status``, ``settles`` (names and criterion, or ``None``), ``gain``
        (``Gain.to_dict()``, or ``None``), ``enclosure`` to 30 digits (or ``None``), ``sha256`` of the steps.
    """
    return {
        "id": result.id,
        "title": result.title,
        "claim": text.line(result.derivation.claim),
        "status": str(result.status),
        "settles": _settles(result),
        **_gain(result),
        "sha256": fingerprint(result.derivation),
    }


def _settles(result: Result) -> dict[str, Any] | None:
    if result.settles is None:
        return None
    return {"names": list(result.names), "criterion": str(result.settles.criterion)}


def _gain(result: Result) -> dict[str, Any]:
    if result.settles is None:
        return {"gain": None, "enclosure": None}
    asked = result.settles.activation, result.settles.criterion
    try:
        gain, sharper = facade.gain(*asked), facade.gain(*asked, digits=DIGITS)
    except (NoSuchGain, SeveralGains):
        return {"gain": None, "enclosure": None}
    # The ID is looked up in the digest, which is what is being written here.
    return {"gain": gain.to_dict() | {"id": result.id}, "enclosure": sharper.to_dict()["enclosure"]}


def fingerprint(derivation: Derivation) -> str:
    """Return a SHA-256 of all lines and reasons' names: it changes when any step does."""
    lines = [f"{srepr(line)}\n" for line in (derivation.claim, *derivation.lines)]
    names = [f"{step.by.name}\n" for step in derivation.steps]
    return sha256("".join(lines + names).encode()).hexdigest()


def digest(records: Iterable[Mapping[str, Any]]) -> str:
    """Return the text of ``digest.json``: in the order of the IDs, one value a line."""
    ordered = sorted(records, key=lambda record: str(record["id"]))
    return json.dumps({"results": ordered}, indent=1, ensure_ascii=False) + "\n"
