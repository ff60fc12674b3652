r"""That a function without parameters keeps one sign on an interval: the checker's own proof, by balls.

The interval is covered by boxes on which the ball :math:`f(X)` is away from 0. Two places need more:

* Towards infinity, one term of :math:`f` outweighs the others (:class:`gainderive.balls.HalfLine`).
* At an end :math:`e` with :math:`f(e) = 0` let :math:`m` be the first order for which :math:`f^{(m)}(e) = 0` is not
  shown. Where :math:`f^{(m)}` is away from 0 on a box around :math:`e`, Taylor's formula
  :math:`f(x) = f^{(m)}(\xi)(x - e)^m/m!` gives the sign beside :math:`e`.

That :math:`f(e)` is 0 is shown by the algebra, or by the certificate that a :class:`gainderive.zeros.RealZero` carries;
an end that is only near a zero is refused. How the zeros were found plays no part.
"""

from __future__ import annotations

from flint import arb
from sympy import Expr, Rational, S, exp, fraction, oo, together

from gainderive import algebra
from gainderive.balls import STARTS, HalfLine, evaluate, rational_midpoint, working_precision
from gainderive.errors import BadExpression, Undecided
from gainderive.symbols import x
from gainderive.zeros import RealZero

_BITS = 128
_MOST_BOXES = 5_000
_MOST_ORDER = 6
_HALVINGS = 40
"""The box beside a zero is at most so many times halved."""


def sign_between(function: Expr, lower: Expr, upper: Expr) -> int:
    """Return the sign that `function`, an expression in ``x`` alone, has on the whole open interval.

    Raises
    ------
    Undecided
        When it is not shown to have one.

    Examples
    --------
    >>> from sympy import cos, log
    >>> sign_between(exp(x) - 2, log(2), oo)
    1
    >>> fixed = RealZero(x - cos(x), S.Zero, S.One)
    >>> sign_between(x - cos(x), -oo, fixed)
    -1
    >>> sign_between(x - cos(x), -oo, fixed + Rational(1, 100))
    Traceback (most recent call last):
        ...
    gainderive.errors.Undecided: x - cos(x) is not shown to keep its sign on (-oo, 1/100 + zero(x - cos(x), 0.739))
    """
    shown = 0
    try:
        with working_precision(_BITS):
            # An end may be a pole, so numerator and denominator are looked at apart.
            for form in (function, together(function), together(function.rewrite(exp))):
                numerator, denominator = fraction(form)
                shown = _sign(numerator, lower, upper) * (_sign(denominator, lower, upper) if denominator != 1 else 1)
                if shown:
                    break
    except BadExpression:
        shown = 0
    if not shown:
        raise Undecided(f"{function} is not shown to keep its sign on ({lower}, {upper})")
    return shown


def _sign(function: Expr, lower: Expr, upper: Expr) -> int:
    """Return the sign, 0 where none is shown."""
    if x not in function.free_symbols:
        return _definite(evaluate(function, {}))
    left, first = _beside(function, lower, upper, 1)
    right, last = _beside(function, upper, lower, -1)
    if left is None or right is None or first != last or not first:
        return 0
    boxes, budget = [(left, right)] if left < right else [], _MOST_BOXES
    while boxes:
        low, high = boxes.pop()
        shown = _definite(evaluate(function, {x: low.union(high)}))
        if shown == -first:
            return 0
        if shown != first:
            budget -= 1
            middle = arb(rational_midpoint((low + high) / 2))
            if budget < 0 or not low < middle < high:
                return 0
            boxes += [(low, middle), (middle, high)]
    return first


def _beside(function: Expr, end: Expr, other: Expr, side: int) -> tuple[arb | None, int]:
    """Return a point up to which, from `end` on, `function` has a sign, and that sign; `side` leads inside."""
    if end in (oo, -oo):
        return _far(function, -side)
    at = evaluate(end, {})
    if not at.is_finite():
        return None, 0
    shown = _definite(evaluate(function, {x: at}))
    if shown:
        return at, shown
    order, derivative = 0, function
    while order < _MOST_ORDER and _vanishes(derivative, end):
        order, derivative = order + 1, derivative.diff(x)
    if not order:
        return None, 0
    width = arb(1) if other in (oo, -oo) else abs(evaluate(other, {}) - at) / 4
    width = arb(rational_midpoint(width))
    for _ in range(_HALVINGS):
        reached = at + side * width
        box = at.union(reached)
        # A jump would not show in the derivative.
        slope = _definite(evaluate(derivative, {x: box})) if evaluate(function, {x: box}).is_finite() else 0
        if slope:
            return reached, slope * side**order
        width = width / 2
    return None, 0


def _far(function: Expr, side: int) -> tuple[arb | None, int]:
    """Return a point beyond which `function` is shown to have a sign, and that sign."""
    for start in STARTS:
        try:
            tail = HalfLine(side, start, lambda c: evaluate(c, {})).tail(function)
        except Undecided:
            break
        if tail.low is not None and tail.low.c > 0 and tail.sign:
            return arb(side * start), tail.sign
    return None, 0


def _definite(ball: arb) -> int:
    return 1 if ball > 0 else -1 if ball < 0 else 0


def _vanishes(function: Expr, at: Expr) -> bool:
    """Tell whether ``function(at) == 0`` is shown exactly."""
    if isinstance(-at, RealZero):
        return _vanishes(function.subs(x, -x), -at)
    if isinstance(at, RealZero):
        # Proportional functions have the same zeros.
        own, sample = at.function, Rational(1, 3)
        if algebra.is_zero(function * own.subs(x, sample) - own * function.subs(x, sample)):
            return bool(_definite(evaluate(own, {x: arb(1) / 3})))
    value = function.subs(x, at)
    return value is S.Zero or algebra.is_zero(value)
