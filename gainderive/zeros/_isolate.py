r"""All zeros on an interval or on the whole line, found by subdivision and certified.

A box :math:`X` holds no zero when the ball :math:`f(X)` is away from 0, and at most one when :math:`f'(X)` is; else it
is cut in two. Half-lines hold none beyond a point where one term of :math:`f` outweighs the others
(:class:`gainderive.balls.HalfLine`). At a point :math:`r` where :math:`f, f', \dots, f^{(m-1)}` are 0 exactly and
:math:`f^{(m)}(X) \ne 0`, Taylor's formula :math:`f(x) = f^{(m)}(\xi) (x-r)^m/m!` leaves no other zero in :math:`X`.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property

from flint import arb
from sympy import Expr, Rational, oo, simplify

from gainderive.balls import STARTS, HalfLine, compiled, evaluate, rational, run, sign_of, working_precision
from gainderive.errors import BadExpression, Undecided
from gainderive.symbols import x
from gainderive.zeros._real_zero import RealZero

_BITS = 64
_FINEST = Rational(1, 2**30)
"""Width below which a box that is still undecided is given up."""
_NARROW = Rational(1, 2)
"""Width below which a box is looked at for a multiple zero."""
_MOST_BOXES = 20_000
_CUT = Rational(4871, 10_000)
"""Boxes are cut a little off their middle, so that zeros at round numbers are no ends of boxes."""
_MOST_ORDER = 8
_ROUNDEST = 1000
"""Greatest denominator of a rational that is tried as an exact zero."""

Ball = Callable[[arb], arb]


def isolated_zeros(function: Expr, lower: Expr, upper: Expr) -> list[Expr]:
    """Return the zeros of `function` in the open interval, in ascending order; each simple, or at a rational.

    Raises
    ------
    Undecided
        When that these are all of them is not shown.

    Examples
    --------
    >>> from sympy import exp, oo, tanh
    >>> isolated_zeros(exp(x) - x - 2, -oo, oo)
    [zero(x - exp(x) + 2, -1.84), zero(x - exp(x) + 2, 1.15)]
    >>> isolated_zeros(tanh(x) - x / 2, -oo, oo)
    [-zero(x - 2*tanh(x), 1.92), 0, zero(x - 2*tanh(x), 1.92)]
    """
    return _Search(function).between(lower, upper)


class _Search:
    """One search, with the function and its derivatives as programs."""

    def __init__(self, function: Expr) -> None:
        self.function = function
        self._derivatives = [function]
        self._balls: list[Ball] = []
        self._known: dict[tuple[int, Rational], bool] = {}

    @cached_property
    def is_mirrored(self) -> bool:
        """Whether the function is even or odd, seen by its structure."""
        mirrored = self.function.subs(x, -x)
        return mirrored in (self.function, -self.function)

    def between(self, lower: Expr, upper: Expr) -> list[Expr]:
        """Return the zeros in the open interval."""
        try:
            with working_precision(_BITS):
                low, high = self._end(lower, -1), self._end(upper, 1)
                found = self._inside(low, high)
        except BadExpression as error:
            raise self._undecided(str(error)) from error
        # Where an end is no rational the search began a little outside.
        return [zero for zero in found if _is_after(zero, lower) and _is_after(upper, zero)]

    def _undecided(self, why: str) -> Undecided:
        return Undecided(f"the real zeros of {self.function}, where the expression switches, could not be found: {why}")

    def derivative(self, order: int) -> Ball:
        """Return the derivative of an order as a function of balls."""
        while len(self._balls) <= order:
            if len(self._derivatives) <= len(self._balls):
                self._derivatives.append(self._derivatives[-1].diff(x))
            self._balls.append(_ball_function(self._derivatives[len(self._balls)]))
        return self._balls[order]

    # -- ends -------------------------------------------------------------------------------------

    def _end(self, end: Expr, side: int) -> Rational:
        """Return a rational at or little beyond the end; of an infinite end, one beyond which there is no zero."""
        if end == side * oo:
            return side * self._reach(side)
        if isinstance(end, Rational):
            return end
        ball = evaluate(end, {})
        if not ball.is_finite():
            raise self._undecided(f"the end {end} has no finite ball")
        edge = ball.upper() if side > 0 else ball.lower()
        mantissa, exponent = edge.man_exp()
        return Rational(int(mantissa)) * Rational(2) ** int(exponent)

    def _reach(self, side: int) -> Rational:
        for start in STARTS:
            try:
                tail = HalfLine(side, start, lambda c: evaluate(c, {})).tail(self.function)
            except (BadExpression, Undecided):
                break
            if tail.low is not None and tail.low.c > 0:
                return Rational(int(start.p), int(start.q))
        raise self._undecided(
            f"there is no bound beyond which it is shown not to be 0 as x goes to {'+' if side > 0 else '-'}oo"
        )

    # -- subdivision ------------------------------------------------------------------------------

    def _inside(self, lower: Rational, upper: Rational) -> list[Expr]:
        # The ends of infinite sides may be zeros' neighbours at round numbers; a little more does no harm.
        margin = (upper - lower) / 2**12
        boxes = (
            [(lower - margin, upper + margin)] if self._is_defined(lower - margin, upper + margin) else [(lower, upper)]
        )
        found: list[Expr] = []
        budget = _MOST_BOXES
        while boxes:
            low, high = boxes.pop()
            box = arb(rational(low)).union(arb(rational(high)))
            value = self.derivative(0)(box)
            if value > 0 or value < 0:
                continue
            slope = self.derivative(1)(box) if value.is_finite() else value
            if slope.is_finite() and (slope > 0 or slope < 0):
                found += self._simple(low, high)
                continue
            multiple = self._multiple(low, high, box) if value.is_finite() and high - low < _NARROW else None
            if multiple is not None:
                found.append(multiple)
                continue
            if high - low < _FINEST:
                raise self._undecided(
                    f"near {float((low + high) / 2):.6g} it may touch 0 without crossing it, or have zeros very close "
                    "to each other"
                )
            budget -= 1
            if budget < 0:
                raise self._undecided("too many pieces were needed")
            # The box on the left is looked at first, so the zeros come in ascending order.
            cut = low + (high - low) * _CUT
            boxes += [(cut, high), (low, cut)]
        return list(dict.fromkeys(found))

    def _is_defined(self, lower: Rational, upper: Rational) -> bool:
        """Tell whether the function has values a little beyond the ends (a logarithm may not)."""
        return all(self.derivative(0)(arb(rational(end))).is_finite() for end in (lower, upper))

    def _simple(self, low: Rational, high: Rational) -> list[Expr]:
        """Return the only zero of a monotone function between two points, if there is one."""
        signs = [self._sign_at(low), self._sign_at(high)]
        if signs[0] == 0 or signs[1] == 0:
            return [low] if signs[0] == 0 else [high]
        if signs[0] == signs[1]:
            return []
        if high <= 0 and self.is_mirrored:
            # Both zeros are then made of one number, and what is odd in them cancels.
            return [-zero for zero in self._simple(-high, -low)]
        zero = RealZero.isolated(self.function, low, high)
        candidate = _roundest(zero.evalf(20), zero.lower, zero.upper)
        return [candidate if candidate is not None and self._is_zero(0, candidate) else zero]

    def _sign_at(self, point: Rational) -> int:
        at = self.function.subs(x, point)
        shown = sign_of(at)
        if shown is None and at.is_zero:
            shown = 0
        if shown is None:
            raise self._undecided(f"whether {point} is a zero")
        return shown

    def _multiple(self, low: Rational, high: Rational, box: arb) -> Rational | None:
        """Return the only zero in a box, at a rational at which derivatives vanish as well."""
        candidate = _roundest((low + high) / 2, low, high)
        if candidate is None:
            return None
        order = 0
        while order < _MOST_ORDER and self._is_zero(order, candidate):
            order += 1
        last = self.derivative(order)(box) if order else arb(0)
        return candidate if last > 0 or last < 0 else None

    def _is_zero(self, order: int, at: Rational) -> bool:
        """Tell whether a derivative is 0 at a rational, exactly."""
        if (order, at) not in self._known:
            value = self.derivative(order)(arb(rational(at)))
            self._known[order, at] = bool(value.contains(0)) and is_zero_at(self._derivatives[order], at)
        return self._known[order, at]


def _roundest(near: Expr, low: Rational, high: Rational) -> Rational | None:
    """Return a rational of small denominator between the ends, if there is one."""
    middle = Fraction(str(near)) if near.is_Float else Fraction(int(near.p), int(near.q))
    for denominator in (1, 2, 4, 10, _ROUNDEST):
        round_one = middle.limit_denominator(denominator)
        candidate = Rational(round_one.numerator, round_one.denominator)
        if low <= candidate <= high:
            return candidate
    return None


def _ball_function(expr: Expr) -> Ball:
    program = compiled(expr, x)
    leaves = [arb(0) if leaf == x else evaluate(leaf, {}) for leaf in program.leaves]
    if x not in program.leaves:
        return lambda at: run(program.real, leaves.copy())
    place = program.leaves.index(x)

    def value(at: arb) -> arb:
        registers = leaves.copy()
        registers[place] = at
        return run(program.real, registers)

    return value


def is_zero_at(function: Expr, at: Expr) -> bool:
    """Tell whether ``function(at) == 0`` is shown exactly."""
    value = function.subs(x, at)
    return bool(value.is_zero or (sign_of(value) is None and simplify(value) == 0))


def _is_after(a: Expr, b: Expr) -> bool:
    """Tell whether ``a > b``; equality must be seen by SymPy."""
    if a == oo or b == -oo:
        return True
    difference = a - b
    shown = sign_of(difference)
    if shown is None and simplify(difference) == 0:
        return False
    if shown is None:
        raise Undecided(f"whether {a} is greater than {b} could not be decided")
    return shown > 0
