"""Pieces of Markdown (MyST) that several kinds of page share: links, sections, tables, numbers.

Links to results and to activations are roles, so that a page may lie anywhere and a broken one stops the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sympy import Expr

from gainderive import notation
from gainderive.criteria import Criterion
from gainderive.errors import GainderiveError, SeveralGains
from gainderive.facade import Entry, Gain, Gains

MOST_OPERATIONS = 12
"""Operations up to which a closed form fits into a table."""
# Code, with the roles in it, and the words of a link stay as they are.
_MENTIONED = re.compile(r"(?P<kept>`[^`]*`|\[[^\]]*\]\([^)]*\))|(?<![\w/-])(?P<id>GD-\d{4})(?!\w)")


def linked(text: str, own: str = "") -> str:
    """Return Markdown in which every mentioned result is a link, except the page's own.

    >>> linked("By GD-0001 and GD-0005; `cite GD-0002`.", "GD-0005")
    'By {gd}`GD-0001` and GD-0005; `cite GD-0002`.'
    """
    return _MENTIONED.sub(lambda m: m[0] if m["kept"] or m["id"] == own else f"{{gd}}`{m['id']}`", text)


def link(entry: Entry, words: str = "") -> str:
    """Return the link to the page of an activation or unit.

    >>> from gainderive import units
    >>> link(units.named("relu")), link(units.named("glu"), "GLU")
    ('{activation}`relu`', '{activation}`GLU <glu>`')
    """
    return f"{{activation}}`{words} <{entry.name}>`" if words else f"{{activation}}`{entry.name}`"


def section(title: str, body: str) -> list[str]:
    """Return a section's heading and body; nothing where the body is empty."""
    return [f"## {title}", body] if body else []


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return a Markdown table.

    >>> print(table(("a", "b"), [("1", "x|y")]))
    | a | b |
    |---|---|
    | 1 | x\|y |
    """
    lines = [head, *rows]
    cells = [[cell.replace("|", r"\|").replace("\n", " ") for cell in line] for line in lines]
    drawn = [f"| {' | '.join(line)} |" for line in cells]
    return "\n".join([drawn[0], "|" + "---|" * len(head), *drawn[1:]])


def gains_table(gains: Gains) -> str:
    """Return the table of five gains as Markdown."""
    rows = ((f"`{criterion}`", Criterion(criterion).meaning, *_answer(gains[criterion])) for criterion in gains)
    return table(("Criterion", "Condition in words", "Gain", "Status"), rows)


def _answer(answer: Gain | GainderiveError) -> tuple[str, str]:
    if isinstance(answer, Gain):
        return f"${number(answer.exact, answer.value)}$", f"`{answer.status}`"
    if isinstance(answer, SeveralGains) and answer.roots:
        shown = ", ".join(f"${number(root.exact, root.value)}$" for root in answer.roots)
        return f"{len(answer.roots)} solutions: {shown}", f"`{min(root.status for root in answer.roots)}`"
    return str(answer), "none"


def number(exact: Expr | None, value: float | None) -> str:
    r"""Return a closed form that is short enough for a table, and ten digits of its value, as LaTeX.

    >>> from sympy import Rational, sqrt
    >>> number(sqrt(2), 2**0.5), number(Rational(1, 2), 0.5), number(None, 1.5925374197228315)
    ('\\sqrt{2} \\approx 1.414213562', '\\frac{1}{2}', '\\approx 1.59253742')
    """
    decimal = "" if value is None else rf"\approx {value:.10g}"
    if exact is None:
        return decimal
    if exact.is_Rational or (not decimal and exact.count_ops() <= MOST_OPERATIONS):
        return notation.latex(exact)
    return f"{notation.latex(exact)} {decimal}" if exact.count_ops() <= MOST_OPERATIONS else decimal
