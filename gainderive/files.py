"""Where the files of activations, units, figures, results and pages are, and which name each carries; none is loaded.

>>> {path.stem[:6]: id for id, path in results().items()}["gd0005"]
'GD-0005'
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from gainderive.errors import BadClaim, BadResult

_FILE_NAME = re.compile(r"gd(\d{4})_\w+\.py")
_CLAIM_NAME = re.compile(r"([a-z])(\d{2,3})_\w+\.py")


def activations() -> dict[str, Path]:
    """Return the files of all activations by name, in alphabetical order.

    >>> activations()["relu"].name
    'relu.py'
    """
    return _named("activations")


def units() -> dict[str, Path]:
    """Return the files of all units by name, in alphabetical order.

    >>> units()["glu"].name
    'glu.py'
    """
    return _named("units")


def figures() -> dict[str, Path]:
    """Return the files of all figures by name, in alphabetical order.

    >>> figures()["cobweb"].name
    'cobweb.py'
    """
    return _named("render/figures")


def _named(room: str) -> dict[str, Path]:
    found = (Path(__file__).parent / room).glob("*.py")
    return {path.stem: path for path in sorted(found) if not path.stem.startswith("_")}


def folder() -> Path:
    """Return the folder of the results: inside an installed package, or beside it in the repository."""
    return _carried("derivations")


def documents() -> Path:
    """Return the folder of the hand-written pages: inside an installed package, or beside it in the repository."""
    return _carried("docs")


def _carried(name: str) -> Path:
    here = Path(__file__).parent
    for candidate in (here / name, here.parent / name):
        if candidate.is_dir():
            return candidate
    raise BadResult(f"no folder {name!r} in or beside {here.name}; reinstall gainderive")


def notebooks() -> dict[str, Path]:
    """Return the notebooks by name, in alphabetical order."""
    return {path.stem: path for path in sorted((documents() / "notebooks").glob("*.md"))}


def result_id(path: Path) -> str:
    """Return the ID that a result's file carries in its name.

    Raises
    ------
    BadResult
        When the name has another form.

    Examples
    --------
    >>> result_id(Path("gd0005_relu.py"))
    'GD-0005'
    """
    named = _FILE_NAME.fullmatch(path.name)
    if named is None:
        raise BadResult(f"{path.name}: a result's file is called gdNNNN_slug.py")
    return f"GD-{named[1]}"


def results() -> dict[str, Path]:
    """Return the files of all results by ID, in the order of the IDs.

    Raises
    ------
    BadResult
        For a file whose name carries no ID, and for an ID that two files carry.
    """
    found: dict[str, Path] = {}
    for path in sorted(p for p in folder().glob("*.py") if not p.name.startswith("_")):
        carried = result_id(path)
        if carried in found:
            raise BadResult(f"two files carry the ID {carried}; an ID belongs to one result for ever")
        found[carried] = path
    return found


def claim_id(path: Path) -> str:
    """Return the ID that a claim's file carries in its name.

    Raises
    ------
    BadClaim
        When the name has another form.

    Examples
    --------
    >>> claim_id(Path("a01_tanh_slope.py")), claim_id(Path("d24_sigmoid_slope.py"))
    ('A1', 'D24')
    """
    named = _CLAIM_NAME.fullmatch(path.name)
    if named is None:
        raise BadClaim(f"{path.name}: a claim's file is called by letter, number and slug, such as a01_tanh_slope.py")
    return f"{named[1].upper()}{int(named[2])}"


def claims() -> dict[str, Path]:
    """Return the files of all claims by ID, in the order of group and number.

    Raises
    ------
    BadClaim
        For a file whose name carries no ID, and for a number that two files carry.
    """
    found: dict[str, Path] = {}
    for path in (Path(__file__).parent / "ledger" / "entries").glob("*.py"):
        if not path.name.startswith("_"):
            carried = claim_id(path)
            twin = next((other for other in found if other[1:] == carried[1:]), None)
            if twin is not None:
                both = f"{path.name} and {found[twin].name}"
                raise BadClaim(f"{both} carry the number {carried[1:]}; a number belongs to one claim")
            found[carried] = path
    return {id: found[id] for id in sorted(found, key=lambda id: (id[0], int(id[1:])))}


def write(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
