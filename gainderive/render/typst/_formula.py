"""LaTeX as formulas of the Typst templates, which break or shrink what is too long for its line."""

from __future__ import annotations

from collections.abc import Iterable

from gainderive import typst_math
from gainderive.typst_math import Piece

_SHORT = 60
"""Characters of Typst up to which a formula fits any line, so that its pieces are not told."""


def data(latex: str) -> str:
    r"""Return a formula as the dictionary of the template: the whole, and the pieces of its lines.

    >>> data("a = b")
    '(whole: $a = b$, lines: ())'

    Raises
    ------
    BadResult
        For LaTeX that is not understood.
    """
    whole = typst_math.typst(latex)
    if len(whole) <= _SHORT:
        return f"(whole: {_math(whole)}, lines: ())"
    lines = (f"(left: {_pieces(line.left)}, right: {_pieces(line.right)})" for line in typst_math.lines(latex))
    return f"(whole: {_math(whole)}, lines: {array(lines)})"


def array(items: Iterable[str]) -> str:
    """Return an array of Typst; one of a single item needs its comma.

    >>> array(["1"]), array([])
    ('(1,)', '()')
    """
    return f"({''.join(f'{item}, ' for item in items).removesuffix(' ')})"


def _pieces(pieces: tuple[Piece, ...]) -> str:
    return array(f"(body: {_math(piece.markup)}, inner: {_pieces(piece.inner)})" for piece in pieces)


def _math(markup: str) -> str:
    return f"${markup}$"
