"""Balls for derivation lines: are two lines compatible, at points that the author does not choose.

Free symbols get rational values that satisfy their assumptions, drawn from a generator seeded by
the lines themselves, so a check is reproducible and nobody picks convenient points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from random import Random

from sympy import Basic, Expr, Rational, Symbol, srepr
from sympy.core.relational import Equality

from gainderive import enclosure
from gainderive.derivation._state import items
from gainderive.errors import GainderiveError

PRECISION = 120
"""Bits at which lines are compared: 36 digits, so that a change in the 30th digit is seen."""


def assignments(symbols: set[Symbol], seed: Basic, count: int = 3) -> Iterator[dict[Symbol, Rational]]:
    """Yield `count` assignments of rationals to `symbols` that satisfy their assumptions."""
    random = Random(sha256(srepr(seed).encode()).digest())
    for _ in range(count):
        yield {s: _value(s, random) for s in sorted(symbols, key=str)}


def _value(symbol: Symbol, random: Random) -> Rational:
    if symbol.is_integer:
        return Rational(random.randint(1, 9))
    size = Rational(random.randint(100, 2000), 1000)
    if symbol.is_nonnegative or (symbol.is_negative is None and random.random() < 0.5):
        return size
    return -size


def compare(before: Basic, after: Basic, constants: Mapping[Symbol, Expr]) -> bool | None:
    """Compare two lines by balls.

    Returns
    -------
    bool or None
        ``False`` when a ball proves them different at some assignment, ``True`` when balls at all
        assignments are compatible with equality, ``None`` when nothing could be evaluated.
    """
    pairs = list(zip(items(before), items(after), strict=False))
    known = {new.lhs: new.rhs for new in items(after) if isinstance(new, Equality) and isinstance(new.lhs, Symbol)}
    residuals = (_residual(old, new) for old, new in pairs if old != new)
    answers = [_vanishes(_put_in(residual, {**known, **constants})) for residual in residuals if residual is not None]
    if False in answers:
        return False
    return True if True in answers else None


def _put_in(residual: Expr, known: Mapping[Symbol, Expr]) -> Expr:
    # As often as one solution may mention another.
    for _ in known:
        residual = residual.subs(known)
    return residual


def _vanishes(residual: Expr) -> bool | None:
    answer = None
    for values in assignments(residual.free_symbols, residual):
        try:
            ball = enclosure.ball(residual, PRECISION, values)
        except (GainderiveError, ArithmeticError, ValueError):
            continue
        if not ball.is_finite():
            continue
        if not ball.contains(0):
            return False
        answer = True
    return answer


def _residual(before: Basic, after: Basic) -> Expr | None:
    """Return an expression that vanishes, once solved unknowns are put in, when the step is true."""
    if isinstance(before, Equality) and isinstance(after, Equality):
        if isinstance(after.lhs, Symbol):
            return before.lhs - before.rhs
        return before.lhs - before.rhs - after.lhs + after.rhs
    if isinstance(before, Expr) and isinstance(after, Expr):
        return before - after
    return None
