"""How the files of results are found and loaded."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from gainderive import files, units
from gainderive.catalog._result import Published, Result, Settles, Withdrawn
from gainderive.criteria import Criterion
from gainderive.errors import BadResult, UnknownActivation, UnknownResult, WithdrawnResult


@cache
def published() -> tuple[Published, ...]:
    """Return everything that was ever published, withdrawn or not, in the order of the IDs."""
    return tuple(load_file(path) for path in files.results().values())


def results() -> tuple[Result, ...]:
    """Return all published results that stand, in the order of their IDs."""
    return tuple(entry for entry in published() if isinstance(entry, Result))


def load_file(path: Path) -> Published:
    """Return the result that the file at `path` holds, or its withdrawal.

    Raises
    ------
    BadResult
        When the file's name carries no ID, or the file holds no ``RESULT``.
    """
    carried = files.result_id(path)
    held = getattr(module_at(path, "gainderive_results"), "RESULT", None)
    if not isinstance(held, (Result, Withdrawn)):
        raise BadResult(f"{path.name}: the file holds no RESULT = Result(...), and no Withdrawn(...) in its place")
    return held.under(carried)


def module_at(path: Path, package: str) -> ModuleType:
    """Return the module that the file at `path` holds, executed under a name in `package`."""
    spec = spec_from_file_location(f"{package}.{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def find(key: str) -> Published:
    """Return what was published under the ID `key`, or the result that settles the forward gain of `key`.

    Raises
    ------
    UnknownResult
        With the nearest IDs.
    """
    for candidate in published():
        if candidate.id == key.upper():
            return candidate
    settled = settling(key)
    if settled is None:
        raise UnknownResult(key, [entry.id for entry in published()])
    return settled


def result(key: str) -> Result:
    """Return the result with ID `key`, or the one that settles the forward gain of the activation `key`.

    Raises
    ------
    UnknownResult
        With the nearest IDs.
    WithdrawnResult
        When the result was withdrawn; the message says why.
    """
    found = find(key)
    if isinstance(found, Withdrawn):
        raise WithdrawnResult(found.says)
    return found


def settling(activation: str, criterion: Criterion = Criterion.FORWARD) -> Result | None:
    """Return the result that settles a gain, or ``None``."""
    try:
        name = units.named(activation).name
    except UnknownActivation:
        return None
    for candidate in results():
        if candidate.settles is not None and candidate.settles == Settles(name, criterion):
            return candidate
    return None


def vanished(ids: Iterable[str]) -> list[str]:
    """Return those of the published `ids` that no file carries any more; an ID is for ever, so there must be none.

    >>> vanished(["GD-0005", "GD-0000"])
    ['GD-0000']
    """
    return sorted(set(ids) - set(files.results()))
