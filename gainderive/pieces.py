r"""Split a real function at its kinks and jumps into pieces without case distinctions.

``Piecewise``, ``Abs``, ``Max``, ``Min``, ``sign`` and ``Heaviside`` switch where a real function of
``x`` changes sign. :func:`pieces` finds these points exactly (linear switches also with symbolic
coefficients, polynomial ones as algebraic numbers) and resolves every switch on every interval
between them, innermost first. Values *at* a breakpoint are left out: they have measure zero.

>>> from sympy import Abs, Max
>>> from gainderive.symbols import x
>>> pieces(Max(x, 0) ** 2)
(Piece(lower=-oo, upper=0, expr=0), Piece(lower=0, upper=oo, expr=x**2))
>>> [str(p.lower) for p in pieces(Abs(x**2 - 2))]
['-oo', '-sqrt(2)', 'sqrt(2)']
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sympy import (
    Abs,
    And,
    Basic,
    Expr,
    Max,
    Min,
    Not,
    Or,
    Piecewise,
    Poly,
    PolynomialError,
    Rational,
    S,
    Symbol,
    limit,
    oo,
    real_roots,
    sign,
)
from sympy.core.relational import Equality, Relational, Unequality
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from gainderive import symbols
from gainderive.errors import Undecided
from gainderive.gaussian import SWITCHES


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
def pieces(expr: Expr, x: Symbol = symbols.x, merge: bool = True) -> tuple[Piece, ...]:
    """Return the pieces of `expr` in ascending order; neighbours with one expression are merged if `merge`.

    Raises
    ------
    Undecided
        When a switch's zeros, or the order of two breakpoints, cannot be found exactly.
    """
    found = _resolve(Piece(-oo, oo, expr), x)
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

    >>> from gainderive.symbols import x
    >>> derivative(Max(x, 0))
    Piecewise((0, x < 0), (1, True))
    """
    return assembled(tuple(Piece(p.lower, p.upper, p.expr.diff(x)) for p in pieces(expr, x)), x)


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
    ends = [piece.lower, *_inside(_switch_points(node, x), piece), piece.upper]
    for lower, upper in itertools.pairwise(ends):
        branch = _branch(node, x, _interior(lower, upper))
        yield from _resolve(Piece(lower, upper, piece.expr.xreplace({node: branch})), x)


def _innermost_switch(expr: Basic, x: Symbol) -> Basic | None:
    for arg in expr.args:
        inner = _innermost_switch(arg, x)
        if inner is not None:
            return inner
    return expr if isinstance(expr, SWITCHES) and x in expr.free_symbols else None


def _switch_points(node: Basic, x: Symbol) -> list[Expr]:
    return [root for function in _switching_functions(node, x) for root in _real_zeros(function, x)]


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


def _real_zeros(function: Expr, x: Symbol) -> list[Expr]:
    if x not in function.free_symbols:
        return []
    try:
        poly = Poly(function, x)
    except PolynomialError:
        poly = None
    if poly is not None and not (poly.free_symbols - {x}) and poly.domain.is_Exact:
        try:
            return list(dict.fromkeys(real_roots(poly)))
        except (NotImplementedError, PolynomialError):
            pass
    if poly is not None and poly.degree() == 1:
        slope, offset = poly.all_coeffs()
        return [(-offset / slope).cancel() if slope.free_symbols else -offset / slope]
    raise Undecided(f"the real zeros of {function}, where the expression switches, could not be found exactly")


def _inside(points: list[Expr], piece: Piece) -> list[Expr]:
    inside: list[Expr] = []
    for point in points:
        if _less(piece.lower, point) and _less(point, piece.upper):
            position = sum(1 for other in inside if other != point and _less(other, point))
            if point not in inside:
                inside.insert(position, point)
    return inside


def _less(a: Expr, b: Expr) -> bool:
    if a == b:
        return False
    if a == -oo or b == oo:
        return True
    if a == oo or b == -oo:
        return False
    answer = (b - a).is_positive
    if answer is None and not (b - a).free_symbols:
        difference = (b - a).simplify()
        answer = difference.is_positive if difference.is_positive is not None else difference.evalf(30) > 0
    if answer is None:
        raise Undecided(f"whether {a} < {b} does not follow from the parameters' assumptions")
    return bool(answer)


def _interior(lower: Expr, upper: Expr) -> Expr:
    if lower == -oo and upper == oo:
        return S.Zero
    if lower == -oo:
        return upper - 1
    if upper == oo:
        return lower + 1
    if lower.is_Rational or upper.is_Rational or lower.free_symbols or upper.free_symbols:
        return (lower + upper) / 2
    return Rational(str(((lower + upper) / 2).evalf(30)))


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
    value = function.subs(x, at)
    if value.is_positive is None and not value.free_symbols:
        value = value.evalf(30)
    if value.is_positive:
        return 1
    if value.is_negative:
        return -1
    raise Undecided(f"the sign of {function} at x = {at} does not follow from the parameters' assumptions")
