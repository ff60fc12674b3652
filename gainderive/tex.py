r"""Sentences with Unicode mathematics as LaTeX: titles and assumptions are written for screens, and are printed too.

>>> print(sentence("The gain of Leaky ReLU with slope a is √(2 / (1 + a²))"))
The gain of Leaky ReLU with slope a is $\sqrt{2 / (1 + a^{2})}$
>>> print(sentence("Müller & Łukasz: fan_in · Var W → 1"))
M{\"u}ller \& {\L}ukasz: fan\_in $\cdot$ Var W $\to$ 1
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from gainderive.errors import BadResult

_ESCAPED = {c: rf"\{c}" for c in "&%#_${}"} | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}"}
_ESCAPED["^"] = r"\textasciicircum{}"
_IN_WORDS = {"–": "--", "—": "---", "…": r"\ldots{}", "“": "``", "”": "''", "‘": "`", "’": "'", "\u00a0": "~"}
_LETTERS = {"ß": r"{\ss}", "ø": r"{\o}", "Ø": r"{\O}", "ł": r"{\l}", "Ł": r"{\L}", "æ": r"{\ae}", "Æ": r"{\AE}"}
_LETTERS |= {"œ": r"{\oe}", "Œ": r"{\OE}", "ı": r"{\i}"}
_ACCENTS = {
    "GRAVE ACCENT": "`",
    "ACUTE ACCENT": "'",
    "CIRCUMFLEX ACCENT": "^",
    "TILDE": "~",
    "DIAERESIS": '"',
    "MACRON": "=",
    "DOT ABOVE": ".",
    "BREVE": "u ",
    "CARON": "v ",
    "DOUBLE ACUTE ACCENT": "H ",
    "RING ABOVE": "r ",
    "CEDILLA": "c ",
    "OGONEK": "k ",
}
_SIGNS = {
    "·": r"\cdot",
    "×": r"\times",
    "±": r"\pm",
    "−": "-",
    "≈": r"\approx",
    "≠": r"\neq",
    "≤": r"\leq",
    "≥": r"\geq",
    "→": r"\to",
    "∞": r"\infty",
    "∂": r"\partial",
    "⊙": r"\odot",
    "∎": r"\blacksquare",
    "<": "<",
    ">": ">",
    "|": "|",
    "‖": r"\|",
}
_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (\w+)")
_RADICAND = re.compile(r"[^\W_]+(?:_\w+)?")
_SYMBOL = re.compile(r"(?<![A-Za-z0-9_])[^\W\d_]_[A-Za-z0-9]+")
_NAME = re.compile(r"([^\W\d_]_[A-Za-z0-9]+|[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)?)")
_MATHEMATICS, _WORDS = True, False

_Piece = tuple[bool, str]


def sentence(text: str) -> str:
    """Return `text` as LaTeX that needs no package but amssymb: signs of mathematics between dollar signs.

    Raises
    ------
    BadResult
        For a character that has no known form in LaTeX.
    """
    runs = groupby(_pieces(text), key=lambda piece: piece[0])
    joined = ((kind, "".join(latex for _, latex in run)) for kind, run in runs)
    return "".join(f"${_tidy(latex)}$" if kind is _MATHEMATICS else latex for kind, latex in joined)


def _pieces(text: str) -> list[_Piece]:
    found: list[_Piece] = []
    at = opened = 0
    while at < len(text):
        if text[at] == "√":
            inside, at = _radicand(text, at + 1)
            found.append((_MATHEMATICS, rf"\sqrt{{{_tidy(_mathematics(inside))}}}"))
            continue
        symbol = _SYMBOL.match(text, at)
        if symbol is not None:
            found.append((_MATHEMATICS, _name(symbol[0])))
            at = symbol.end()
            continue
        if text[at] == '"':
            found.append((_WORDS, "''" if opened else "``"))
            opened = 1 - opened
        else:
            found.append(_character(text[at]))
        at += 1
    return found


def _radicand(text: str, start: int) -> tuple[str, int]:
    """Return what stands under a root that ends before `start`, and where the text goes on."""
    if text[start : start + 1] != "(":
        word = _RADICAND.match(text, start)
        if word is None:
            raise BadResult(f"nothing stands under the root in {text!r}")
        return word[0], word.end()
    depth = 0
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return text[start + 1 : at], at + 1
    raise BadResult(f"the bracket under the root is not closed in {text!r}")


def _mathematics(text: str) -> str:
    """Return `text` as it is written between dollar signs: names upright, what follows an underscore as a subscript."""
    return "".join(_name(part) if _NAME.fullmatch(part) else _signs(part) for part in _NAME.split(text))


def _name(name: str) -> str:
    stem, _, subscript = name.partition("_")
    if len(stem) > 1:
        return rf"\mathrm{{{sentence(name)}}}"
    if not subscript:
        return stem
    below = subscript if len(subscript) == 1 else rf"\mathrm{{{subscript}}}"
    return f"{_character(stem)[1].strip()}_{{{below}}}"


def _signs(text: str) -> str:
    return "".join(latex for _, latex in _pieces(text))


def _character(c: str) -> _Piece:
    name, decomposition = unicodedata.name(c, ""), unicodedata.decomposition(c)
    greek = _GREEK.fullmatch(name)
    if c in _SIGNS:
        return _MATHEMATICS, f"{_SIGNS[c]} "
    if greek:
        return _MATHEMATICS, f"{_greek(greek[1], greek[2])} "
    if decomposition.startswith(("<super>", "<sub>")):
        kind, *codes = decomposition.split()
        raised = "".join(chr(int(code, 16)) for code in codes)
        return _MATHEMATICS, f"{'^' if kind == '<super>' else '_'}{{{raised}}}"
    for known in (_ESCAPED, _IN_WORDS, _LETTERS):
        if c in known:
            return _WORDS, known[c]
    if c.isascii() and (c.isprintable() or c.isspace()):
        return _WORDS, c
    return _WORDS, _accented(c)


def _greek(case: str, name: str) -> str:
    name = {"LAMDA": "lambda", "FINAL": "varsigma"}.get(name, name.lower())
    return "\\" + (name.capitalize() if case == "CAPITAL" else name)


def _accented(c: str) -> str:
    decomposed = unicodedata.normalize("NFD", c)
    base = decomposed[0]
    for mark in decomposed[1:]:
        accent = _ACCENTS.get(unicodedata.name(mark).removeprefix("COMBINING "))
        if accent is None or not base.isascii():
            break
        # Over an i or j the dot makes way.
        dotless = rf"\{base}" if base in "ij" and accent not in ("c ", "k ") else base
        return rf"{{\{accent}{dotless}}}"
    raise BadResult(f"{c!r} ({unicodedata.name(c, 'without a name')}) has no known form in LaTeX")


def _tidy(latex: str) -> str:
    """Return a formula without the spaces that only part a command from what is no letter."""
    return re.sub(r"(\\[A-Za-z]+) (?![A-Za-z])", r"\1", latex).strip()
