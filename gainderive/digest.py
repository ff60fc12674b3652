"""The committed digest of all results: what was derived, verified, and may be quoted without deriving again.

``digest.json`` is written by ``gainderive build`` and read here with the standard library alone, so that
asking for a published gain loads no computer algebra. A test holds that it is fresh: any change of a
value, a claim or a status shows in a diff.

>>> settling("relu", "forward")["id"]
'GD-0005'
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).parent / "digest.json"


@cache
def records() -> tuple[dict[str, Any], ...]:
    """Return the records of all results in the order of their IDs."""
    if not PATH.exists():
        return ()
    return tuple(json.loads(PATH.read_text(encoding="utf-8"))["results"])


def settling(activation: str, criterion: str) -> dict[str, Any] | None:
    """Return the record of the result that settles `criterion` for `activation` (a name or an alias)."""
    for record in records():
        settles = record.get("settles")
        if settles and settles["criterion"] == criterion and activation in settles["names"]:
            return record
    return None
