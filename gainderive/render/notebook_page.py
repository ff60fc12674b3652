r"""An executed notebook as a page of the site: MyST in which every formula, table and figure shows without a script.

HTML outputs carry formulas between dollar signs, which notebooks typeset; here KaTeX does it when the page is made.
Figures stand inside the page, so that they take the colour of its text, and lie beside it as files.

>>> "$" in typeset("<td>$a &lt; b$</td>"), typeset("<td>for <span>$</span>5</td>")
(False, '<td>for <span>$</span>5</td>')
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from gainderive.errors import BadNotebook
from gainderive.render import katex
from gainderive.render.shell import INK, SVG

if TYPE_CHECKING:
    from nbformat import NotebookNode

_FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
_VERBATIM = frozenset({"code", "pre", "script", "style", "svg", "textarea"})
_MATHS = re.compile(r"^\$+(?:\\displaystyle)?(.*?)\$+$", re.DOTALL)
_SHOWN = ("text/html", "text/latex", "text/markdown", SVG, "text/plain")
"""What a page can show, the best first; notebooks choose in the same order."""
_INKS = f"<style>svg{{color:{INK}}}@media (prefers-color-scheme: dark){{svg{{color:#e4e7eb}}}}</style>"
"""The colour of text in a figure that stands alone."""


def page(book: NotebookNode, stem: str) -> str:
    """Return an executed notebook as MyST; `stem` is the name of its files without their suffixes."""
    drawn = figures(book, stem)
    parts: list[str] = []
    for cell in book.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.cell_type == "code":
            parts.append(_fenced(cell.source, "python"))
            shown = [_output(output, drawn) for output in cell.outputs]
            parts += [f"::::{{container}} notebook-output\n{text}\n::::" for text in shown]
    title, *rest = "\n\n".join(parts).split("\n", maxsplit=1)
    download = f"{{beside}}`Download this page as a Jupyter notebook <{stem}.ipynb>`"
    return "\n".join([title, "", download, "", *rest]) + "\n"


def figures(book: NotebookNode, stem: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the SVG of every figure in order, each made to stand alone, with its words inside."""
    drawn = (
        (output.data[SVG], cell.metadata.get("alt", ""))
        for cell in book.cells
        for output in cell.get("outputs", ())
        if _best(output) == SVG
    )
    for number, (svg, alt) in enumerate(drawn, start=1):
        name = f"{stem}-{number}"
        yield f"{name}.svg", _standing_alone(svg, name, alt)


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
    return next((kind for kind in _SHOWN if kind in output.get("data", ())), "")


def _output(output: NotebookNode, drawn: Iterator[tuple[str, str]]) -> str:
    """Return what a cell shows as MyST; of figures, the next of those `drawn`."""
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
            return _raw(_inline(*next(drawn)))
        case _, "text/plain":
            return _fenced(output.data["text/plain"], "text")
    raise BadNotebook(f"a cell shows {', '.join(output.data)}, and a page shows {', '.join(_SHOWN)}")


def _fenced(text: str, language: str) -> str:
    fence = max(re.findall(r"`{3,}", text), default="``", key=len) + "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _raw(html: str) -> str:
    # An empty line would do no harm to the page, but a fence inside would.
    return f"```{{raw}} html\n{html.strip()}\n```"


def _inline(name: str, svg: str) -> str:
    """Return a figure inside a page, whose colour of text it takes, and a link to its file."""
    return f'<figure>{svg.replace(_INKS, "")}<figcaption><a href="{name}">SVG</a></figcaption></figure>'


def _standing_alone(svg: str, name: str, alt: str) -> str:
    """Return matplotlib's SVG with words for those who do not see it, and identifiers that no other figure has."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<!--.*?-->\n?|<metadata>.*?</metadata>\n?", "", body, flags=re.DOTALL)
    used = set(re.findall(r'#([\w-]+)["\)]', body))
    body = re.sub(r' id="([\w-]+)"', lambda m: f' id="{name}-{m[1]}"' if m[1] in used else "", body)
    body = re.sub(r'#([\w-]+)(["\)])', lambda m: f"#{name}-{m[1]}{m[2]}" if m[1] in used else m[0], body)
    body = body.replace(INK, "currentColor")
    return re.sub(
        r"<svg\b([^>]*)>",
        lambda m: f'<svg role="img" aria-label="{escape(alt)}"{m[1]}>\n{_INKS}',
        body,
        count=1,
    )
