r"""An executed notebook as a page of the site: MyST in which every formula, table and figure shows without a script.

HTML outputs carry formulas between dollar signs, which notebooks typeset; here KaTeX does it when the page is made.
Figures lie beside the page, each in a light and a dark file.

>>> "$" in typeset("<td>$a &lt; b$</td>"), typeset("<td>for <span>$</span>5</td>")
(False, '<td>for <span>$</span>5</td>')
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from gainderive.render import katex
from gainderive.render.plot import DARK, LIGHT
from gainderive.render.shell import SVG

if TYPE_CHECKING:
    from nbformat import NotebookNode

_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
_VERBATIM = frozenset({"code", "pre", "script", "style", "svg", "textarea"})
_MATHS = re.compile(r"^\$+(?:\\displaystyle)?(.*?)\$+$", re.DOTALL)
SHOWN = ("text/html", "text/latex", "text/markdown", SVG, "text/plain")
"""What a page can show, the best first; notebooks choose in the same order."""


def page(book: NotebookNode, stem: str) -> str:
    """Return an executed notebook as MyST; `stem` is the name of its files without their suffixes."""
    parts, drawn = list[str](), 0
    for cell in book.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.cell_type == "code":
            parts.append(_fenced(cell.source, "python"))
        for output in cell.get("outputs", ()):
            drawn += _best(output) == SVG
            parts.append(f"::::{{container}} notebook-output\n{_output(output, cell, f'{stem}-{drawn}')}\n::::")
    title, *rest = "\n\n".join(parts).split("\n", maxsplit=1)
    download = f"{{beside}}`Download this page as a Jupyter notebook <{stem}.ipynb>`"
    return "\n".join([title, "", download, "", *rest]) + "\n"


def figures(book: NotebookNode, stem: str) -> dict[str, str]:
    """Return every figure as SVG, for light and for dark pages, by the names that the page knows them by."""
    drawn = [output.data[SVG] for cell in book.cells for output in cell.get("outputs", ()) if _best(output) == SVG]
    return {
        f"{stem}-{number}{suffix}.svg": recoloured
        for number, svg in enumerate(drawn, start=1)
        for suffix, recoloured in {"": svg, "-dark": _by_night(svg)}.items()
    }


def _by_night(svg: str) -> str:
    """Return a picture that is drawn in light inks in dark ones."""
    dark = DARK.variables()
    for name, drawn in LIGHT.variables().items():
        svg = svg.replace(drawn, dark[name])
    return svg


def typeset(html: str) -> str:
    """Return HTML with every formula between dollar signs rendered.

    Raises
    ------
    BadResult
        For a formula that KaTeX's strict mode refuses.
    """
    parser = _Typesetter()
    parser.feed(html)
    parser.close()
    return "".join(parser.parts)


class _Typesetter(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._verbatim: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.parts.append(self.get_starttag_text() or "")
        if tag in _VERBATIM:
            self._verbatim.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"</{tag}>")
        if self._verbatim[-1:] == [tag]:
            self._verbatim.pop()

    def handle_data(self, data: str) -> None:
        if self._verbatim:
            self.parts.append(data if self.cdata_elem else escape(data, quote=False))
            return
        at = 0
        for found in _FORMULA.finditer(data):
            self.parts.append(escape(data[at : found.start()], quote=False))
            self.parts.append(katex.render(found[1] or found[2], display=found[1] is not None))
            at = found.end()
        self.parts.append(escape(data[at:], quote=False))


def _best(output: NotebookNode) -> str:
    return next((kind for kind in SHOWN if kind in output.get("data", ())), "")


def _output(output: NotebookNode, cell: NotebookNode, figure: str) -> str:
    """Return what a cell shows as MyST; `figure` is the name of its picture, if it is one."""
    match output.output_type, _best(output):
        case "stream", _:
            return _fenced(output.text, "text")
        case "error", _:
            return _fenced("\n".join(output.traceback), "text")
        case _, "text/html":
            return _raw(typeset(output.data["text/html"]))
        case _, "text/latex":
            return f"$$\n{_MATHS.sub(lambda maths: maths[1], output.data['text/latex'].strip()).strip()}\n$$"
        case _, "text/markdown":
            return str(output.data["text/markdown"])
        case _, "image/svg+xml":
            return f":::{{picture}} {figure}.svg\n:alt: {' '.join(cell.metadata.alt.split())}\n:::"
        case _:
            return _fenced(output.data["text/plain"], "text")


def _fenced(text: str, language: str) -> str:
    fence = max(re.findall(r"`{3,}", text), default="``", key=len) + "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _raw(html: str) -> str:
    # An empty line would do no harm to the page, but a fence inside would.
    return f"```{{raw}} html\n{html.strip()}\n```"
