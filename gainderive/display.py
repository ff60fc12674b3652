r"""Values as HTML for notebooks: tables, formulas, and parts that fold.

A notebook prefers HTML to LaTeX where a value offers both, and typesets what stands between dollar signs in HTML too.
So every formula is put between dollar signs, and a dollar sign that is only text is kept apart. No colour is named:
light pages stay light and dark ones dark.

Escaping is no matter of care: what is not yet :class:`Html` is escaped when it is put into HTML.

>>> element("td", "a < b, ", formula("a < b"), title='"')
'<td title="&quot;">a &lt; b, $a &lt; b$</td>'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

_FORMULA = re.compile(r"\$([^$]+)\$")
_LEFT = "text-align: left"
"""Notebooks align cells to the right, which suits numbers of equal length only."""


class Html(str):
    """Text that is HTML already; every other text is escaped when it is put into HTML."""

    __slots__ = ()


def text(content: str) -> Html:
    """Return text as HTML, `content` itself if it is HTML already.

    >>> text("for $5 & more")
    'for <span>$</span>5 &amp; more'
    """
    # Two dollar signs that have tags between them and their surroundings do not enclose a formula.
    return content if isinstance(content, Html) else Html(escape(content).replace("$", "<span>$</span>"))


def formula(latex: str) -> Html:
    """Return LaTeX as a formula in running text."""
    return Html(f"${escape(latex, quote=False)}$")


def prose(sentence: str) -> Html:
    r"""Return a sentence that has LaTeX between dollar signs.

    >>> prose("a & $x < y$")
    'a &amp; $x &lt; y$'
    """
    parts = _FORMULA.split(sentence)
    return joined(*(formula(part) if i % 2 else part for i, part in enumerate(parts)))


def joined(*parts: str) -> Html:
    """Return one piece of HTML made of `parts`."""
    return Html("".join(map(text, parts)))


def element(name: str, *content: str, **attributes: str) -> Html:
    """Return an HTML element with its content and attributes."""
    shown = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{shown}>{joined(*content)}</{name}>")


def display(latex: str) -> Html:
    """Return LaTeX as a formula in a box of its own, which scrolls where the window is narrower."""
    shown = formula(rf"\displaystyle {latex}")
    return element("div", shown, style="overflow-x: auto; overflow-y: hidden; white-space: nowrap")


def table(caption: str, rows: Iterable[Sequence[str]], head: Sequence[str] = ()) -> Html:
    """Return a table whose rows begin with what they are about; `head`, if any, names the columns.

    >>> table("", [("route", "value")])
    '<div style="overflow-x: auto"><table><tr><th scope="row" style="text-align: left">route</th><td \
style="text-align: left">value</td></tr></table></div>'
    """
    named = [element("caption", caption, style=_LEFT)] if caption else []
    first = [element("tr", *(element("th", cell, scope="col", style=_LEFT) for cell in head))] if head else []
    body = (
        element(
            "tr",
            element("th", about, scope="row", style=_LEFT),
            *(element("td", cell, style=_LEFT) for cell in cells),
        )
        for about, *cells in rows
    )
    return element("div", element("table", *named, *first, *body), style="overflow-x: auto")


def fold(summary: str, *content: str, unfolded: bool = False) -> Html:
    """Return content that unfolds when its summary is clicked."""
    return element("details", element("summary", summary), *content, **({"open": ""} if unfolded else {}))


def numbered(items: Iterable[str]) -> Html:
    """Return a numbered list."""
    return element("ol", *(element("li", item) for item in items))


def bullets(items: Iterable[str]) -> Html:
    """Return a list."""
    return element("ul", *(element("li", item) for item in items))
