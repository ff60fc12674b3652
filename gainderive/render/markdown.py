"""Markdown with LaTeX between dollar signs as a tree, for what writes it in another language."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gainderive.errors import BadResult, MissingExtra

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode


def tree(markdown: str) -> SyntaxTreeNode:
    """Return the tree of a Markdown text.

    Raises
    ------
    MissingExtra
        When the parser is not installed.

    Examples
    --------
    >>> [node.type for node in tree("a $x$").walk()]
    ['root', 'paragraph', 'inline', 'text', 'math_inline']
    """
    parser = _parser()
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(parser.parse(markdown))


def unknown(node: SyntaxTreeNode) -> BadResult:
    """Return the error for a part that a writer has no words for."""
    return BadResult(f"Markdown that no slide can show: {node.type} {node.content}".rstrip())


@cache
def _parser() -> MarkdownIt:
    try:
        from markdown_it import MarkdownIt
        from mdit_py_plugins.dollarmath import dollarmath_plugin
    except ModuleNotFoundError as error:
        raise MissingExtra("typesetting", str(error.name), "pdf") from None
    parser = MarkdownIt("commonmark", {"html": False})
    dollarmath_plugin(parser, allow_labels=False, allow_digits=False, double_inline=False)
    return parser
