r"""Slides as LaTeX source for the class beamer, for those who have TeX.

The topics are those of :mod:`gainderive.render.typst`: claim and assumptions, the derivation line by line, the evidence,
sources; what there is to say stands in ``\note``. Only what every TeX distribution has is used, and any of its engines
will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gainderive import __version__, notation
from gainderive.errors import BadResult
from gainderive.notation import Shown
from gainderive.render.markdown import tree, unknown
from gainderive.render.topic import Topic, headline

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_HEAD = r"""% Written by `gainderive slides`. For a second screen with the notes: \setbeameroption{show notes on second screen}
\documentclass[aspectratio=169]{beamer}
\usepackage[T1]{fontenc}
\usepackage{amsmath,amssymb,graphicx}
\setbeamertemplate{navigation symbols}{}
\newsavebox{\formula}
% A formula that is wider than its line becomes smaller.
\newcommand{\fitted}[1]{\sbox{\formula}{$\displaystyle #1$}%
  \ifdim\wd\formula>\linewidth\resizebox{\linewidth}{!}{\usebox{\formula}}\else\usebox{\formula}\fi}
"""
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: rf"\{sign}" for sign in "{}$&#%_"},
}
_MATHEMATICS = {
    "²": "^2",
    "³": "^3",
    "₁": "_1",
    "₂": "_2",
    "ᵀ": r"^{\top}",
    "·": r"\cdot",
    "×": r"\times",
    "±": r"\pm",
    "√": r"\surd",
    "∂": r"\partial",
    "⊙": r"\odot",
    "π": r"\pi",
    "φ": r"\varphi",
    "≤": r"\leq",
    "≥": r"\geq",
    "…": r"\ldots",
}
"""Signs that authors write in titles and sentences, and their LaTeX."""
_ACCENTED = re.compile(r"[À-ž]")
_LINES = 4
"""Lines of a derivation on one frame."""


def beamer(topics: Sequence[Topic], title: str = "") -> str:
    """Return slides on some topics as a LaTeX document.

    Raises
    ------
    BadResult
        For Markdown or a sign that it has no LaTeX for.

    Examples
    --------
    >>> from gainderive.render.topic import topic
    >>> beamer([topic("GD-0019")]).splitlines()[1]
    '\\\\documentclass[aspectratio=169]{beamer}'
    """
    frames = "\n\n".join(frame for topic in topics for frame in _frames(topic))
    named = rf"\title{{{text(headline(topics, title))}}}" + "\n" + rf"\subtitle{{gainderive {__version__}}}" + "\n\\date{}"
    first = "\\begin{frame}\n\\titlepage\n\\end{frame}"
    parts = [f"{_HEAD}{named}", r"\begin{document}", first, frames, *_closing(topics), r"\end{document}"]
    return "\n\n".join(parts) + "\n"


def text(plain: str) -> str:
    r"""Return plain text as LaTeX.

    >>> print(text("50 % of √2 a_1"))
    50 \% of \ensuremath{\surd}2 a\_1
    """
    return "".join(map(_sign, plain))


def _sign(sign: str) -> str:
    if sign in _MATHEMATICS:
        return rf"\ensuremath{{{_MATHEMATICS[sign]}}}"
    if not sign.isascii() and not _ACCENTED.fullmatch(sign):
        raise BadResult(f"no LaTeX is known for the sign {sign!r}; write it as a formula between dollar signs")
    return _SPECIAL.get(sign, sign)


def prose(markdown: str) -> str:
    r"""Return Markdown as LaTeX.

    >>> print(prose("**Half** of `x_1` is $\\sqrt 2$."))
    \textbf{Half} of \texttt{x\_1} is $\sqrt 2$.
    """
    return "\n\n".join(_blocks(tree(markdown)))


def _blocks(parent: SyntaxTreeNode) -> Iterator[str]:
    for node in parent.children:
        match node.type:
            case "paragraph":
                yield _inline(node.children[0])
            case "bullet_list" | "ordered_list":
                kind = "itemize" if node.type == "bullet_list" else "enumerate"
                items = "\n".join(rf"\item {' '.join(_blocks(item))}" for item in node.children)
                yield f"\\begin{{{kind}}}\n{items}\n\\end{{{kind}}}"
            case "math_block":
                yield rf"\fitted{{{node.content.strip()}}}"
            case _:
                raise unknown(node)


def _inline(parent: SyntaxTreeNode) -> str:
    return "".join(map(_span, parent.children))


def _span(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text":
            return text(node.content)
        case "math_inline":
            return f"${node.content}$"
        case "softbreak":
            return "\n"
        case "strong":
            return rf"\textbf{{{_inline(node)}}}"
        case "em":
            return rf"\emph{{{_inline(node)}}}"
        case "code_inline":
            return rf"\texttt{{{text(node.content)}}}"
        case "link":
            address = re.sub(r"([%#])", r"\\\1", str(node.attrs["href"]))
            return rf"\href{{{address}}}{{{_inline(node)}}}"
        case _:
            raise unknown(node)


# -- frames ----------------------------------------------------------------------------------


def _frames(topic: Topic) -> Iterator[str]:
    derivation = topic.derivation
    claim = rf"\begin{{block}}{{Claim ({topic.status})}}" + f"\n{_centred(notation.line(derivation.claim))}\n" + r"\end{block}"
    assumed = prose(notation.bullets(derivation.assumptions))
    yield _frame(topic.title, f"{claim}\n{assumed}", prose(topic.commentary))
    yield from _derivation(topic)
    rows = "\n".join(
        rf"{text(row.route)} & {text(row.value)} & {text(row.error)} & {text(row.verdict)} \\"
        for row in topic.verification.rows
    )
    table = (
        "\\resizebox{\\linewidth}{!}{\\begin{tabular}{llll}\n"
        rf"Route & Value & Error & Verdict \\ \hline" + f"\n{rows}\n" + r"\end{tabular}}"
    )
    how = notation.bullets(f"{row.route}: {row.note}" for row in topic.verification.rows if row.note)
    yield _frame(f"{topic.label}: evidence", f"{table}\n\n\\medskip\n{prose(topic.torch)}".rstrip(), prose(how))


def _derivation(topic: Topic) -> Iterator[str]:
    """Yield the derivation, a few lines a frame; each frame begins with the last line of the one before."""
    steps = topic.derivation.shown()
    before = notation.line(topic.derivation.given)
    for start in range(0, len(steps), _LINES):
        some = steps[start : start + _LINES]
        shown = [_centred(before)]
        reasons = []
        for overlay, step in enumerate(some, start=2):
            shown.append(rf"\onslide<{overlay}->{{{_centred(notation.follows(step.line))}}}")
            reasons.append(_reason(overlay, start + overlay - 1, step))
        body = "\n\n\\medskip\n".join(shown) + "\n\n\\vfill\n" + "\n".join(reasons)
        said = "\n\n".join(prose(notation.reason(step)) for step in some)
        yield _frame(f"{topic.label}: derivation", body, said)
        before = notation.follows(some[-1].line)


def _reason(overlay: int, number: int, step: Shown) -> str:
    return rf"\only<{overlay}>{{{number}. {prose(notation.reason(step))} \hfill\emph{{{text(step.verdict)}}}}}"


def _centred(formula: str) -> str:
    return rf"{{\centering\fitted{{{formula}}}\par}}"


def _frame(title: str, body: str, note: str) -> str:
    said = f"\n\\note{{{note}}}" if note else ""
    return f"\\begin{{frame}}{{{text(title)}}}\n{body}{said}\n\\end{{frame}}"


def _closing(topics: Sequence[Topic]) -> Iterator[str]:
    sources = tuple(dict.fromkeys(str(source) for topic in topics for source in topic.derivation.sources))
    if sources:
        yield _frame("Sources", f"\\footnotesize\n{prose(notation.bullets(sources))}", "")
    cited = [f"{topic.label}: {topic.title}. gainderive {__version__}." for topic in topics if topic.result is not None]
    if cited:
        yield _frame("How to cite", prose(notation.bullets(cited)), "")
