"""The committed digest of all results, activations, units and claims: what was derived, verified, and may be quoted.

``digest.json`` is written by ``gainderive build`` and read here with the standard library alone, so that
asking for a known gain loads no computer algebra. A test holds that it is fresh: any change of a
value, a claim or a status shows in a diff.

>>> settling("relu", "forward")["id"]
'GD-0005'
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

from gainderive import errors

# pathlib would take longer to import than the digest to read.
PATH = os.path.join(os.path.dirname(__file__), "digest.json")


Answer = dict[str, Any] | errors.GainderiveError
"""Plain data of a gain, or why there is none."""


@cache
def _read() -> dict[str, list[dict[str, Any]]]:
    try:
        with open(PATH, encoding="utf-8") as file:
            read: dict[str, list[dict[str, Any]]] = json.load(file)
            return read
    except FileNotFoundError:
        return {}


def records() -> tuple[dict[str, Any], ...]:
    """Return the records of all results in the order of their IDs."""
    return tuple(_read().get("results", ()))


def activations() -> tuple[dict[str, Any], ...]:
    """Return the records of all activations in alphabetical order."""
    return tuple(_read().get("activations", ()))


def units() -> tuple[dict[str, Any], ...]:
    """Return the records of all units in alphabetical order."""
    return tuple(_read().get("units", ()))


def claims() -> tuple[dict[str, Any], ...]:
    """Return the records of all claims of the ledger in the order of their IDs."""
    return tuple(_read().get("claims", ()))


def claim(id: str) -> dict[str, Any] | None:
    """Return the record of the claim with the ID `id`, or ``None``.

    >>> claim("A1")["verdict"]
    'true'
    """
    return next((record for record in claims() if record["id"] == id), None)


def answers(name: str) -> dict[str, Answer] | None:
    """Return the five gains of an activation or unit at its default parameters, by criterion.

    Parameters
    ----------
    name : str
        A name or an alias.

    Returns
    -------
    dict or None
        For each criterion the plain data of the gain (``Gain.to_dict()``), or the error that says why there is
        none; ``None`` for what has no record.

    Examples
    --------
    >>> answers("relu")["forward"]["exact"]
    'sqrt(2)'
    """
    record = next((record for record in (*activations(), *units()) if name in record["names"]), None)
    if record is None:
        return None
    about = {key: record[key] for key in ("activation", "title", "parameters")}
    return {criterion: _answer(held, about | {"criterion": criterion}) for criterion, held in record["gains"].items()}


def _answer(held: Mapping[str, Any], about: Mapping[str, Any]) -> Answer:
    if "error" not in held:
        return {**about, **held}
    # An error that has more to tell than its message has it from the engine alone.
    kind: type[errors.GainderiveError] = getattr(errors, held["error"])
    error = kind.__new__(kind)
    error.args = (held["message"],)
    return error


def settling(activation: str, criterion: str) -> dict[str, Any] | None:
    """Return the record of the result that settles `criterion` for `activation` (a name or an alias)."""
    for record in records():
        settles = record.get("settles")
        if settles and settles["criterion"] == criterion and activation in settles["names"]:
            return record
    return None


def described(result_id: str) -> dict[str, Any] | None:
    """Return the record with the ID `result_id`, or ``None``."""
    return next((record for record in records() if record["id"] == result_id), None)


def describe(gain: Mapping[str, Any]) -> str:
    """Return the one-line description of a gain's plain data (``Gain.to_dict()``).

    >>> describe({"exact": "sqrt(2)", "value": 1.4142135623730951, "status": "proved", "id": "GD-0005"})
    'sqrt(2) = 1.4142135623730951, proved, GD-0005'
    """
    value, error, remark = gain["value"], gain.get("error"), gain.get("remark")
    # A double that under- or overflowed says nothing; one that repeats an integer adds nothing.
    if gain["exact"] is not None and (value in (None, 0.0, float("inf")) or gain["exact"] == f"{value:.0f}"):
        value = None
    shown = [part for part in (gain["exact"], value) if part is not None]
    trust = [gain["status"], *([gain["id"]] if gain["id"] else [])]
    number = " = ".join(map(str, shown)) + (f" ± {error:.1e}" if error is not None else "")
    return ", ".join([number, *trust]) + (f" ({remark})" if remark else "")


def describe_all(lines: Mapping[str, str]) -> str:
    """Return the description of all five gains, a line for each criterion.

    >>> print(describe_all({"forward": "1, proved", "linearized": "1, proved"}))
    forward     1, proved
    linearized  1, proved
    """
    width = max(map(len, lines))
    return "\n".join(f"{criterion:<{width}}  {line}" for criterion, line in lines.items())
