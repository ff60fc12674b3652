"""The whole site: derive, verify and render every result; redo only what changed; replace the old site at once.

What a page depends on is hashed before anything is loaded: the result's file and those it mentions, the
library's sources, the versions of the packages that compute. An unchanged page comes from the cache beside
the site. The new site is written to a folder of its own and renamed, so an interrupted or refused build
leaves the old one whole. Equal input gives equal bytes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from gainderive import digest, files
from gainderive.errors import BadFolder, BadResult

_COMPUTING = ("sympy", "numpy", "scipy", "python-flint", "torch", "math-core", "markdown-it-py", "mdit-py-plugins")
_MENTIONED = re.compile(rb"(?:GD-|gd)(\d{4})")
_MARK = "gainderive-site.txt"
_MARK_TEXT = b"Written by `gainderive build`, which replaces this whole folder at every change.\n"


@dataclass(frozen=True)
class Built:
    """What a build did.

    Attributes
    ----------
    derived : tuple of str
        IDs of the results that were derived and verified again.
    changed : tuple of str
        Files of the site that differ from what stood there, in alphabetical order.
    records : tuple of dict
        The digest's records of all results.
    """

    derived: tuple[str, ...]
    changed: tuple[str, ...]
    records: tuple[Mapping[str, Any], ...]

    @property
    def digest_is_fresh(self) -> bool:
        """Whether the committed digest says what was derived."""
        return list(self.records) == list(digest.records())


def build(out: Path, *, check: bool = False, progress: bool = False) -> Built:
    """Derive, verify and render every result into the folder `out`.

    Parameters
    ----------
    out : Path
        Folder of the site; replaced as a whole.
    check : bool
        Compare with what stands there, and write nothing.
    progress : bool
        Show a progress bar on stderr.

    Raises
    ------
    BadFolder
        When `out` holds something else than a site.
    BadResult
        When a derivation is refused, or the evidence contradicts a result; the message names result and step.
    """
    out = out.absolute()
    _restore(out)
    _refuse_foreign(out)
    cache = out.with_name(f".{out.name}.cache")
    keys = _keys()
    known = {id: _cached(cache, id, key) for id, key in keys.items()}
    stale = tuple(id for id, held in known.items() if held is None)
    for id in _shown(stale, progress):
        known[id] = {"key": keys[id], **_rendered(id)}
        if not check:
            _write(cache / f"{id}.json", json.dumps(known[id]).encode())
    pages = {id: held for id, held in known.items() if held is not None}
    site = _site(pages, cache, write=not check)
    standing = _standing(out)
    changed = tuple(sorted(name for name in site.keys() | standing.keys() if site.get(name) != standing.get(name)))
    if changed and not check:
        _replace(out, site)
    return Built(stale, changed, tuple(held["record"] for held in pages.values()))


def write_digest(built: Built) -> bool:
    """Write the digest when it is stale, and tell whether it was."""
    if built.digest_is_fresh:
        return False
    from gainderive.render import record

    _write(Path(digest.PATH), record.digest(built.records).encode())
    return True


def _shown(ids: tuple[str, ...], progress: bool) -> Iterable[str]:
    if not progress or not ids:
        return ids
    from tqdm import tqdm

    # `disable=None` is tqdm's way to say: only on a terminal.
    bar: Iterable[str] = tqdm(ids, desc="derive and verify", unit="result", file=sys.stderr, disable=None)
    return bar


# -- what a page depends on ------------------------------------------------------------------


def _keys() -> dict[str, str]:
    texts = {id: path.read_bytes() for id, path in files.results().items()}
    common = _library()
    return {id: _digest([common, *(texts[other] for other in _mentioned(id, texts))]) for id in texts}


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
    # Rooms above this one cannot change a page.
    below = [p for p in sources if p.relative_to(here).parts[0] not in ("cli", "cli.py")]
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


def _rendered(id: str) -> dict[str, Any]:
    """Derive, verify and render one result."""
    from gainderive import catalog
    from gainderive.errors import GainderiveError
    from gainderive.render import html, pages, record
    from gainderive.verification import verify

    try:
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
    except GainderiveError as error:
        raise BadResult(f"{id}: {error}") from error


def _site(pages: Mapping[str, Mapping[str, Any]], cache: Path, *, write: bool) -> dict[str, bytes]:
    from gainderive.render import html

    site = {
        _MARK: _MARK_TEXT,
        "assets/style.css": html.STYLE.read_bytes(),
        "assets/gainderive-math.ttf": _font(cache, write),
    }
    index = _index({id: held["entry"] for id, held in pages.items()}, cache, write)
    site["index.md"] = index["markdown"].encode()
    site["index.html"] = html.document("gainderive", index["html"], source="index.md").encode()
    ids = list(pages)
    for at, (id, held) in enumerate(pages.items()):
        links = [("index", "index.html", "gainderive")]
        links += [("prev", f"{ids[at - 1]}.html", f"← {ids[at - 1]}")] if at else []
        links += [("next", f"{ids[at + 1]}.html", f"{ids[at + 1]} →")] if at + 1 < len(ids) else []
        title = f"{id}: {held['entry']['title']}"
        site[f"{id}.md"] = held["markdown"].encode()
        site[f"{id}.html"] = html.document(title, held["html"], links=links, source=f"{id}.md").encode()
    return site


def _index(entries: Mapping[str, Any], cache: Path, write: bool) -> dict[str, str]:
    key = _digest([_library(), json.dumps(entries, sort_keys=True).encode()])
    held = _cached(cache, "index", key)
    if held is None:
        from gainderive.render import html, pages

        markdown = pages.index(entries)
        held = {"key": key, "markdown": markdown, "html": html.body(markdown)}
        if write:
            _write(cache / "index.json", json.dumps(held).encode())
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
