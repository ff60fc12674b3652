"""Notebooks: text that a person reads and edits, executed into a page of the site and a notebook to download.

A notebook is a MyST file as jupytext writes them: prose, and cells of code with ``tags`` and ``alt`` above them. It is
executed from the top in this process. A cell that fails stops the build, unless it is tagged ``raises-exception``; so
does one that does not fail although it is so tagged, one that draws and has no ``alt`` (the words for readers who do
not see the figure), and one that shows what belongs to one machine or one run: a path or a memory address.

Equal sources give equal bytes: nothing is numbered, named or dated by chance.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

from gainderive.errors import BadNotebook, MissingExtra

if TYPE_CHECKING:
    from nbformat import NotebookNode

_RAISES = "raises-exception"
_ADDRESS = re.compile(r"\bat 0x[0-9a-f]+")
_ROLE = re.compile(r"\{[\w-]+\}`([^`<]+?)\s*(?:<[^`>]*>)?`")
"""A role of the site, such as a link to a result: its words, and perhaps what they link to."""


@dataclass(frozen=True)
class Executed:
    """An executed notebook.

    Attributes
    ----------
    page : str
        A page of the site, as MyST: every cell and what it shows.
    notebook : bytes
        The ``.ipynb`` with its outputs; the page links to it as its own name with that suffix.
    files : mapping
        What else lies beside the page, by name: its figures as SVG, for light and for dark pages.
    """

    page: str
    notebook: bytes
    files: Mapping[str, bytes]


def executed(path: Path) -> Executed:
    """Execute a notebook from its top.

    Raises
    ------
    BadNotebook
        With the notebook, the number of the cell of code, and what is wrong with it.
    BadResult
        For a formula that no page can show.
    MissingExtra
        When something that runs or reads notebooks is not installed.
    """
    try:
        import jupytext
        import nbformat
    except ModuleNotFoundError as error:
        raise MissingExtra("executing a notebook", str(error.name), "docs") from None
    from gainderive.render.notebook_page import figures, page

    book = jupytext.reads(path.read_text(encoding="utf-8"), fmt="md:myst")
    _run(book, path.name)
    shown = page(book, path.stem)
    files = {name: svg.encode() for name, svg in figures(book, path.stem).items()}
    _made_plain(book)
    nbformat.validate(book)
    return Executed(shown, f"{nbformat.writes(book)}\n".encode(), files)


def _run(book: NotebookNode, name: str) -> None:
    from gainderive.render.shell import running

    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    with running() as run:
        for number, cell in enumerate(cells, start=1):
            error = run.cell(cell.source, number)
            cell.outputs, cell.execution_count = run.outputs, number
            wrong = _wrong_with(cell, error)
            if wrong:
                raise BadNotebook(f"{name}, cell {number}: {wrong}") from error


def _wrong_with(cell: NotebookNode, error: Exception | None) -> str:
    """Return what keeps an executed cell from the page, or nothing."""
    from gainderive.render.notebook_page import SHOWN
    from gainderive.render.shell import SVG

    may_fail = _RAISES in cell.metadata.get("tags", ())
    if error is not None and not may_fail:
        return f"{type(error).__name__}: {error}"
    if error is None and may_fail:
        return f"it is tagged {_RAISES}, and raises nothing; take away the tag, or mend the cell"
    said = repr(cell.outputs)
    leaked = _ADDRESS.search(said)
    if leaked:
        return f"it shows a memory address ({leaked[0]}), which is another in every run; show something else"
    if any(place in said for place in _own_places()):
        return "it shows a path of this machine; show something else"
    kinds = {kind for output in cell.outputs for kind in output.get("data", ())}
    if kinds - {*SHOWN}:
        return f"it shows {', '.join(sorted(kinds - {*SHOWN}))}, and a page shows {', '.join(SHOWN)}"
    if SVG in kinds and not cell.metadata.get("alt"):
        return "it draws a figure and has no `alt`; say above its code what a reader sees who cannot see it"
    return ""


def _own_places() -> set[str]:
    """Return how paths begin that are about this machine alone."""
    folders = (Path.cwd(), Path.home(), Path(sys.prefix), Path(gettempdir()), Path(__file__).parents[2])
    return {f"{folder}/" for folder in folders if folder != folder.parent}


def _made_plain(book: NotebookNode) -> None:
    """Make of an executed source what any notebook program shows: no roles of the site, the same names every time."""
    for number, cell in enumerate(book.cells, start=1):
        cell.id = f"cell-{number:02d}"
        if cell.cell_type == "markdown":
            cell.source = _ROLE.sub(r"\1", cell.source)
    book.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
