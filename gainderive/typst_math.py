r"""LaTeX formulas as Typst mathematics: strictly, so that what is not understood is an error and never a wrong formula.

The LaTeX is that of :mod:`gainderive.notation` and of authors who write between dollar signs: letters, scripts,
fractions, roots, named functions, delimiters that grow, cases and systems. A formula that is too long for a line is
also given as the pieces between which it may be broken.

>>> typst(r"g = \sqrt{\frac{2}{a^{2} + 1}}")
'g = sqrt(frac(2, a^(2) + 1))'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from gainderive.errors import BadResult


@dataclass(frozen=True)
class Piece:
    """A part of a formula that stays on one line where it fits; `inner` are its own pieces, for where it does not."""

    markup: str
    inner: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of a formula: what stands left of its first relation, and the pieces from there on."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]


def typst(formula: str) -> str:
    r"""Return a formula as Typst mathematics, without the dollar signs.

    Raises
    ------
    BadResult
        For LaTeX that is not understood; the message names the place and the formula.

    Examples
    --------
    >>> typst(r"\mathbb{E}\left[\phi(z)^2\right] \leq \tfrac12")
    'bb(E) [phi.alt paren.l z paren.r^(2)] <= inline(frac(1, 2))'
    """
    return _joined(_Reader(formula).whole())


def lines(formula: str) -> tuple[Line, ...]:
    r"""Return the lines of a formula as pieces between which they may be broken; a system has several lines.

    >>> [line] = lines(r"a = b + \left(c - d\right)")
    >>> [piece.markup for piece in line.left], [piece.markup for piece in line.right]
    (['a'], ['= b', '+ (c - d)'])
    >>> len(lines(r"\left\{\begin{aligned}a &= b \\ c &= d\end{aligned}\right."))
    2
    """
    nodes = _Reader(formula).whole()
    (first, *rest) = nodes
    if isinstance(first, _System) and not rest:
        return tuple(_line(row) for row in first.rows)
    return (_line(nodes),)


# -- what a formula is made of ---------------------------------------------------------------


class _Kind(Enum):
    """What an atom is to its neighbours: a line may be broken before an operator or a relation."""

    ORDINARY = "ordinary"
    OPENING = "opening"
    CLOSING = "closing"
    OPERATOR = "operator"
    RELATION = "relation"
    ALIGNMENT = "alignment"


@dataclass(frozen=True)
class _Atom:
    """What is never broken."""

    markup: str
    kind: _Kind = _Kind.ORDINARY
    tall: bool = False
    """Whether it is taller than a line, as a fraction is."""
    scripted: bool = False
    """Whether it carries primes, an exponent or an index already."""


@dataclass(frozen=True)
class _Fence:
    """Delimiters that grow around a body, with the primes and scripts that stand at the closing one."""

    left: str
    right: str
    body: tuple[_Node, ...]
    scripts: str = ""
    kind = _Kind.ORDINARY

    @property
    def markup(self) -> str:
        if (self.left, self.right) in _GROWING:
            ends = _GROWING[self.left, self.right]
            return f"{ends[0]}{_joined(self.body)}{ends[1]}{self.scripts}"
        return f"lr({_joined((_Atom(self.left), *self.body, _Atom(self.right)))}){self.scripts}"

    @property
    def tall(self) -> bool:
        return any(node.tall for node in self.body)

    @property
    def scripted(self) -> bool:
        return bool(self.scripts)


@dataclass(frozen=True)
class _Fraction:
    """A fraction, and how it is written: ``frac({}, {})``."""

    over: tuple[_Node, ...]
    under: tuple[_Node, ...]
    form: str
    kind = _Kind.ORDINARY
    scripted = True

    @property
    def markup(self) -> str:
        return self.form.format(_joined(self.over), _joined(self.under))

    @property
    def tall(self) -> bool:
        return not self.form.startswith("inline")

    @property
    def flat(self) -> tuple[_Node, ...]:
        """The same on one line."""
        return (_fenced(self.over), _OVER, _fenced(self.under))


@dataclass(frozen=True)
class _Root:
    """A square root."""

    of: tuple[_Node, ...]
    kind = _Kind.ORDINARY
    scripted = False
    tall = True

    @property
    def markup(self) -> str:
        return f"sqrt({_joined(self.of)})"

    @property
    def flat(self) -> tuple[_Node, ...]:
        """The same as a power."""
        return (_Fence("paren.l", "paren.r", self.of, r"^(1 \/ 2)"),)


_OVER = _Atom(r"\/")
"""The stroke of a fraction that is written on one line; a line may be broken before it."""


def _fenced(nodes: tuple[_Node, ...]) -> _Node:
    return nodes[0] if len(nodes) == 1 else _Fence("paren.l", "paren.r", nodes)


@dataclass(frozen=True)
class _System:
    """Lines one below another, aligned; with a brace at their left where they hold together."""

    rows: tuple[tuple[_Node, ...], ...]
    brace: bool = False
    displayed: bool = True
    """Whether fractions in it are as large as displayed ones, unlike those in cases."""
    kind = _Kind.ORDINARY
    tall = True
    scripted = False

    @property
    def markup(self) -> str:
        if self.brace:
            return f"cases({', '.join(' & '.join(map(self._cell, _cells(row))) for row in self.rows)})"
        return " \\\n".join(map(_joined, self.rows))

    def _cell(self, cell: Sequence[_Node]) -> str:
        return f"display({_joined(cell)})" if self.displayed and any(node.tall for node in cell) else _joined(cell)


def _cells(row: Iterable[_Node]) -> list[list[_Node]]:
    """Return what stands between the marks at which rows are aligned."""
    cells: list[list[_Node]] = [[]]
    for node in row:
        if node.kind is _Kind.ALIGNMENT:
            cells.append([])
        else:
            cells[-1].append(node)
    return cells


_Node = _Atom | _Fence | _Fraction | _Root | _System


def _joined(nodes: Iterable[_Node]) -> str:
    """Return the markup of nodes in a row; Typst would show a space beside a quoted word."""
    row = ""
    for node in nodes:
        beside = row[-1:] in ("", '"') or node.markup[:1] in ("", '"')
        row += node.markup if beside else f" {node.markup}"
    return row


# -- where a line may be broken --------------------------------------------------------------


def _line(nodes: Sequence[_Node]) -> Line:
    groups = _groups(_unaligned(nodes))
    relation = next((at for at, group in enumerate(groups) if group[0].kind is _Kind.RELATION), 0)
    left, right = (tuple(map(_piece, part)) for part in (groups[:relation], groups[relation:]))
    return Line(left, right)


def _unaligned(nodes: Sequence[_Node]) -> Iterator[_Node]:
    """Yield a row as a line by itself: a double mark, which parts columns, becomes a space."""
    for before, node in zip((None, *nodes), nodes, strict=False):
        if node.kind is not _Kind.ALIGNMENT:
            yield node
        elif before is not None and before.kind is _Kind.ALIGNMENT:
            yield _Atom("quad")


def _groups(nodes: Iterable[_Node]) -> list[list[_Node]]:
    """Return a line cut before every relation, and before every operator between two terms."""
    groups: list[list[_Node]] = [[]]
    depth = 0
    for node in nodes:
        depth += (node.kind is _Kind.OPENING) - (node.kind is _Kind.CLOSING)
        # After a relation or another operator a sign belongs to its term: a = -b.
        between = groups[-1] and groups[-1][-1].kind not in _BREAKING
        if depth == 0 and between and node.kind in _BREAKING:
            groups.append([])
        groups[-1].append(node)
    return groups


_BREAKING = (_Kind.RELATION, _Kind.OPERATOR)


def _piece(group: Sequence[_Node]) -> Piece:
    return Piece(_joined(group), _opened(group))


def _opened(group: Sequence[_Node]) -> tuple[Piece, ...]:
    """Return the pieces of a term whose fences are opened, their ends in a fixed size.

    Where a term has none a root and a fraction become fences: ``(a + b)^(1/2)`` and ``(a + b) / (c + d)``.
    """
    while not any(isinstance(node, _Fence) for node in group):
        flat = [part for node in group for part in (node.flat if isinstance(node, _Fraction | _Root) else (node,))]
        if flat == list(group):
            return ()
        group = flat
    found: list[Piece] = []
    run: list[_Node] = []
    for node in group:
        if node is _OVER and run:
            found.append(_piece(run))
            run = []
        if not isinstance(node, _Fence):
            run.append(node)
            continue
        size = "2.4em" if node.tall else "1.2em"
        opening, closing = (_Atom(f"lr(size: #{size}, {end})" if end else "") for end in (node.left, node.right))
        first, *rest = _groups(node.body)
        *middle, last = [[*run, opening, *first], *rest]
        found += map(_piece, middle)
        run = [*last, replace(closing, markup=closing.markup + node.scripts)]
    return (*found, _piece(run)) if found else _opened(run)


# -- reading ---------------------------------------------------------------------------------

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_GROWING = {("paren.l", "paren.r"): "()", ("bracket.l", "bracket.r"): "[]", ("brace.l", "brace.r"): "{}"}
_DELIMITERS = {
    "(": "paren.l",
    ")": "paren.r",
    "[": "bracket.l",
    "]": "bracket.r",
    r"\{": "brace.l",
    r"\}": "brace.r",
    r"\lfloor": "floor.l",
    r"\rfloor": "floor.r",
    r"\lceil": "ceil.l",
    r"\rceil": "ceil.r",
    "|": "bar.v",
    r"\|": "bar.v.double",
    ".": "",
}
_NAMED = """
    alpha beta gamma delta zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon chi psi omega
    Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega partial nabla top forall exists
    arccos arcsin arctan arg cos cosh cot coth csc det dim exp gcd inf lim ln log max min sec sin sinh sup tan tanh
"""
"""What both languages call alike."""
_ORDINARY = {rf"\{name}": name for name in _NAMED.split()} | {
    r"\phi": "phi.alt",
    r"\varphi": "phi",
    r"\epsilon": "epsilon.alt",
    r"\varepsilon": "epsilon",
    r"\infty": "infinity",
    r"\ldots": "dots",
    r"\dots": "dots",
    r"\cdots": "dots.c",
    r"\,": "thin",
    r"\:": "med",
    r"\;": "thick",
    r"\ ": "space",
    r"\quad": "quad",
    r"\qquad": "wide",
    r"\%": "%",
    "~": "space.nobreak",
    ",": r"\,",
    ";": r"\;",
    ":": r"\:",
    "/": r"\/",
    ".": ".",
    "!": "!",
}
_LARGE = {r"\sum": "sum", r"\prod": "product", r"\int": "integral"}
_OPERATORS = {
    "+": "+",
    "-": "-",
    "*": "ast.op",
    r"\pm": "plus.minus",
    r"\mp": "minus.plus",
    r"\cdot": "dot",
    r"\times": "times",
    r"\odot": "dot.o",
    r"\circ": "compose",
}
_RELATIONS = {
    "=": "=",
    "<": "<",
    ">": ">",
    r"\le": "<=",
    r"\leq": "<=",
    r"\ge": ">=",
    r"\geq": ">=",
    r"\ne": "eq.not",
    r"\neq": "eq.not",
    r"\approx": "approx",
    r"\sim": "tilde.op",
    r"\propto": "prop",
    r"\in": "in",
    r"\notin": "in.not",
    r"\ll": "<<",
    r"\gg": ">>",
    r"\to": "arrow.r",
    r"\mapsto": "arrow.r.bar",
}
_FRACTIONS = {
    r"\frac": "frac({}, {})",
    r"\tfrac": "inline(frac({}, {}))",
    r"\dfrac": "display(frac({}, {}))",
}
_AROUND = {
    r"\mathbb": "bb({})",
    r"\mathcal": "cal({})",
    r"\mathbf": "upright(bold({}))",
    r"\hat": "hat({})",
    r"\bar": "macron({})",
    r"\tilde": "tilde({})",
    r"\overline": "overline({})",
}
"""Commands and what they put around their argument."""


class _Reader:
    """Reads one formula from left to right."""

    def __init__(self, formula: str) -> None:
        self.formula = formula
        self.tokens = [(match[0], match.start()) for match in _TOKEN.finditer(formula) if not match[0].isspace()]
        self.at = 0

    @property
    def token(self) -> str:
        """The next token; empty at the end."""
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def refused(self, why: str) -> BadResult:
        """Return the error that names the formula, and the place that was reached."""
        place = self.tokens[self.at][1] if self.at < len(self.tokens) else len(self.formula)
        return BadResult(f"a formula that Typst cannot show: {why} at character {place + 1} of {self.formula}")

    def take(self, wanted: str = "") -> str:
        """Return the next token, which has to be the `wanted` one if one is named, and go on."""
        token = self.token
        if not token or (wanted and token != wanted):
            raise self.refused(f"{wanted or 'something'} is missing")
        self.at += 1
        return token

    def whole(self) -> tuple[_Node, ...]:
        """Read to the end."""
        nodes = self.sequence()
        if self.token:
            raise self.refused(f"{self.token} closes nothing")
        if not nodes:
            raise self.refused("everything is missing")
        return nodes if len(nodes) == 1 else self.in_a_row(nodes)

    def in_a_row(self, nodes: tuple[_Node, ...]) -> tuple[_Node, ...]:
        """Return nodes that are on one line; a system without a brace is a formula of its own."""
        if any(isinstance(node, _System) and not node.brace for node in nodes):
            raise self.refused("a system without a brace stands inside of something")
        return nodes

    def sequence(self) -> tuple[_Node, ...]:
        """Read up to what ends a group, a fence, a cell or a row, which is left."""
        nodes: list[_Node] = []
        while self.token not in ("", "}", "&", r"\\", r"\right", r"\end"):
            nodes += self.scripted(self.atoms())
        return tuple(nodes)

    def group(self) -> tuple[_Node, ...]:
        """Read what stands between braces."""
        self.take("{")
        nodes = self.in_a_row(self.sequence())
        self.take("}")
        return nodes

    def argument(self) -> tuple[_Node, ...]:
        """Read the argument of a command: a group, or one token; of a number its first digit."""
        if self.token == "{":
            return self.group()
        if self.token[:1].isdigit():
            number, place = self.tokens[self.at]
            rest = [(number[1:], place + 1)] if number[1:] else []
            self.tokens[self.at : self.at + 1] = [(number[0], place), *rest]
        return self.atoms()

    def word(self) -> str:
        """Read an argument that is text, spaces included."""
        start = self.tokens[self.at][1] if self.token else len(self.formula)
        found = re.match(r"\{((?:[\w .,;:()=/+*'-]|\\_)+)\}", self.formula[start:])
        if found is None:
            raise self.refused("plain text between braces is missing")
        while self.token and self.tokens[self.at][1] < start + found.end():
            self.at += 1
        return found[1].replace(r"\_", "_")

    def scripted(self, base: tuple[_Node, ...]) -> tuple[_Node, ...]:
        """Attach the primes and scripts that follow to `base`."""
        primes, scripts = "", dict[str, str]()
        while self.token in ("'", "^", "_"):
            sign = self.take()
            if sign == "'":
                primes += sign
            elif sign in scripts:
                raise self.refused(f"a second {sign} stands")
            else:
                scripts[sign] = _joined(self.argument())
        if not primes and not scripts:
            return base
        if len(base) == 1 and not base[0].scripted and isinstance(base[0], _Atom | _Fence | _Root):
            shown = primes + "".join(f"{sign}({scripts[sign]})" for sign in ("_", "^") if sign in scripts)
            if isinstance(base[0], _Fence):
                return (replace(base[0], scripts=shown),)
            return (_Atom(base[0].markup + shown, base[0].kind, base[0].tall, scripted=True),)
        above = " ".join([*(["prime"] * len(primes)), *([scripts["^"]] if "^" in scripts else [])])
        sides = [f"t: {above}"] if above else []
        sides += [f"b: {scripts['_']}"] if "_" in scripts else []
        return (_Atom(f"attach({', '.join([_joined(base), *sides])})", tall=any(node.tall for node in base)),)

    def atoms(self) -> tuple[_Node, ...]:
        """Read what one token begins; a group is all that is in it."""
        if self.token == "{":
            return self.group()
        token = self.take()
        if token in _FRACTIONS:
            return (_Fraction(self.argument(), self.argument(), _FRACTIONS[token]),)
        if token in _AROUND:
            return (_Atom(_AROUND[token].format(_joined(self.argument()))),)
        if token in _LARGE:
            return (self.large(_LARGE[token]),)
        match token:
            case r"\left":
                return (self.fence(),)
            case r"\begin":
                return (self.environment(),)
            case r"\sqrt":
                return (self.root(),)
            case r"\operatorname" | r"\mathrm" | r"\text":
                return (self.named(token),)
        return (self.simple(token),)

    def simple(self, token: str) -> _Atom:
        """Return what a token alone stands for."""
        if token in _OPERATORS:
            return _Atom(_OPERATORS[token], _Kind.OPERATOR)
        if token in _RELATIONS:
            return _Atom(_RELATIONS[token], _Kind.RELATION)
        if token in _ORDINARY:
            return _Atom(_ORDINARY[token])
        if token in _DELIMITERS:
            named = _DELIMITERS[token]
            kind = {".l": _Kind.OPENING, ".r": _Kind.CLOSING}.get(named[-2:])
            # A bar by itself is a letter to LaTeX, and a relation to Typst.
            return _Atom(named, kind) if kind else _Atom(f'class("normal", {named})')
        if token.isascii() and token[0].isalnum():
            return _Atom(token)
        self.at -= 1
        raise self.refused(f"{token} is not understood")

    def large(self, sign: str) -> _Atom:
        r"""Read what may stand after the sign of a sum or an integral: ``\limits``."""
        if self.token == r"\limits":
            self.take()
            return _Atom(f"limits({sign})", tall=True)
        return _Atom(sign, tall=True)

    def root(self) -> _Node:
        """Read a root's degree, if there is one, and what it is taken of."""
        if self.token != "[":
            return _Root(self.argument())
        self.take()
        degree = _joined(self.argument())
        self.take("]")
        return _Atom(f"root({degree}, {_joined(self.argument())})", tall=True)

    def named(self, command: str) -> _Atom:
        """Read a name in upright letters: of a function, or text between formulas."""
        place, word = self.at, ""
        try:
            word = self.word()
        except BadResult:
            if command == r"\text":
                raise
            self.at = place
            return _Atom(f"upright({_joined(self.argument())})")
        return _Atom(f'"{word}"' if command == r"\text" else f'op("{word}")')

    def fence(self) -> _Node:
        r"""Read a fence from behind its ``\left``."""
        left = self.delimiter()
        body = self.sequence()
        self.take(r"\right")
        right = self.delimiter()
        if len(body) == 1 and isinstance(body[0], _System) and (left, right) == ("brace.l", ""):
            return replace(body[0], brace=True)
        return _Fence(left, right, self.in_a_row(body))

    def delimiter(self) -> str:
        """Read a delimiter of a fence."""
        if self.token not in _DELIMITERS:
            raise self.refused("a delimiter is missing")
        return _DELIMITERS[self.take()]

    def environment(self) -> _Node:
        r"""Read cases or aligned lines from behind their ``\begin``."""
        name = self.word()
        if name not in ("cases", "aligned"):
            raise self.refused(f"the environment {name} is not understood before the sign")
        rows: list[tuple[_Node, ...]] = [()]
        while self.token != r"\end":
            rows[-1] += self.in_a_row(self.sequence())
            if self.token == "&":
                self.take()
                rows[-1] += (_Atom("&", _Kind.ALIGNMENT),)
            elif self.token == r"\\":
                self.take()
                rows.append(())
            elif self.token != r"\end":
                raise self.refused(rf"\end{{{name}}} is missing")
        self.take(r"\end")
        if self.word() != name:
            raise self.refused(f"the end of {name} is missing")
        return _System(tuple(rows), brace=name == "cases", displayed=name == "aligned")
