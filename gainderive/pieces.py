r"""Split a real function at its kinks and jumps into pieces without case distinctions.

``Piecewise``, ``Abs``, ``Max``, ``Min``, ``sign`` and ``Heaviside`` switch where a real function of
``x`` changes sign. :func:`pieces` finds these points exactly (in closed form, also with symbolic
coefficients, or as certified zeros, see :mod:`gainderive.zeros`) and resolves every switch on every
interval between them, innermost first. Values *at* a breakpoint are left out: they have measure zero.

>>> from sympy import Abs, Max
>>> from gainderive.symbols import x
>>> pieces(Max(x, 0) ** 2)
(Piece(lower=-oo, upper=0, expr=0), Piece(lower=0, upper=oo, expr=x**2))
>>> [str(p.lower) for p in pieces(Abs(x**2 - 2))]
['-oo', '-sqrt(2)', 'sqrt(2)']
>>> from sympy import cos
>>> pieces(Max(x, cos(x)))
(Piece(lower=-oo, upper=zero(x - cos(x), 0.739), expr=cos(x)), Piece(lower=zero(x - cos(x), 0.739), upper=oo, expr=x))
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from flint import arb
from sympy import (
    Abs,
    And,
    Basic,
    DiracDelta,
    Expr,
    Max,
    Min,
    Not,
    Or,
    Piecewise,
    Rational,
    S,
    Symbol,
    factor_terms,
    limit,
    oo,
    sign,
    simplify,
)
from sympy.core.relational import Equality, Relational, Unequality
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from gainderive import symbols
from gainderive.balls import evaluate, rational_midpoint, sign_of, working_precision
from gainderive.errors import BadExpression, Undecided
from gainderive.gaussian import SWITCHES
from gainderive.zeros import sign_changes

_BITS = 64
"""Bits with which points are put in order; where they do not suffice, the pair is looked at more closely."""


@dataclass(frozen=True)
class Piece:
    """The expression `expr` on the open interval ``(lower, upper)``."""

    lower: Expr
    upper: Expr
    expr: Expr


@dataclass(frozen=True)
class Breakpoint:
    """A point where the expression changes, with its one-sided values.

    `jump` is the value to the right less the value to the left (0 at a kink);
    `slopes` holds the one-sided derivatives.
    """

    at: Expr
    jump: Expr
    slopes: tuple[Expr, Expr]

    @property
    def is_jump(self) -> bool:
        """Whether the function itself (not only its derivative) is discontinuous."""
        return bool(self.jump != 0)

    @property
    def is_kink(self) -> bool:
        """Whether the function is continuous and its derivative jumps."""
        return not self.is_jump and bool((self.slopes[1] - self.slopes[0]).simplify() != 0)


@lru_cache(maxsize=1024)
def pieces(
    expr: Expr, x: Symbol = symbols.x, merge: bool = True, lower: Expr = -oo, upper: Expr = oo
) -> tuple[Piece, ...]:
    """Return the pieces of `expr` in ascending order; neighbours with one expression are merged if `merge`.

    Of functions with infinitely many kinks those between finite ends `lower` and `upper` can be found.

    Raises
    ------
    Undecided
        When a switch's zeros, or the order of two breakpoints, cannot be found exactly.
    """
    found = _resolve(Piece(lower, upper, expr), x)
    return _merged(list(found)) if merge else tuple(found)


def breakpoints(expr: Expr, x: Symbol = symbols.x) -> tuple[Breakpoint, ...]:
    """Return the points where `expr` may fail to be smooth, with its one-sided values and slopes.

    >>> from gainderive.symbols import x
    >>> breakpoints(Max(x, 0))[0].slopes
    (0, 1)
    """
    parts = pieces(expr, x)
    found = []
    for left, right in itertools.pairwise(parts):
        at = right.lower
        jump = _value(right.expr, x, at, "+") - _value(left.expr, x, at, "-")
        slopes = (_value(left.expr.diff(x), x, at, "-"), _value(right.expr.diff(x), x, at, "+"))
        found.append(Breakpoint(at, jump.simplify(), slopes))
    return tuple(found)


def derivative(expr: Expr, x: Symbol = symbols.x) -> Expr:
    """Return the almost-everywhere derivative of `expr`, as one piecewise expression.

    Where there are infinitely many kinks, or they are not found, the chain rule is applied to the switches instead.

    >>> from gainderive.symbols import x
    >>> derivative(Max(x, 0))
    Piecewise((0, x < 0), (1, True))
    >>> from sympy import sin
    >>> derivative(Abs(sin(x)))
    cos(x)*sign(sin(x))
    """
    try:
        parts = pieces(expr, x)
    except Undecided:
        return expr.diff(x).replace(DiracDelta, lambda *_: S.Zero)
    return assembled(tuple(Piece(p.lower, p.upper, p.expr.diff(x)) for p in parts), x)


def assembled(parts: tuple[Piece, ...], x: Symbol = symbols.x) -> Expr:
    """Return the ``Piecewise`` (or the plain expression) whose pieces are `parts`."""
    parts = _merged(list(parts))
    if len(parts) == 1:
        return parts[0].expr
    return Piecewise(*[(p.expr, x < p.upper) for p in parts[:-1]], (parts[-1].expr, True))


def is_odd(expr: Expr, x: Symbol = symbols.x) -> bool:
    """Tell whether ``expr(-x) == -expr(x)`` holds by structure (a no may be wrong, a yes never is)."""
    return _mirrors(expr, x, -1)


def is_even(expr: Expr, x: Symbol = symbols.x) -> bool:
    """Tell whether ``expr(-x) == expr(x)`` holds by structure (a no may be wrong, a yes never is)."""
    return _mirrors(expr, x, 1)


def _mirrors(expr: Expr, x: Symbol, parity: int) -> bool:
    parts = pieces(expr, x)
    mirrored = [Piece(-p.upper, -p.lower, p.expr.subs(x, -x)) for p in reversed(parts)]
    return len(parts) == len(mirrored) and all(
        p.lower == m.lower and p.upper == m.upper and (p.expr - parity * m.expr).expand() == 0
        for p, m in zip(parts, mirrored, strict=True)
    )


def _value(expr: Expr, x: Symbol, at: Expr, side: str) -> Expr:
    value = expr.subs(x, at)
    return value if value.is_finite or value.free_symbols else limit(expr, x, at, side)


def _merged(parts: list[Piece]) -> tuple[Piece, ...]:
    merged: list[Piece] = []
    for part in parts:
        if merged and merged[-1].expr == part.expr:
            merged[-1] = Piece(merged[-1].lower, part.upper, part.expr)
        else:
            merged.append(part)
    return tuple(merged)


def _resolve(piece: Piece, x: Symbol) -> Iterator[Piece]:
    node = _innermost_switch(piece.expr, x)
    if node is None:
        yield piece
        return
    ends = [piece.lower, *_inside(_switch_points(node, x, piece), piece), piece.upper]
    for lower, upper in itertools.pairwise(ends):
        branch = _branch(node, x, _interior(lower, upper))
        yield from _resolve(Piece(lower, upper, piece.expr.xreplace({node: branch})), x)


def _innermost_switch(expr: Basic, x: Symbol) -> Basic | None:
    for arg in expr.args:
        inner = _innermost_switch(arg, x)
        if inner is not None:
            return inner
    return expr if isinstance(expr, SWITCHES) and x in expr.free_symbols else None


def _switch_points(node: Basic, x: Symbol, piece: Piece) -> list[Expr]:
    functions = _switching_functions(node, x)
    return [point for function in functions for point in sign_changes(function, x, piece.lower, piece.upper)]


def _switching_functions(node: Basic, x: Symbol) -> Iterator[Expr]:
    if isinstance(node, Piecewise):
        for _, condition in node.args:
            for relation in condition.atoms(Relational):
                yield relation.lhs - relation.rhs
    elif isinstance(node, (Max, Min)):
        for i, first in enumerate(node.args):
            for second in node.args[i + 1 :]:
                yield first - second
    else:
        yield node.args[0]


def _inside(points: list[Expr], piece: Piece) -> list[Expr]:
    points = [p for p in dict.fromkeys(points) if _less(piece.lower, p) and _less(p, piece.upper)]
    if not any(point.free_symbols for point in points):
        return _ascending(points)
    inside: list[Expr] = []
    for point in points:
        inside.insert(sum(1 for other in inside if _less(other, point)), point)
    return inside


def _ascending(numbers: list[Expr]) -> list[Expr]:
    """Sort by balls, and leave out what is equal."""
    balls = {number: _ball(number, _BITS) for number in numbers}
    found: list[Expr] = []
    for number in sorted(numbers, key=lambda n: rational_midpoint(balls[n])):
        if not found or balls[found[-1]] < balls[number] or _less(found[-1], number):
            found.append(number)
        elif _less(number, found[-1]):
            found.insert(-1, number)
    return found


def _less(a: Expr, b: Expr) -> bool:
    if a == b:
        return False
    if a == -oo or b == oo:
        return True
    if a == oo or b == -oo:
        return False
    shown = _sign(b - a)
    if shown is None:
        raise Undecided(f"whether {a} < {b} does not follow from the parameters' assumptions")
    return shown > 0


def _sign(value: Expr) -> int | None:
    """Return the sign of a value if it is shown, by a ball, by SymPy's assumptions, or as an exact 0."""
    shown = sign_of(value)
    if shown is not None:
        return shown
    # Assumptions on a factor show nothing about a sum that contains it twice.
    for form in (value, factor_terms(value)) if value.free_symbols else (value,):
        if form.is_positive or form.is_negative:
            return 1 if form.is_positive else -1
    if value.is_zero or (not value.free_symbols and simplify(value) == 0):
        return 0
    return None


def _interior(lower: Expr, upper: Expr) -> Expr:
    if lower == -oo and upper == oo:
        return S.Zero
    if lower == -oo:
        return upper - 1 if upper.free_symbols else _rational_near(upper, -1)
    if upper == oo:
        return lower + 1 if lower.free_symbols else _rational_near(lower, 1)
    if lower.free_symbols or upper.free_symbols or (lower.is_Rational and upper.is_Rational):
        return (lower + upper) / 2
    return _rational_between(lower, upper)


def _rational_near(end: Expr, side: int) -> Rational:
    """Return a rational beyond `end`."""
    ball = _ball(end, _BITS)
    edge = rational_midpoint(ball.upper() if side > 0 else ball.lower())
    return Rational(int(edge.ceil() + 1 if side > 0 else edge.floor() - 1))


def _rational_between(lower: Expr, upper: Expr) -> Rational:
    """Return a rational of few digits between two numbers in ascending order."""
    for bits in (_BITS, 4 * _BITS, 16 * _BITS):
        low, high = (rational_midpoint(edge) for edge in (_ball(lower, bits).upper(), _ball(upper, bits).lower()))
        gap = high - low
        if gap > 0:
            scale = int((8 / gap).ceil())
            return Rational(int(((low + high) / 2 * scale).floor()), scale)
    raise Undecided(f"{lower} and {upper} are too close to each other to be told apart")


def _ball(number: Expr, bits: int) -> arb:
    with working_precision(bits):
        try:
            ball = evaluate(number, {})
        except BadExpression as error:
            raise Undecided(f"the number {number}, where the expression switches, has no ball: {error}") from error
    if not ball.is_finite():
        raise Undecided(f"the number {number}, where the expression switches, has no finite ball")
    return ball


def _branch(node: Basic, x: Symbol, at: Expr) -> Expr:
    if isinstance(node, Piecewise):
        pair: ExprCondPair
        for pair in node.args:
            if _holds(pair.cond, x, at):
                return pair.expr
        raise Undecided(f"{node} has no branch at x = {at}")
    if isinstance(node, (Max, Min)):
        best = node.args[0]
        for other in node.args[1:]:
            above = _sign_at(other - best, x, at) > 0
            if above == isinstance(node, Max):
                best = other
        return best
    argument = node.args[0]
    s = _sign_at(argument, x, at)
    if isinstance(node, Abs):
        return s * argument
    if isinstance(node, sign):
        return S(s)
    return S.One if s > 0 else S.Zero


def _holds(condition: Basic, x: Symbol, at: Expr) -> bool:
    if isinstance(condition, BooleanTrue):
        return True
    if isinstance(condition, BooleanFalse):
        return False
    if isinstance(condition, And):
        return all(_holds(part, x, at) for part in condition.args)
    if isinstance(condition, Or):
        return any(_holds(part, x, at) for part in condition.args)
    if isinstance(condition, Not):
        return not _holds(condition.args[0], x, at)
    if isinstance(condition, (Equality, Unequality)):
        return isinstance(condition, Unequality)
    if isinstance(condition, Relational):
        s = _sign_at(condition.lhs - condition.rhs, x, at)
        return (s < 0) if condition.rel_op in ("<", "<=") else (s > 0)
    raise Undecided(f"the condition {condition} of a piecewise expression is not understood")


def _sign_at(function: Expr, x: Symbol, at: Expr) -> int:
    shown = _sign(function.subs(x, at))
    if shown:
        return shown
    raise Undecided(f"the sign of {function} at x = {at} does not follow from the parameters' assumptions")
