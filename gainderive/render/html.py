"""Markdown with LaTeX to HTML with MathML: readable from a file, with no request to any network.

Formulas are converted when the site is built (math-core, which refuses LaTeX that it does not know), so a
page carries no script.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gainderive.errors import BadResult, MissingExtra

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_BADGES = re.compile(r"proved|enclosed|estimated|sampled|refused|false|numeric only|true, but not for this reason")

_JOINED = "\N{WORD JOINER}"
_LONG = 80
"""Characters of LaTeX from which on a formula in running text may be wider than a small screen, so that it scrolls."""


STYLE = Path(__file__).parent / "assets" / "style.css"


def body(markdown: str) -> str:
    r"""Return the HTML of a Markdown text, formulas as MathML, links to other pages' HTML.

    Raises
    ------
    BadResult
        For a formula that is not LaTeX that a page can show.
    MissingExtra
        When the converters are not installed.

    Examples
    --------
    >>> body("a $x$")
    '<p>a <math><semantics><mi>x</mi><annotation encoding="application/x-tex">x</annotation></semantics></math></p>\n'
    """
    html: str = _converter().render(markdown)
    # A line may not break between a formula and the punctuation that belongs to it.
    html = re.sub(r"([(\[“‘])(<math)", rf"\1{_JOINED}\2", html)
    html = re.sub(r"(</math>)([)\].,;:!?”’])", rf"\1{_JOINED}\2", html)
    # A box that scrolls takes its punctuation with it.
    return re.sub(r"([(\[“‘]?)(<span class=\"long\">)(.*?</math>)</span>([)\].,;:!?”’]*)", r"\2\1\3\4</span>", html)


def document(
    title: str,
    content: str,
    *,
    links: Sequence[tuple[str, str, str]] = (),
    source: str = "",
    root: str = "",
    kind: str = "text",
) -> str:
    """Return a whole page around `content`.

    Parameters
    ----------
    title : str
        For the browser's tab.
    content : str
        HTML of the body.
    links : sequence of (rel, href, text)
        Navigation.
    source : str
        Name of the Markdown file that says the same.
    root : str
        Way from the page's folder to the site's: empty, or ``"../"``.
    kind : str
        ``"text"``, one column that reads well, or ``"overview"``, as wide as the window.
    """
    navigation = "".join(f'<a rel="{rel}" href="{href}">{escape(text)}</a>' for rel, href, text in links)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{root}assets/style.css">
</head>
<body class="{kind}">
<nav>{navigation}</nav>
<main>
{content}</main>
<footer><a href="{source}">Markdown with LaTeX</a></footer>
</body>
</html>
"""


@cache
def _converter() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
        from mdit_py_plugins.dollarmath import dollarmath_plugin
    except ModuleNotFoundError as error:
        raise MissingExtra("building the site", str(error.name), "docs") from None
    converter = MarkdownIt("commonmark", {"html": False}).enable("table")
    dollarmath_plugin(converter, allow_labels=False, allow_digits=False, double_inline=False)
    converter.add_render_rule("math_inline", _math_inline)
    converter.add_render_rule("math_block", _math_block)
    converter.add_render_rule("code_inline", _code_inline)
    converter.add_render_rule("table_open", lambda *_: '<div class="wide"><table>\n')
    converter.add_render_rule("table_close", lambda *_: "</table></div>\n")
    converter.add_render_rule("link_open", _link_open)
    return converter


def mathml(formula: str, *, display: bool) -> str:
    """Return LaTeX as MathML that carries its LaTeX source with it.

    Raises
    ------
    BadResult
        With the place in the formula that is not understood.
    """
    try:
        from math_core import LatexError, LatexToMathML
    except ModuleNotFoundError:
        raise MissingExtra("building the site", "math-core", "docs") from None
    try:
        converter = LatexToMathML(annotation=True, fancy_error=False)
        return str(converter.convert_with_local_state(formula, displaystyle=display))
    except LatexError as error:
        raise BadResult(f"a formula that no page can show: {error} in {formula}") from None


def _math_inline(_: Any, tokens: Sequence[Any], at: int, *__: Any) -> str:
    formula = tokens[at].content
    shown = mathml(formula, display=False)
    return f'<span class="long">{shown}</span>' if len(formula) > _LONG else shown


def _math_block(_: Any, tokens: Sequence[Any], at: int, *__: Any) -> str:
    return f'<div class="wide formula">{mathml(tokens[at].content.strip(), display=True)}</div>\n'


def _code_inline(_: Any, tokens: Sequence[Any], at: int, *__: Any) -> str:
    text = tokens[at].content
    kind = f' class="badge {text.split()[0].rstrip(",")}"' if _BADGES.fullmatch(text) else ""
    return f"<code{kind}>{escape(text)}</code>"


def _link_open(renderer: Any, tokens: Sequence[Any], at: int, options: Any, env: Any) -> str:
    target = tokens[at].attrGet("href")
    if re.fullmatch(r"(?:\.\./)?(?:[\w-]+/)?[\w-]+\.md", target):
        tokens[at].attrSet("href", target.removesuffix(".md") + ".html")
    return str(renderer.renderToken(tokens, at, options, env))
