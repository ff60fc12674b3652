"""Sphinx over a folder of MyST pages: only what changed is read again, and any warning stops the build."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile

from gainderive import files
from gainderive.errors import BadPage, MissingExtra
from gainderive.render.site import _folders

_SHOWN = 20
"""Problems that a message shows; the first are the ones to mend."""
_OWN = ("genindex", "py-modindex", "search")
"""Pages that Sphinx makes itself."""
_PERCENT = re.compile(r"\[ *(\d+)%\]")


def typeset(work: Path, root: str, *, workers: int, progress: bool) -> Path:
    """Return the folder of the HTML of the pages in the folder `root` of ``work/source``.

    Raises
    ------
    BadPage
        With every warning of Sphinx: broken references, formulas that are refused, docstrings that cannot be read.
    MissingExtra
        When Sphinx is not installed.
    """
    source, doctrees, html = work / "source" / root, work / "doctrees", work / "html"
    _forget(source, html)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-d", str(doctrees), "-j", str(workers), "--no-color"]
    try:
        warnings = _run([*command, str(source), str(html)], progress=progress)
    except BaseException:
        shutil.rmtree(doctrees, ignore_errors=True)
        raise
    if warnings:
        # Pages that were read with a warning would not be read again, so the next build would not see it.
        shutil.rmtree(doctrees, ignore_errors=True)
        raise BadPage(some(warnings.replace(f"{source}{os.sep}", "").splitlines()))
    # Sphinx copies them only when it writes a page.
    shutil.copytree(source / "_static", html / "_static", dirs_exist_ok=True)
    return html


def _forget(source: Path, html: Path) -> None:
    """Remove what Sphinx would keep: the pages of sources that are gone, and everything when all pages look new."""
    style = [held for name, held in _folders.content(source / "_static").items() if "/" not in name]
    templates = _folders.content(source / "_templates").values()
    looks = _folders.digest([*style, *templates, (source / "conf.py").read_bytes()])
    mark = html.with_name("looks.txt")
    if not mark.exists() or mark.read_text(encoding="ascii") != looks:
        shutil.rmtree(html, ignore_errors=True)
    for page in html.rglob("*.html"):
        name = page.relative_to(html).with_suffix("").as_posix()
        if name not in _OWN and not (source / f"{name}.md").exists():
            page.unlink()
    files.write(mark, looks.encode())


def some(problems: list[str]) -> str:
    r"""Return the first problems, and how many more there are.

    >>> some(["a", "b"])
    'a\nb'
    >>> some(list("abcdefghijklmnopqrstuvwxyz")).splitlines()[-1]
    'and 6 more'
    """
    more = len(problems) - _SHOWN
    return "\n".join([*problems[:_SHOWN], *([f"and {more} more"] if more > 0 else [])])


def _run(command: list[str], *, progress: bool) -> str:
    """Run Sphinx and return its warnings; it is a process of its own, because it changes docutils for good."""
    from importlib.util import find_spec

    for package in ("sphinx", "furo", "myst_parser", "sphinx_design", "sphinx_copybutton"):
        if find_spec(package) is None:
            raise MissingExtra("building the site", package.replace("_", "-"), "docs")
    here = str(Path(files.__file__).parents[1])
    # Sets of strings come in another order in each process unless their hashes are fixed.
    fixed = {"PYTHONPATH": os.pathsep.join([here, *sys.path]), "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}
    with TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=said, text=True, encoding="utf-8", env=os.environ | fixed
        )
        with process:
            try:
                _show(process.stdout or (), progress)
            except BaseException:
                process.kill()
                raise
        said.seek(0)
        warnings = said.read().strip()
    if process.returncode and not warnings:
        raise BadPage(f"Sphinx stopped with exit code {process.returncode}")
    return warnings


def _show(lines: Iterable[str], progress: bool) -> None:
    from tqdm import tqdm

    bar = tqdm(total=100, desc="typeset", unit="%", file=sys.stderr, disable=None if progress else True)
    with bar:
        for line in lines:
            found = _PERCENT.findall(line)
            if found:
                bar.update(int(found[-1]) - bar.n)
