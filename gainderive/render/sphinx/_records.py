"""What a page may say of results, activations and units: one record a file, in the folder of the sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment

FOLDER = "records"
"""Beside the pages; below it the folders of the pages."""


def page(key: str, srcdir: Path) -> str | None:
    """Return the name of the page of a result, activation or unit, or ``None``."""
    folders = ("r",) if key.startswith("GD-") else ("activations", "units")
    return next((f"{place}/{key}" for place in folders if (srcdir / FOLDER / place / f"{key}.json").exists()), None)


def record(name: str, env: BuildEnvironment) -> Mapping[str, Any]:
    """Return the record of the page called `name`; the page that is being read depends on it from now on."""
    path = Path(env.srcdir) / FOLDER / f"{name}.json"
    env.note_dependency(str(path))
    held: Mapping[str, Any] = json.loads(path.read_bytes())
    return held


def nearest(key: str, srcdir: Path) -> str:
    """Return advice about names that are like `key`."""
    known = sorted(path.stem for path in (srcdir / FOLDER).rglob("*.json"))
    near = get_close_matches(key, known, n=3)
    return f"; did you mean {' or '.join(near)}?" if near else ""
