"""The whole site: derive, verify and render everything, typeset it with Sphinx, redo only what changed.

There are three stages, each of which takes from a cache beside the site what did not change. First, results,
activations, units, claims and notebooks are computed, each as a MyST page with files beside it. Then Sphinx reads them
together with the hand-written pages. Last, every link is held against what is there, and the new site takes the place
of the old one by renaming, so that an interrupted or refused build leaves the old one whole. Equal input gives equal
bytes, on any day and in any folder.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gainderive import batch, digest, files
from gainderive.errors import BadPage
from gainderive.render.site import _folders, _keys
from gainderive.render.site._computed import Computed, computed
from gainderive.render.site._keys import ACTIVATIONS, CLAIMS, RESULTS, UNITS
from gainderive.render.site._sources import of

if TYPE_CHECKING:
    import click

_BUILT = "built.json"
"""In the cache: the key of the last site, and the hashes of its files."""
_HANDBOOK = "handbook.pdf"
_NOT_SHOWN = (".buildinfo", ".nojekyll")


@dataclass(frozen=True)
class Built:
    """What a build did.

    Attributes
    ----------
    derived : tuple of str
        Pages that were computed again: their folder and the ID or name.
    changed : tuple of str
        Files of the site that differ from what stood there, in alphabetical order.
    records, activations, units, claims : tuple of dict
        The digest's records of all results, of all activations, of all units, and of all claims.
    """

    derived: tuple[str, ...]
    changed: tuple[str, ...]
    records: tuple[Mapping[str, Any], ...]
    activations: tuple[Mapping[str, Any], ...]
    units: tuple[Mapping[str, Any], ...]
    claims: tuple[Mapping[str, Any], ...]

    @property
    def digest_is_fresh(self) -> bool:
        """Whether the committed digest says what was derived."""
        committed = digest.records(), digest.activations(), digest.units(), digest.claims()
        return (self.records, self.activations, self.units, self.claims) == committed


def build(
    out: Path,
    *,
    check: bool = False,
    workers: batch.Workers = 1,
    progress: bool = False,
    commands: click.Group | None = None,
) -> Built:
    """Derive, verify and render everything into the folder `out`.

    Parameters
    ----------
    out : Path
        Folder of the site; replaced as a whole.
    check : bool
        Compare with what stands there, and write nothing.
    workers : int or callable
        Number of processes, or a function that is called like ``map``; the pages are the same.
    progress : bool
        Show progress bars on stderr.
    commands : click.Group, optional
        The command line, whose reference is a page then.

    Raises
    ------
    BadFolder
        When `out` holds something else than a site.
    BadResult
        When a derivation is refused, or the evidence contradicts a result; the message names result and step.
    BadPage
        When a page refers to what is not there, or holds a formula that cannot be shown.
    BadWorkers, WorkFailed
        As :func:`gainderive.batch.mapped`.
    """
    out = out.absolute()
    if not check:
        _folders.restore(out)
    _folders.refuse_foreign(out)
    cache = out.with_name(f".{out.name}.cache")
    pages, stale = _computed(cache, keep=not check, workers=workers, progress=progress)
    standing = _folders.content(out)
    how = _How(keep=not check, workers=workers if isinstance(workers, int) else 1, progress=progress, commands=commands)
    site = _site(pages, cache, standing, how)
    changed = tuple(sorted(name for name in site.keys() | standing.keys() if site.get(name) != standing.get(name)))
    if changed and not check:
        _folders.replace(out, site)
    folders = (RESULTS, ACTIVATIONS, UNITS, CLAIMS)
    records = (tuple(page.record for page in of(folder, pages).values()) for folder in folders)
    return Built(stale, changed, *records)


def write_digest(built: Built) -> bool:
    """Write the digest when it is stale, and tell whether it was."""
    if built.digest_is_fresh:
        return False
    from gainderive.render import record

    text = record.digest(built.records, built.activations, built.units, built.claims)
    files.write(Path(digest.PATH), text.encode())
    return True


# -- computed pages --------------------------------------------------------------------------


def _computed(
    cache: Path, *, keep: bool, workers: batch.Workers, progress: bool
) -> tuple[dict[str, Computed], tuple[str, ...]]:
    """Return all computed pages, and the names of those that had to be computed."""
    keys = _keys.keys()
    held = {name: _cached(cache / "pages" / f"{name}.json", key) for name, key in keys.items()}
    stale = tuple(name for name, found in held.items() if found is None)
    made = batch.mapped(computed, stale, workers, progress=progress, what="derive and verify", unit="page")
    for name, plain in zip(stale, made, strict=True):
        held[name] = Computed.from_dict(plain)
        if keep:
            text = json.dumps({"key": keys[name], "page": plain}, ensure_ascii=False)
            files.write(cache / "pages" / f"{name}.json", text.encode())
    return {name: found for name, found in held.items() if found is not None}, stale


def _cached(path: Path, key: str) -> Computed | None:
    try:
        held: dict[str, Any] = json.loads(path.read_bytes())
        return Computed.from_dict(held["page"]) if held["key"] == key else None
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        # Whatever is wrong with a file of the cache, the page is computed again.
        return None


# -- the whole -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _How:
    """How the pages are typeset."""

    keep: bool
    workers: int
    progress: bool
    commands: click.Group | None


def _site(pages: Mapping[str, Computed], cache: Path, standing: Mapping[str, bytes], how: _How) -> Mapping[str, bytes]:
    """Return all files of the site; what stands there already, when nothing changed since it was built."""
    from gainderive.render import katex
    from gainderive.render.site import _sources

    plain = json.dumps({name: page.to_dict() for name, page in pages.items()}, sort_keys=True).encode()
    written = (part for name, held in _sources.handwritten().items() for part in (name.encode(), held))
    shown = [*_keys.versions(_keys.SHOWING), katex.version().encode(), _keys.library()]
    key = _folders.digest([plain, *written, *shown])
    hashes = {name: sha256(held).hexdigest() for name, held in standing.items()}
    if _last(cache) == {"key": key, "files": hashes}:
        return standing
    site = _made(pages, cache, how)
    if how.keep:
        made = {"key": key, "files": {name: sha256(held).hexdigest() for name, held in site.items()}}
        files.write(cache / _BUILT, json.dumps(made).encode())
    return site


def _last(cache: Path) -> Any:
    try:
        return json.loads((cache / _BUILT).read_bytes())
    except (OSError, ValueError):
        return None


def _made(pages: Mapping[str, Computed], cache: Path, how: _How) -> dict[str, bytes]:
    """Typeset the pages and return the site; when nothing is to be kept, in a folder that is gone afterwards."""
    from gainderive.render import typst
    from gainderive.render.site import _links, _sources, _typeset

    with tempfile.TemporaryDirectory() as passing:
        work = cache / "typeset" if how.keep else Path(passing)
        _folders.synchronise(work / "source", _sources.sources(pages, how.commands))
        html = _typeset.typeset(work, _sources.ROOT, workers=how.workers, progress=how.progress)
        site = {name: held for name, held in _folders.content(html).items() if name not in _NOT_SHOWN}
    for name, page in pages.items():
        folder = name.rpartition("/")[0]
        site |= {f"{folder}/{file}": held for file, held in page.beside.items()}
    claims = [json.loads(page.beside[f"{id}.json"]) for id, page in of(CLAIMS, pages).items()]
    if claims:
        site[f"{CLAIMS}.json"] = (json.dumps(claims, indent=1, ensure_ascii=False) + "\n").encode()
    site[_HANDBOOK] = typst.handbook(page.section for page in pages.values() if page.section)
    site[_folders.MARK] = _folders.MARK_TEXT
    broken = _links.broken(site)
    if broken:
        raise BadPage(_typeset.some(broken))
    return site
