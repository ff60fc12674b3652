r"""A real zero of an elementary function, as an exact number.

**Certificate.** Let :math:`f` be differentiable on :math:`[a, b]`, :math:`f(a) f(b) < 0`, and :math:`f' \ne 0` on
:math:`[a, b]`. Then :math:`f` has exactly one zero there: one by the intermediate value theorem, no second by Rolle's.
Balls show all three: a ball around :math:`f'([a, b])` that is finite and away from 0 says that the derivative exists
there, too.

**Refinement.** If the zero lies in the ball :math:`X` with midpoint :math:`m`, it lies in
:math:`m - f(m)/f'(X)` by the mean value theorem (the interval Newton step), and so in the intersection with :math:`X`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flint import arb
from mpmath.libmp import from_man_exp, round_nearest
from sympy import Expr, Float, Rational

from gainderive.balls import SelfEnclosing, compiled, evaluate, rational, run, working_precision
from gainderive.errors import Undecided
from gainderive.symbols import x

_PRECISIONS = (64, 256, 1024, 4096)
"""Bits with which the ends' signs are shown; more are needed the nearer an end is to the zero."""
_WIDTHS = (8, 16, 32, 64, 128, 256, 512, 1024)
"""Isolating intervals have the width ``3 * 2**-n`` for the first of these that serves."""
_GUARD = 16


class RealZero(SelfEnclosing):
    r"""The zero of `function`, an expression in ``x`` without other symbols, between two rationals.

    Zeros compare equal when function and interval are equal. :meth:`isolated` makes both canonical, so that a zero
    found twice is one number.

    Parameters
    ----------
    function : Expr
        In ``symbols.x``.
    lower, upper : Rational
        Ends of an interval in which the function changes its sign and its derivative does not.

    Raises
    ------
    Undecided
        When the interval is not shown to hold exactly one zero.

    Examples
    --------
    >>> from sympy import cos
    >>> fixed = RealZero.isolated(x - cos(x), Rational(0), Rational(1))
    >>> fixed
    zero(x - cos(x), 0.739)
    >>> fixed.evalf(30)
    0.739085133215160641655312087674
    >>> fixed < Rational(3, 4), fixed.is_positive
    (True, True)
    """

    function: Expr
    lower: Rational
    upper: Rational

    def __new__(cls, function: Expr, lower: Rational, upper: Rational) -> RealZero:
        if not _is_isolating(function, lower, upper):
            raise Undecided(f"{function} is not shown to have exactly one zero between {lower} and {upper}")
        made: RealZero = SelfEnclosing.__new__(cls)
        made.function, made.lower, made.upper = function, lower, upper
        return made

    @classmethod
    def isolated(cls, function: Expr, lower: Rational, upper: Rational) -> RealZero:
        """Return the zero in an isolating interval, with the function free of constant factors and a short interval."""
        primitive = function.as_content_primitive()[1]
        if primitive.could_extract_minus_sign():
            primitive = -primitive
        first = cls(primitive, lower, upper)
        for bits in _WIDTHS:
            with working_precision(bits + 64):
                below = int((first.ball(bits + 64).mid() * 2**bits).floor().unique_fmpz())
                low, high = Rational(below - 1, 2**bits), Rational(below + 2, 2**bits)
            # The short interval must be a part of the isolating one, or it might hold another zero.
            if lower <= low and high <= upper and _is_isolating(primitive, low, high):
                return cls(primitive, low, high)
        return first

    def ball(self, precision: int) -> arb:
        return _refined(self, precision)

    # -- as a SymPy object ------------------------------------------------------------------------

    def _hashable_content(self) -> tuple[Any, ...]:
        return self.function, self.lower, self.upper

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.function, self.lower, self.upper

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return RealZero, (self.function, self.lower, self.upper)

    def _eval_evalf(self, prec: int) -> Float:
        with working_precision(prec + _GUARD):
            mantissa, exponent = self.ball(prec + _GUARD).mid().man_exp()
        return Float._new(from_man_exp(int(mantissa), int(exponent), prec, round_nearest), prec)

    def _eval_is_positive(self) -> bool | None:
        return self._has_sign(1)

    def _eval_is_negative(self) -> bool | None:
        return self._has_sign(-1)

    def _has_sign(self, sign: int) -> bool | None:
        if self.lower >= 0 or self.upper <= 0:
            return bool(self.lower >= 0) == (sign > 0)
        for precision in _PRECISIONS:
            ball = self.ball(precision)
            if ball > 0 or ball < 0:
                return bool(ball * sign > 0)
        return None

    @property
    def approximation(self) -> str:
        """The decimals by which a reader tells this zero from its neighbours."""
        digits = max(3, len(str(int(1 / (self.upper - self.lower)))) + 1)
        return str(self.evalf(digits))

    def _sympystr(self, printer: Any) -> str:
        return f"zero({printer._print(self.function)}, {self.approximation})"

    _sympyrepr = _sympystr

    def _code(self, printer: Any) -> str:
        """Print the nearest double, for functions that SymPy makes for double precision."""
        return repr(float(self))

    _pythoncode = _numpycode = _scipycode = _code

    def _mpmathcode(self, printer: Any) -> str:
        # As many digits as any caller of such functions works with.
        return f"mpf('{self.evalf(100)}')"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\operatorname{{zero}}_{{{self.approximation}}}\left({printer._print(self.function)}\right)"
        return text if exp is None else rf"{text}^{{{exp}}}"


@lru_cache(maxsize=4096)
def _is_isolating(function: Expr, lower: Rational, upper: Rational) -> bool:
    """Tell whether the certificate at the top of this file is given."""
    if not lower < upper or function.free_symbols != {x}:
        return False
    slope = function.diff(x)
    for precision in _PRECISIONS:
        with working_precision(precision):
            low, high = arb(rational(lower)), arb(rational(upper))
            both = {x: low.union(high)}
            whole = evaluate(slope, both)
            # A finite ball of the function itself excludes jumps, which a derivative does not see.
            if not (whole.is_finite() and evaluate(function, both).is_finite() and (whole > 0 or whole < 0)):
                return False
            direction = 1 if whole > 0 else -1
            left, right = direction * evaluate(function, {x: low}), direction * evaluate(function, {x: high})
            if left < 0 and right > 0:
                return True
            if left > 0 or right < 0:
                return False
    return False


@lru_cache(maxsize=4096)
def _refined(zero: RealZero, precision: int) -> arb:
    """Return the ball of `zero`: from the ball of half the precision, by interval Newton steps."""
    if precision <= 64:
        with working_precision(precision + _GUARD):
            start = arb(rational(zero.lower)).union(arb(rational(zero.upper)))
    else:
        start = _refined(zero, precision // 2 + _GUARD if precision > 2 * _GUARD + 64 else 64)
    function, slope = compiled(zero.function, x), compiled(zero.function.diff(x), x)
    with working_precision(precision + _GUARD):
        at = _evaluator(function), _evaluator(slope)
        ball = start
        # Far from the zero a step may only halve the ball; near it, it squares the radius.
        for _ in range(precision + 64):
            middle = ball.mid()
            newton = middle - at[0](middle) / at[1](ball)
            finer = newton.intersection(ball) if newton.is_finite() else ball
            if not finer.rad() < 0.9 * ball.rad():
                return finer
            ball = finer
    return ball


def _evaluator(program: Any) -> Any:
    leaves = [arb(0) if leaf == x else evaluate(leaf, {}) for leaf in program.leaves]
    place = program.leaves.index(x) if x in program.leaves else None

    def value(at: arb) -> arb:
        registers = leaves.copy()
        if place is not None:
            registers[place] = at
        return run(program.real, registers)

    return value
