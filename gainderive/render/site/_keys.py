"""What a page depends on, hashed before anything is loaded.

That is the file of the result, activation, unit, claim or notebook and those it mentions, the library's sources, and
the versions of the packages that compute.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from gainderive import digest as record
from gainderive import files
from gainderive.render.site._folders import digest

RESULTS, ACTIVATIONS, UNITS, CLAIMS, NOTEBOOKS = "r", "activations", "units", "claims", "notebooks"
"""The folders of the pages."""
COMPUTING = (
    *("sympy", "numpy", "scipy", "python-flint", "torch", "matplotlib", "typst"),
    *("ipython", "jupytext", "nbformat", "hypothesis"),
)
"""Packages whose version may change what a page says."""
SHOWING = ("sphinx", "furo", "myst-parser", "sphinx-design", "sphinx-copybutton", "pygments", "docutils")
"""Packages whose version may change how all pages look."""
_MENTIONED = re.compile(rb"(?:GD-|gd)(\d{4})")
_ASKS_FOR_RESULTS = re.compile(rb"\b(?:catalog|cite|derivations|render|results|verif\w+)\b")
_IMPORTED = re.compile(rb"gainderive\.(?:activations|units)\.([a-z]\w*)|\bload\([\"'](\w+)[\"']\)")
_CALLED = re.compile(rb"^    (?:name|title|aliases)=(.*?)(?=^    \w+=|^\))", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(rb"[\"']([^\"']+)[\"']")
_SOURCES = (".py", ".css", ".js", ".html", ".typ")


def keys() -> dict[str, str]:
    """Return for each page that is computed, by its name, the hash of what it depends on."""
    results = {id: path.read_bytes() for id, path in files.results().items()}
    entries = {name: path.read_bytes() for held in _entries().values() for name, path in held.items()}
    common = library()
    about = {id: _about(text, entries) for id, text in results.items()}
    found = {}
    for id in results:
        needed = _mentioned(id, results)
        concerned = sorted(set().union(*(about[other] for other in needed)))
        found[f"{RESULTS}/{id}"] = digest([common, *(results[o] for o in needed), *(entries[n] for n in concerned)])
    for folder, held in _entries().items():
        for name in held:
            imported = (entries[other] for other in _imported(name, entries))
            concerning = (results[id] for id in results if name in about[id])
            found[f"{folder}/{name}"] = digest([common, *imported, *concerning])
    for id, path in files.claims().items():
        named = [results[other] for other in _mentioned("", {**results, "": path.read_bytes()})[1:]]
        found[f"{CLAIMS}/{id}"] = digest([common, path.read_bytes(), *named, *entries.values()])
    for name, path in files.notebooks().items():
        read = _read(path.read_bytes(), results)
        found[f"{NOTEBOOKS}/{name}"] = digest([common, path.read_bytes(), *read, *entries.values()])
    return found


def _entries() -> dict[str, dict[str, Path]]:
    """Return the files of all activations and of all units by name, each under the folder of their pages."""
    return {ACTIVATIONS: files.activations(), UNITS: files.units()}


def _read(notebook: bytes, results: Mapping[str, bytes]) -> list[bytes]:
    """Return the results that a notebook may read: all when it asks for some, else those that it mentions.

    Gains, moments and derivations are found without the published results, whose commentary they cannot show.
    """
    if _ASKS_FOR_RESULTS.search(notebook):
        return list(results.values())
    return [results[id] for id in _mentioned("", {**results, "": notebook})[1:]]


def _about(result: bytes, entries: Mapping[str, bytes]) -> set[str]:
    """Return the activations and units that a result's file may be about: it holds the name, title or an alias."""
    words = set(re.findall(rb"\w+", result))
    if b"names" in words and words & {b"activations", b"units"}:
        return set(entries)
    found = {name for name, text in entries.items() if any(_holds(result, called) for called in _names(name, text))}
    return found.union(*(_imported(name, entries) for name in found))


def _names(name: str, entry: bytes) -> set[bytes]:
    """Return what an entry's file says that the entry is called."""
    return {name.encode()}.union(*(_QUOTED.findall(field) for field in _CALLED.findall(entry)))


def _holds(text: bytes, called: bytes) -> bool:
    return re.search(rb"(?<!\w)" + re.escape(called) + rb"(?!\w)", text) is not None


def _imported(name: str, entries: Mapping[str, bytes]) -> list[str]:
    """Return an activation or unit and those whose files its file imports or loads, directly or through another."""
    found, waiting = list[str](), [name]
    while waiting:
        current = waiting.pop()
        if current not in found and current in entries:
            found.append(current)
            waiting += [other.decode() for pair in _IMPORTED.findall(entries[current]) for other in pair if other]
    return found


def _mentioned(id: str, texts: Mapping[str, bytes]) -> list[str]:
    """Return `id` and every result that its file mentions, directly or through another: all it can depend on."""
    found, waiting = set[str](), [id]
    while waiting:
        current = waiting.pop()
        if current in found or current not in texts:
            continue
        found.add(current)
        waiting += [f"GD-{number.decode()}" for number in _MENTIONED.findall(texts[current])]
    return [id, *sorted(found - {id})]


def library() -> bytes:
    """Return a hash of all but the files of results, activations, units and claims that can change what pages say."""
    here = Path(files.__file__).parent
    sources = sorted(p for p in here.rglob("*.*") if p.suffix in _SOURCES and "derivations" not in p.parts)
    # Rooms above this one cannot change a page, and an entry's file is hashed with the pages that it can change.
    apart = {path for held in (*_entries().values(), files.claims()) for path in held.values()}
    below = [p for p in sources if p.relative_to(here).parts[0] not in ("cli", "cli.py", "docs") and p not in apart]
    named = [p.relative_to(here).as_posix().encode() + b"\0" + p.read_bytes() for p in below]
    helpers = [p.read_bytes() for p in sorted(files.folder().glob("_*.py"))]
    # IDs and titles are looked up in the digest; its values are not.
    settled = [json.dumps([r["id"], r["title"], r["settles"]]).encode() for r in record.records()]
    return digest([*named, *helpers, *settled, *versions(COMPUTING)]).encode()


def versions(packages: tuple[str, ...]) -> list[bytes]:
    """Return the packages with their versions."""
    return [_version(name).encode() for name in packages]


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"no {package}"
