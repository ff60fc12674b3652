"""Files and folders: written as a whole or not at all, so that a reader sees the old content or the new."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from gainderive import files
from gainderive.errors import BadFolder

MARK = "gainderive-site.txt"
"""Lies in every site, and tells it from a folder that is somebody else's."""
MARK_TEXT = b"Written by `gainderive build`, which replaces this whole folder at every change.\n"


def digest(parts: Iterable[bytes]) -> str:
    """Return one hash of all parts, in their order."""
    total = sha256()
    for part in parts:
        total.update(sha256(part).digest())
    return total.hexdigest()


def content(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder by their name from there."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def refuse_foreign(out: Path) -> None:
    """Refuse a folder that holds something else than a site."""
    if out.is_dir() and (not any(out.iterdir()) or (out / MARK).is_file()):
        return
    if out.exists():
        raise BadFolder(f"{out} exists and is no site of gainderive, so it is not replaced; name another folder")


def synchronise(folder: Path, wanted: Mapping[str, bytes]) -> None:
    """Make a folder hold exactly these files; what is the same already keeps its date."""
    standing = content(folder)
    for name in standing.keys() - wanted.keys():
        (folder / name).unlink()
    for name, held in wanted.items():
        if standing.get(name) != held:
            files.write(folder / name, held)


def replace(out: Path, site: Mapping[str, bytes]) -> None:
    """Put a site in the place of another; whatever goes wrong, one of the two stands there."""
    out.parent.mkdir(parents=True, exist_ok=True)
    new, old = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.new.")), _old(out)
    try:
        new.chmod(0o755)
        for name, held in site.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(held)
        if out.exists():
            out.rename(old)
        new.rename(out)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        restore(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def restore(out: Path) -> None:
    """Put the old site back when a build was killed between the two renames."""
    if _old(out).exists() and not out.exists():
        _old(out).rename(out)
    elif _old(out).exists():
        shutil.rmtree(_old(out))


def _old(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")
