"""A result as a LaTeX document of its own, which compiles with the AMS packages alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gainderive import catalog, notation
from gainderive.assumptions import Assumption
from gainderive.catalog import Published, Result, Withdrawn
from gainderive.derivation import Derivation
from gainderive.errors import BadResult
from gainderive.render.steps import formulas
from gainderive.tex import sentence

_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb}
\usepackage[a4paper,margin=22mm]{geometry}
\usepackage[hidelinks]{hyperref}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6em}"""


def document(published: Published) -> str:
    r"""Return the document: claim, assumptions, commentary, checked steps, sources, and how to cite.

    >>> from gainderive import catalog
    >>> print(document(catalog.result("GD-0005")).splitlines()[-1])
    \end{document}
    """
    body = _withdrawn(published) if isinstance(published, Withdrawn) else _result(published)
    head = [
        _PREAMBLE,
        rf"\title{{{sentence(published.title)}}}",
        rf"\author{{{sentence(catalog.AUTHORS)}}}",
        rf"\date{{Result {published.id}, {published.status}}}",
        r"\begin{document}",
        r"\maketitle",
    ]
    cited = _section("How to cite", sentence(catalog.cite(published.id, "text")))
    return "\n".join([*head, *body, *cited, r"\end{document}"]) + "\n"


def _result(result: Result) -> list[str]:
    derivation = result.derivation
    return [
        *_section("Claim", _display(notation.line(derivation.claim))),
        *_section("Assumptions", _items(map(_assumption, derivation.assumptions))),
        *_section("In words", markdown(result.commentary)),
        *_section("Derivation", _steps(derivation)),
        *_section("Sources", _items(sentence(s.text) + _link(s.link) for s in derivation.sources)),
    ]


def _withdrawn(entry: Withdrawn) -> list[str]:
    return _section("Why it was withdrawn", markdown(entry.says))


def _section(title: str, body: str) -> list[str]:
    return [rf"\section*{{{title}}}", body] if body else []


def _display(formula: str) -> str:
    return f"\\[\n{formula}\n\\]"


def _items(items: Iterable[str]) -> str:
    lines = [rf"\item {item}" for item in items]
    return "\n".join([r"\begin{itemize}", *lines, r"\end{itemize}"]) if lines else ""


def _assumption(assumption: Assumption) -> str:
    failing = rf" \emph{{If it fails:}} {sentence(assumption.otherwise)}" if assumption.otherwise else ""
    return f"{sentence(assumption.text)}.{failing}".replace("..", ".")


def _link(address: str) -> str:
    return rf", \url{{{address}}}" if address else ""


def _steps(derivation: Derivation) -> str:
    given, *reached = formulas(derivation)
    parts = [_display(given.latex)]
    for number, (step, formula) in enumerate(zip(derivation.shown(), reached, strict=True), start=1):
        name = sentence(f"{step.name[:1].upper()}{step.name[1:]} ({step.verdict})")
        parts += [
            rf"\textbf{{{number}. {name}.}} {markdown(step.explanation)} \emph{{Checked:}} {markdown(step.checked)}",
            _display(formula.latex),
            *([formula.remark] if formula.remark else []),
        ]
    return "\n\n".join(parts)


# -- Markdown --------------------------------------------------------------------------------


def markdown(text: str) -> str:
    r"""Return Markdown with formulas between dollar signs as LaTeX.

    >>> print(markdown("The *second moment* $E z^2$, not `var`: 50 %."))
    The \emph{second moment} $E z^2$, not \texttt{var}: 50 \%.

    Raises
    ------
    BadResult
        For a construction of Markdown that has no counterpart here, such as a table.
    """
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    tokens = MarkdownIt("commonmark").use(dollarmath_plugin).parse(text.strip())
    return _written(tokens).strip()


def _written(tokens: Iterable[Any]) -> str:
    parts = []
    for token in tokens:
        if token.type not in _FORMS:
            raise BadResult(f"{token.type.replace('_', ' ')} in a result's text has no form in its LaTeX document")
        parts.append(_FORMS[token.type](token))
    return "".join(parts)


_FORMS: dict[str, Callable[[Any], str]] = {
    "inline": lambda token: _written(token.children or ()),
    "text": lambda token: sentence(token.content),
    "softbreak": lambda _: "\n",
    "hardbreak": lambda _: "\\\\\n",
    "code_inline": lambda token: rf"\texttt{{{sentence(token.content)}}}",
    "em_open": lambda _: r"\emph{",
    "em_close": lambda _: "}",
    "strong_open": lambda _: r"\textbf{",
    "strong_close": lambda _: "}",
    "link_open": lambda token: rf"\href{{{sentence(str(token.attrs['href']))}}}{{",
    "link_close": lambda _: "}",
    "math_inline": lambda token: f"${token.content}$",
    "math_block": lambda token: f"{_display(token.content.strip())}\n\n",
    "paragraph_open": lambda _: "",
    "paragraph_close": lambda token: "\n" if token.hidden else "\n\n",
    "bullet_list_open": lambda _: "\\begin{itemize}\n",
    "bullet_list_close": lambda _: "\\end{itemize}\n\n",
    "ordered_list_open": lambda _: "\\begin{enumerate}\n",
    "ordered_list_close": lambda _: "\\end{enumerate}\n\n",
    "list_item_open": lambda _: r"\item ",
    "list_item_close": lambda _: "",
}
