"""The whole site: derive, verify and render every result, activation and unit; redo only what changed; replace at once.

What a page depends on is hashed before anything is loaded: the file of the result, activation or unit and those it
mentions, the library's sources, the versions of the packages that compute. An unchanged page comes from the
cache beside the site. The new site is written to a folder of its own and renamed, so an interrupted or refused build
leaves the old one whole. Equal input gives equal bytes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from gainderive import batch, digest, files
from gainderive.errors import BadFolder, BadResult

_COMPUTING = (
    "sympy",
    "numpy",
    "scipy",
    "python-flint",
    "torch",
    "matplotlib",
    "math-core",
    "markdown-it-py",
    "mdit-py-plugins",
)
_MENTIONED = re.compile(rb"(?:GD-|gd)(\d{4})")
_IMPORTED = re.compile(rb"gainderive\.(?:activations|units)\.([a-z]\w*)|\bload\([\"'](\w+)[\"']\)")
_QUOTED = re.compile(rb"[\"'](\w+)[\"']")
_FOLDERS = ("activations", "units")
"""Before the name of an activation or a unit in the name of its page."""
_COMPARISON = "activations/index"
_MARK = "gainderive-site.txt"
_MARK_TEXT = b"Written by `gainderive build`, which replaces this whole folder at every change.\n"


@dataclass(frozen=True)
class Built:
    """What a build did.

    Attributes
    ----------
    derived : tuple of str
        Pages that were derived and verified again: a result's ID, or ``activations/`` or ``units/`` and a name.
    changed : tuple of str
        Files of the site that differ from what stood there, in alphabetical order.
    records, activations, units : tuple of dict
        The digest's records of all results, of all activations, and of all units.
    """

    derived: tuple[str, ...]
    changed: tuple[str, ...]
    records: tuple[Mapping[str, Any], ...]
    activations: tuple[Mapping[str, Any], ...]
    units: tuple[Mapping[str, Any], ...]

    @property
    def digest_is_fresh(self) -> bool:
        """Whether the committed digest says what was derived."""
        committed = digest.records(), digest.activations(), digest.units()
        return (self.records, self.activations, self.units) == committed


def build(out: Path, *, check: bool = False, workers: batch.Workers = 1, progress: bool = False) -> Built:
    """Derive, verify and render every result, activation and unit into the folder `out`.

    Parameters
    ----------
    out : Path
        Folder of the site; replaced as a whole.
    check : bool
        Compare with what stands there, and write nothing.
    workers : int or callable
        Number of processes, or a function that is called like ``map``; the pages are the same.
    progress : bool
        Show a progress bar on stderr.

    Raises
    ------
    BadFolder
        When `out` holds something else than a site.
    BadResult
        When a derivation is refused, or the evidence contradicts a result; the message names result and step.
    BadWorkers, WorkFailed
        As :func:`gainderive.batch.mapped`.
    """
    out = out.absolute()
    _restore(out)
    _refuse_foreign(out)
    cache = out.with_name(f".{out.name}.cache")
    keys = _keys()
    known = {name: _cached(cache, name, key) for name, key in keys.items()}
    stale = tuple(name for name, held in known.items() if held is None)
    made = batch.mapped(_rendered, stale, workers, progress=progress, what="derive and verify", unit="page")
    for name, rendered in zip(stale, made, strict=True):
        known[name] = {"key": keys[name], **rendered}
        if not check:
            _write(cache / f"{name}.json", json.dumps(known[name]).encode())
    pages = {name: held for name, held in known.items() if held is not None}
    site = _site(pages, cache, write=not check)
    standing = _standing(out)
    changed = tuple(sorted(name for name in site.keys() | standing.keys() if site.get(name) != standing.get(name)))
    if changed and not check:
        _replace(out, site)
    records = (tuple(held["record"] for held in _of(folder, pages).values()) for folder in ("", *_FOLDERS))
    return Built(stale, changed, *records)


def write_digest(built: Built) -> bool:
    """Write the digest when it is stale, and tell whether it was."""
    if built.digest_is_fresh:
        return False
    from gainderive.render import record

    _write(Path(digest.PATH), record.digest(built.records, built.activations, built.units).encode())
    return True


# -- what a page depends on ------------------------------------------------------------------


def _keys() -> dict[str, str]:
    results = {id: path.read_bytes() for id, path in files.results().items()}
    entries = {name: path.read_bytes() for held in _entries().values() for name, path in held.items()}
    common = _library()
    about = {id: _about(text, entries) for id, text in results.items()}
    keys = {}
    for id in results:
        needed = _mentioned(id, results)
        concerned = sorted(set().union(*(about[other] for other in needed)))
        keys[id] = _digest([common, *(results[other] for other in needed), *(entries[n] for n in concerned)])
    for folder, held in _entries().items():
        for name in held:
            imported = (entries[other] for other in _imported(name, entries))
            concerning = (results[id] for id in results if name in about[id])
            keys[f"{folder}/{name}"] = _digest([common, *imported, *concerning])
    return keys


def _entries() -> dict[str, dict[str, Path]]:
    """Return the files of all activations and of all units by name, each under the folder of their pages."""
    return dict(zip(_FOLDERS, (files.activations(), files.units()), strict=True))


def _about(result: bytes, entries: Mapping[str, bytes]) -> set[str]:
    """Return the activations and units that a result's file may be about: it holds a word that theirs has in quotes."""
    words = set(re.findall(rb"\w+", result))
    if b"names" in words and words & {b"activations", b"units"}:
        return set(entries)
    found = {name for name, text in entries.items() if words & {name.encode(), *_QUOTED.findall(text)}}
    return found.union(*(_imported(name, entries) for name in found))


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


def _library() -> bytes:
    here = Path(__file__).parents[1]
    sources = sorted(p for p in here.rglob("*.*") if p.suffix in (".py", ".css") and "derivations" not in p.parts)
    # Rooms above this one cannot change a page, and an entry's file is hashed with the pages that it can change.
    apart = {path for held in _entries().values() for path in held.values()}
    below = [p for p in sources if p.relative_to(here).parts[0] not in ("cli", "cli.py") and p not in apart]
    named = [p.relative_to(here).as_posix().encode() + b"\0" + p.read_bytes() for p in below]
    helpers = [p.read_bytes() for p in sorted(files.folder().glob("_*.py"))]
    # IDs and titles are looked up in the digest; its values are not.
    settled = [json.dumps([r["id"], r["title"], r["settles"]]).encode() for r in digest.records()]
    return _digest([*named, *helpers, *settled, *(_version(name).encode() for name in _COMPUTING)]).encode()


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"no {package}"


def _digest(parts: Iterable[bytes]) -> str:
    total = sha256()
    for part in parts:
        total.update(sha256(part).digest())
    return total.hexdigest()


# -- making pages ----------------------------------------------------------------------------


def _rendered(name: str) -> dict[str, Any]:
    """Derive, verify and render the page called `name`."""
    from gainderive.errors import GainderiveError

    try:
        return _entry(name.rpartition("/")[2]) if "/" in name else _result(name)
    except GainderiveError as error:
        raise BadResult(f"{name}: {error}") from error


def _result(id: str) -> dict[str, Any]:
    from gainderive import catalog
    from gainderive.render import html, pages, record
    from gainderive.verification import verify

    result = catalog.result(id)
    result.derivation.check()
    verification = verify(result)
    if not verification.ok:
        raise BadResult("; ".join(verification.problems))
    markdown = pages.page(result, verification)
    return {
        "markdown": markdown,
        "html": html.body(markdown),
        "entry": pages.entry(result),
        "record": record.record(result),
    }


def _entry(name: str) -> dict[str, Any]:
    from gainderive import units
    from gainderive.render import activation, comparison, html, record, unit
    from gainderive.render.portrait import Portrait

    portrait = Portrait(units.named(name))
    kind = unit if isinstance(portrait.entry, units.Unit) else activation
    markdown = kind.page(portrait)
    return {
        "markdown": markdown,
        "html": html.body(markdown),
        "svg": kind.picture(portrait),
        "entry": comparison.entry(portrait),
        "record": record.entry_record(portrait),
    }


_Pages = Mapping[str, Mapping[str, Any]]


def _of(folder: str, pages: _Pages) -> _Pages:
    """Return the pages in a folder by ID or name; the results' are in none."""
    parted = ((*name.rpartition("/")[::2], held) for name, held in pages.items())
    return {own: held for place, own, held in parted if place == folder}


def _site(pages: _Pages, cache: Path, *, write: bool) -> dict[str, bytes]:
    from gainderive.render import html

    results = _of("", pages)
    site = {
        _MARK: _MARK_TEXT,
        "assets/style.css": html.STYLE.read_bytes(),
        "assets/gainderive-math.ttf": _font(cache, write),
    }
    home = ("index", "index.html", "gainderive")
    index = _overview("index", cache, write, results)
    site |= _files("index", "gainderive", index, [])
    for id, held in results.items():
        links = [home, *_neighbours(id, list(results))]
        site |= _files(id, f"{id}: {held['entry']['title']}", held, links)
    home = ("index", "../index.html", "gainderive")
    compared = _overview(_COMPARISON, cache, write, *(_of(folder, pages) for folder in _FOLDERS))
    site |= _files(_COMPARISON, "All activations and units", compared, [home], kind="overview")
    up = ("up", f"../{_COMPARISON}.html", "all activations")
    for folder in _FOLDERS:
        entries = _of(folder, pages)
        for name, held in entries.items():
            links = [home, up, *_neighbours(name, list(entries))]
            site |= _files(f"{folder}/{name}", held["entry"]["title"], held, links)
            site[f"{folder}/{name}.svg"] = held["svg"].encode()
    return site


def _neighbours(name: str, names: list[str]) -> list[tuple[str, str, str]]:
    at = names.index(name)
    before = [("prev", f"{other}.html", f"← {other}") for other in names[max(0, at - 1) : at]]
    return before + [("next", f"{other}.html", f"{other} →") for other in names[at + 1 : at + 2]]


def _files(
    name: str, title: str, held: Mapping[str, Any], links: list[tuple[str, str, str]], *, kind: str = "text"
) -> dict[str, bytes]:
    """Return a page as Markdown and as a whole HTML document."""
    from gainderive.render import html

    folder, _, own = name.rpartition("/")
    shown = html.document(title, held["html"], links=links, source=f"{own}.md", root="../" if folder else "", kind=kind)
    return {f"{name}.md": held["markdown"].encode(), f"{name}.html": shown.encode()}


def _overview(name: str, cache: Path, write: bool, *kinds: _Pages) -> dict[str, str]:
    """Return the page that lists all of its kind or kinds."""
    entries = [{own: held["entry"] for own, held in pages.items()} for pages in kinds]
    key = _digest([_library(), json.dumps(entries, sort_keys=True).encode()])
    held = _cached(cache, name, key)
    if held is None:
        from gainderive.render import comparison, html
        from gainderive.render import pages as results

        markdown = (comparison.comparison if name == _COMPARISON else results.index)(*entries)
        held = {"key": key, "markdown": markdown, "html": html.body(markdown)}
        if write:
            _write(cache / f"{name}.json", json.dumps(held).encode())
    return held


def _font(cache: Path, write: bool) -> bytes:
    from gainderive.render import font

    key = _digest([Path(font.__file__).read_bytes(), font.source().read_bytes(), _version("fonttools").encode()])
    held = cache / f"{key}.ttf"
    if held.exists():
        return held.read_bytes()
    made = font.adapted()
    if write:
        _write(held, made)
    return made


# -- files -----------------------------------------------------------------------------------


def _cached(cache: Path, name: str, key: str) -> dict[str, Any] | None:
    try:
        held: dict[str, Any] = json.loads((cache / f"{name}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return held if held.get("key") == key else None


def _standing(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def _refuse_foreign(out: Path) -> None:
    if out.is_dir() and (not any(out.iterdir()) or (out / _MARK).is_file()):
        return
    if out.exists():
        raise BadFolder(f"{out} exists and is no site of gainderive, so it is not replaced; name another folder")


def _write(path: Path, content: bytes) -> None:
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


def _replace(out: Path, site: Mapping[str, bytes]) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    new, old = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.new.")), _old(out)
    try:
        new.chmod(0o755)
        for name, content in site.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(content)
        if out.exists():
            out.rename(old)
        new.rename(out)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        _restore(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _old(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")


def _restore(out: Path) -> None:
    """Put the old site back when a build was killed between the two renames."""
    if _old(out).exists() and not out.exists():
        _old(out).rename(out)
    elif _old(out).exists():
        shutil.rmtree(_old(out))
