"""Formulas as HTML by KaTeX; a formula that it refuses stops the build with the page and the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

from gainderive.errors import BadResult
from gainderive.render import katex

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_LONG = 80
"""Characters of LaTeX from which on a formula in running text may be wider than a small screen, so that it scrolls."""


def setup(app: Sphinx) -> None:
    """Make this the renderer of formulas."""
    app.add_html_math_renderer("gainderive", (_inline, None), (_display, None))


def _inline(translator: Any, node: nodes.math) -> None:
    latex = node.astext()
    html = _rendered(rf"\displaystyle {latex}" if _is_alone(node) else latex, node, display=False)
    kind = "formula long" if len(latex) > _LONG else "formula"
    translator.body.append(f'<span class="{kind}">{html}</span>')
    raise nodes.SkipNode


def _is_alone(node: nodes.math) -> bool:
    """Whether nothing stands beside a formula, as in a table or a card, so that its fractions may have their height."""
    return all(beside is node or not beside.astext().strip() for beside in node.parent.children)


def _display(translator: Any, node: nodes.math_block) -> None:
    html = _rendered(node.astext().strip(), node, display=True)
    translator.body.append(f'<div class="formula">{html}</div>\n')
    raise nodes.SkipNode


def _rendered(latex: str, node: nodes.Element, *, display: bool) -> str:
    from sphinx.util import logging

    try:
        return katex.render(latex, display=display)
    except BadResult as error:
        logging.getLogger(__name__).warning(str(error), location=node)
        return ""
