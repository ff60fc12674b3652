"""Markdown with LaTeX as Typst markup."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import TYPE_CHECKING

from gainderive import typst_math
from gainderive.errors import BadResult, MissingExtra
from gainderive.render.typst import _formula

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_LONG = 90
"""Characters of LaTeX from which on a formula in running text stands on lines of its own."""
_SPECIAL = re.compile(r"([\\`*_#$<>@~=+/\[\].-])")
_MENTIONED = re.compile(r"GD\\-\d{4}")
_CLOSING = re.compile(r"[.,;:!?)]+")


def markup(markdown: str, known: Collection[str] = (), *, large: bool = False) -> str:
    r"""Return Markdown as Typst markup that uses ``formula`` of the template for displayed and long formulas.

    Parameters
    ----------
    markdown : str
        Paragraphs, lists, emphasis, code, links, formulas between dollar signs.
    known : collection of str
        IDs of results that have a label in the document, so that a mention becomes a link.
    large : bool
        Whether fractions in running text are as large as displayed ones.

    Raises
    ------
    BadResult
        For a formula that is not understood, and for Markdown of another kind.
    MissingExtra
        When the parser of Markdown is not installed.

    Examples
    --------
    >>> print(markup("The *gain* is $\\sqrt 2$."))
    The #emph[gain]; is $sqrt(2)$\.
    """
    return "\n\n".join(blocks(markdown, known, large=large))


def blocks(markdown: str, known: Collection[str] = (), *, large: bool = False) -> tuple[str, ...]:
    r"""Return the blocks of a Markdown text as Typst markup; a displayed or long formula is a block of its own.

    >>> blocks("Put\n\n$$a = b$$\n\nin.")
    ('Put', '#formula((whole: $a = b$, lines: ()))', 'in\\.')
    """
    return tuple(_Writer(known, large).blocks(_tree(markdown)))


def text(plain: str) -> str:
    r"""Return plain text as Typst markup.

    >>> print(text("1 - 1/π [a]"))
    1 \- 1\/π \[a\]
    """
    return _SPECIAL.sub(r"\\\1", plain)


def string(plain: str) -> str:
    r"""Return plain text as a string of Typst.

    >>> print(string('a "b"'))
    "a \"b\""
    """
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _tree(markdown: str) -> SyntaxTreeNode:
    parser = _parser()
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(parser.parse(markdown))


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


class _Writer:
    """Writes the tree of a text."""

    def __init__(self, known: Collection[str], large: bool) -> None:
        self.known = known
        self.large = large

    def blocks(self, parent: SyntaxTreeNode) -> Iterator[str]:
        """Yield each block below `parent`."""
        for node in parent.children:
            match node.type:
                case "paragraph":
                    yield from self.paragraph(node.children[0])
                case "bullet_list" | "ordered_list":
                    kind = "list" if node.type == "bullet_list" else "enum"
                    items = ("\n\n".join(self.blocks(item)) for item in node.children)
                    yield f"#{kind}({', '.join(f'[{item}]' for item in items)})"
                case "math_block":
                    yield _displayed(node.content)
                case "fence" | "code_block":
                    yield f"#raw(block: true, {string(node.content.rstrip())})"
                case _:
                    raise _unknown(node)

    def paragraph(self, inline: SyntaxTreeNode) -> Iterator[str]:
        """Yield a paragraph, parted by its long formulas; one takes along the punctuation that closes it."""
        running = ""
        closing = ""
        for node in inline.children:
            if node.type == "math_inline" and len(node.content) > _LONG:
                if running.strip():
                    yield running.strip()
                held, running = node.content, ""
                following = node.next_sibling
                found = _CLOSING.match(following.content) if following is not None else None
                closing = found[0] if found else ""
                yield _displayed(held + closing)
            else:
                running += self.span(node, without=closing)
                closing = ""
        if running.strip():
            yield running.strip()

    def inline(self, parent: SyntaxTreeNode) -> str:
        """Return what is below `parent`, in running text."""
        return "".join(map(self.span, parent.children))

    def span(self, node: SyntaxTreeNode, without: str = "") -> str:
        """Return one span; a call ends with a semicolon, so that what follows does not continue it."""
        match node.type:
            case "text":
                return _MENTIONED.sub(self.mention, text(node.content.removeprefix(without)))
            case "math_inline":
                formula = typst_math.typst(node.content)
                # Typst sets cases in running text too small to read.
                return f"$display({formula})$" if self.large or "cases(" in formula else f"${formula}$"
            case "softbreak":
                return "\n"
            case "strong":
                return f"#strong[{self.inline(node)}];"
            case "em":
                return f"#emph[{self.inline(node)}];"
            case "code_inline":
                return f"#raw({string(node.content)});"
            case "link":
                return f"#link({string(str(node.attrs['href']))})[{self.inline(node)}];"
            case _:
                raise _unknown(node)

    def mention(self, found: re.Match[str]) -> str:
        """Return the ID of a result as a link to its section, where there is one."""
        id = found[0].replace("\\", "")
        return f"#link(<{id}>)[{found[0]}];" if id in self.known else found[0]


def _displayed(latex: str) -> str:
    return f"#formula({_formula.data(latex.strip())})"


def _unknown(node: SyntaxTreeNode) -> BadResult:
    return BadResult(f"Markdown that no PDF can show: {node.type} {node.content}".rstrip())
