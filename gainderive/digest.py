"""The committed digest of all results: what was derived, verified, and may be quoted without deriving again.

``digest.json`` is written by ``gainderive build`` and read here with the standard library alone, so that
asking for a published gain loads no computer algebra. A test holds that it is fresh: any change of a
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

# pathlib would take longer to import than the digest to read.
PATH = os.path.join(os.path.dirname(__file__), "digest.json")


@cache
def records() -> tuple[dict[str, Any], ...]:
    """Return the records of all results in the order of their IDs."""
    try:
        with open(PATH, encoding="utf-8") as file:
            return tuple(json.load(file)["results"])
    except FileNotFoundError:
        return ()


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
