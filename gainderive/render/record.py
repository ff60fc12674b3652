"""The digest's record of a result, an activation or a unit: what of it may be quoted, and a fingerprint of its steps.

Nothing in a record depends on the machine: closed forms, certified decimals, hashes of SymPy trees. Sampled
numbers stay out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from gainderive import catalog, facade
from gainderive import digest as committed
from gainderive.catalog import Published, Result, Withdrawn
from gainderive.criteria import Criterion
from gainderive.errors import BadResult, GainderiveError, NoSuchGain, SeveralGains
from gainderive.facade import Gain, Moment
from gainderive.render import text
from gainderive.render.portrait import Portrait

DIGITS = 30
"""Digits of the enclosure in a record, beside the gain itself at the default digits."""


def record(published: Published) -> dict[str, Any]:
    """Return the digest's record of a result, or of a withdrawn one.

    Returns
    -------
    dict
        ``id``, ``title``, ``claim`` as text, ``status``, ``settles`` (names and criterion, or ``None``), ``gain``
        (``Gain.to_dict()``, or ``None``), ``enclosure`` to 30 digits (or ``None``), ``sha256`` of the steps. A
        withdrawn result has the status ``withdrawn``, none of the rest, and ``because``, ``since`` and ``replaced_by``.
    """
    if isinstance(published, Withdrawn):
        return _of_withdrawn(published)
    result = published
    return {
        "id": result.id,
        "title": result.title,
        "claim": text.line(result.derivation.claim),
        "status": str(result.status),
        "settles": _settles(result),
        **_gain(result),
        "sha256": result.derivation.digest,
    }


def _of_withdrawn(entry: Withdrawn) -> dict[str, Any]:
    nothing = dict.fromkeys(("claim", "settles", "gain", "enclosure", "sha256"))
    why = {"because": entry.because, "since": entry.since, "replaced_by": entry.replaced_by}
    return {"id": entry.id, "title": entry.title, "status": entry.status, **nothing, **why}


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


def entry_record(portrait: Portrait) -> dict[str, Any]:
    """Return the digest's record of an activation or unit at its default parameters.

    Returns
    -------
    dict
        ``activation``, ``title``, ``names`` (aliases too), ``parameters``, ``gains`` by criterion (``Gain.to_dict()``
        without what is the same for all, or the error's type and message, with the ``roots`` where there are several),
        ``moments`` by name, ``length_map`` as text (or ``None``), ``sha256`` of the derivations by what they derive.
    """
    entry = portrait.entry
    derivations = {str(criterion): derived for criterion, derived in portrait.derivations.items()}
    derivations |= {
        name: moment.derivation
        for name, moment in portrait.moments.items()
        if isinstance(moment, Moment) and moment.derivation is not None
    }
    if portrait.length_map is not None:
        derivations["length map"] = portrait.length_map
    return {
        "activation": entry.name,
        "title": entry.title,
        "names": [entry.name, *entry.aliases],
        "parameters": facade.settings(portrait.closed),
        "gains": {c: _answer(portrait.gains[c], entry.name, Criterion(c)) for c in portrait.gains},
        "moments": {name: _moment(moment) for name, moment in portrait.moments.items()},
        "length_map": None if portrait.length_map is None else str(portrait.length_map.claim.args[1]),
        "sha256": {name: derived.digest for name, derived in derivations.items()},
    }


def _answer(answer: Gain | GainderiveError, name: str, criterion: Criterion) -> dict[str, Any]:
    if isinstance(answer, Gain):
        # The ID is looked up in the digest, which is what is being written here.
        settling = catalog.settling(name, criterion)
        plain = answer.to_dict() | {"id": settling.id if settling else None}
        return {key: value for key, value in plain.items() if key not in COMMON}
    plain = {"error": type(answer).__name__, "message": str(answer)}
    if isinstance(answer, SeveralGains):
        plain["roots"] = [root.to_dict()["enclosure"] for root in answer.roots]
    return plain


COMMON = ("activation", "title", "parameters", "criterion")
"""What a gain's plain data repeat of the activation's record."""


def _moment(moment: Moment | GainderiveError) -> dict[str, Any]:
    if not isinstance(moment, Moment):
        return {"error": type(moment).__name__, "message": str(moment)}
    return {
        "exact": None if moment.exact is None else str(moment.exact),
        "formula": None if moment.formula is None else str(moment.formula),
        "enclosure": None if moment.enclosure is None else str(moment.enclosure),
        "status": str(moment.status),
    }


def digest(
    results: Iterable[Mapping[str, Any]],
    activations: Iterable[Mapping[str, Any]],
    units: Iterable[Mapping[str, Any]],
    claims: Iterable[Mapping[str, Any]],
) -> str:
    """Return the text of ``digest.json``: in the order of IDs and names, one value a line.

    Raises
    ------
    BadResult
        When a result of the committed digest is missing: an ID is for ever.
    """
    results = list(results)
    missing = {record["id"] for record in committed.records()} - {record["id"] for record in results}
    if missing:
        raise BadResult(
            f"{', '.join(sorted(missing))} was published and has no file any more; an ID is for ever: keep the file, "
            "with RESULT = Withdrawn(...) that says why"
        )
    held = {
        "results": sorted(results, key=lambda record: str(record["id"])),
        "activations": sorted(activations, key=lambda record: str(record["activation"])),
        "units": sorted(units, key=lambda record: str(record["activation"])),
        "claims": sorted(claims, key=lambda record: (record["id"][0], int(record["id"][1:]))),
    }
    return json.dumps(held, indent=1, ensure_ascii=False) + "\n"
