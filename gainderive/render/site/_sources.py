"""What Sphinx reads: pages that are written by hand and computed, overviews, what pages may say of each, assets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from gainderive import files
from gainderive.render import katex
from gainderive.render.site._computed import Computed
from gainderive.render.site._keys import ACTIVATIONS, CLAIMS, RESULTS, UNITS

ROOT = "docs"
"""Folder of the pages among the sources; what hand-written pages include stands beside it, as in the repository."""
_INCLUDED = ("CONTRIBUTING.md", "CHANGELOG.md", "README.md")
_FONTS = ("woff2", "woff", "ttf")


def sources(pages: Mapping[str, Computed], commands: click.Group | None) -> dict[str, bytes]:
    """Return everything that Sphinx reads, by name."""
    from gainderive.render import api, claim, comparison, explorer
    from gainderive.render import pages as results

    entries = {folder: {own: held.entry for own, held in of(folder, pages).items()} for folder in _FOLDERS}
    written = {name: held.markdown for name, held in pages.items()}
    for folder in _FOLDERS:
        written |= _with_neighbours(folder, of(folder, pages))
    written[f"{RESULTS}/index"] = results.index(entries[RESULTS])
    written[f"{ACTIVATIONS}/index"] = comparison.comparison(entries[ACTIVATIONS], entries[UNITS])
    if entries[CLAIMS]:
        written[CLAIMS] = claim.overview(entries[CLAIMS])
    written |= api.pages(commands)
    written["explorer"] = _explorer(explorer.body(), explorer.STYLES, explorer.SCRIPTS)
    inside = handwritten()
    inside |= {f"{name}.md": text.encode() for name, text in written.items()}
    inside |= {f"records/{name}.json": _plain(held) for name, held in pages.items() if held.about}
    inside |= {f"_static/katex/{name}": held for name, held in _katex().items()}
    inside |= {f"_static/explorer/{name}": held for name, held in explorer.files(katex.render).items()}
    documents = files.documents().parent
    beside = {name: (documents / name).read_bytes() for name in _INCLUDED if (documents / name).exists()}
    return beside | {f"{ROOT}/{name}": held for name, held in inside.items()}


_FOLDERS = (RESULTS, ACTIVATIONS, UNITS, CLAIMS)


def of(folder: str, pages: Mapping[str, Computed]) -> dict[str, Computed]:
    """Return the pages in a folder by ID or name."""
    return {name.removeprefix(f"{folder}/"): held for name, held in pages.items() if name.startswith(f"{folder}/")}


_OVERVIEWS = {
    RESULTS: ("All results", f"/{RESULTS}/index.md"),
    ACTIVATIONS: ("All activations", f"/{ACTIVATIONS}/index.md"),
    UNITS: ("All activations and units", f"/{ACTIVATIONS}/index.md"),
    CLAIMS: ("All claims", f"/{CLAIMS}.md"),
}


def _with_neighbours(folder: str, pages: Mapping[str, Computed]) -> dict[str, str]:
    """Return the pages of a folder, each with links to the overview and to the pages before and after it.

    They are orphans to Sphinx: the sidebar would show them all beside every page, so that one title would change the
    whole site.
    """
    names = list(pages)
    words, overview = _OVERVIEWS[folder]
    written = {}
    for at, name in enumerate(names):
        before = [f"[← {other}](/{folder}/{other}.md)" for other in names[max(0, at - 1) : at]]
        after = [f"[{other} →](/{folder}/{other}.md)" for other in names[at + 1 : at + 2]]
        links = "\n".join([*before, f"[{words}]({overview})", *after])
        written[f"{folder}/{name}"] = (
            f"---\norphan: true\n---\n\n:::{{div}} neighbours\n{links}\n:::\n\n{pages[name].markdown}"
        )
    return written


def _explorer(body: str, styles: Sequence[str], scripts: Sequence[str]) -> str:
    """Return the explorer's page; no other page loads its scripts."""
    place = "_static/explorer"
    head = [f'<link rel="stylesheet" href="{place}/{name}">' for name in styles]
    tail = [f'<script defer src="{place}/{name}"></script>' for name in scripts]
    return "\n".join(
        ["---", "hide-toc: true", "---", "", "# Explorer", "", "```{raw} html", *head, body, *tail, "```", ""]
    )


def handwritten() -> dict[str, bytes]:
    """Return the pages that people wrote, with the configuration, style and scripts; notebooks are computed."""
    root = files.documents()
    found = (p for p in sorted(root.rglob("*")) if p.is_file() and not _apart(p.relative_to(root)))
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in found}


def _apart(path: Path) -> bool:
    return path.parts[0] == "notebooks" or "__pycache__" in path.parts or path.name.startswith(".")


def _plain(held: Computed) -> bytes:
    return (json.dumps(held.about, indent=1, ensure_ascii=False) + "\n").encode()


def _katex() -> dict[str, bytes]:
    dist = katex.folder()
    fonts = sorted(p for p in (dist / "fonts").iterdir() if p.suffix[1:] in _FONTS)
    return {p.relative_to(dist).as_posix(): p.read_bytes() for p in (dist / "katex.min.css", *fonts)}
