r"""How :math:`M(g) = E f(g z)` depends on the scale ``g``: what the even part of ``f`` decides for every ``g`` at once.

``z`` and ``-z`` have one law, so :math:`M(g) = E\,e(g|z|)` with :math:`e(t) = \tfrac12 (f(t) + f(-t))`, ``t > 0``.

* Where :math:`e` does not fall, :math:`M` does not. It even grows, unless :math:`e` is constant: of
  :math:`M(ag) = M(g)`, ``a > 1``, follows :math:`e(at) = e(t)` for almost every ``t``, hence
  :math:`e(a^n t) = e(t)`, and what does not fall between these points is the same there. So at most one ``g`` gives
  a value. Likewise where :math:`e` does not grow.
* Where :math:`e \le c` everywhere, :math:`M \le c`; and :math:`M < c`, unless :math:`e = c` almost everywhere.

Monotony is shown piece by piece: the derivative keeps its sign on each piece, and jumps go the same way. Which formula
holds on a piece is shown anew, as everywhere in this package.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from math import prod

from flint import arb, fmpq
from sympy import Expr, Rational, S, atan, erf, erfc, exp, factor_terms, log, oo, pi, sqrt, together

from gainderive import algebra
from gainderive.balls import STARTS, HalfLine, evaluate, rational_midpoint, sign_of, working_precision
from gainderive.derivation._interval import on_interval
from gainderive.derivation._one_sign import sign_between
from gainderive.errors import BadExpression, Undecided
from gainderive.pieces import Piece, pieces
from gainderive.symbols import x

_BITS = 64
_SAMPLES = 24
_STEPS = 120
"""Points, ever farther apart and evenly near 0, where two signs are looked for before one is proved."""


@lru_cache(maxsize=256)
def direction(f: Expr) -> int:
    r"""Return 1 where :math:`E f(gz)` is shown to grow with ``g``, -1 where it is shown to fall, else 0.

    >>> from sympy import tanh
    >>> direction(tanh(x) ** 2), direction(1 / (1 + x**2)), direction(x**2 * exp(-(x**2)))
    (1, -1, 0)
    """
    try:
        parts = doubled_even_part(f)
        ways = {_step(left, right) for left, right in pairwise(parts)}
        ways |= set(_until_both(_slope(part) for part in parts))
    except (Undecided, BadExpression):
        return 0
    ways -= {0}
    return ways.pop() if len(ways) == 1 else 0


@lru_cache(maxsize=256)
def compared(f: Expr, level: Expr) -> int:
    r"""Return -1 where :math:`E f(gz) < c` is shown for every ``g``, 1 where :math:`E f(gz) > c` is, else 0.

    >>> from sympy import erf
    >>> compared(erf(x) ** 2, S.One), compared(1 + x**2, S.One), compared(2 * erf(x) ** 2, S.One)
    (-1, 1, 0)
    """
    for parts, c in ((_both_halves, level), (doubled_even_part, 2 * level)):
        try:
            ways = set(_until_both(_above(part, c) for part in parts(f))) - {0}
            if len(ways) == 1 and _differs(f, level):
                return ways.pop()
        except (Undecided, BadExpression):
            continue
    return 0


def doubled_even_part(f: Expr) -> tuple[Piece, ...]:
    """Return ``f(x) + f(-x)`` on the pieces of the positive half-line.

    Raises
    ------
    Undecided
        When the pieces are not found, or that they are pieces is not shown.
    """
    return _on_positive(f + f.subs(x, -x))


def _both_halves(f: Expr) -> tuple[Piece, ...]:
    """Return the pieces of ``f(x)`` and of ``f(-x)`` on the positive half-line."""
    return _on_positive(f) + _on_positive(f.subs(x, -x))


def _on_positive(f: Expr) -> tuple[Piece, ...]:
    parts = pieces(f, lower=S.Zero)
    return tuple(Piece(p.lower, p.upper, on_interval(f, p.lower, p.upper)) for p in parts)


def _until_both(signs: Iterator[int]) -> Iterator[int]:
    """Yield signs until two contradict each other."""
    seen: set[int] = set()
    for shown in signs:
        yield shown
        seen.add(shown)
        if seen >= {1, -1}:
            return


def _slope(part: Piece) -> int:
    """Return the sign of the slope on a piece; written in other ways, where it does not show, other bounds apply."""
    return _first_shown(part.lower, part.upper, (form.diff(x) for form in _written(part.expr)))


def _above(part: Piece, level: Expr) -> int:
    """Return the sign of a function less a level on a piece; of a square, the signs of its two factors."""
    try:
        return _first_shown(part.lower, part.upper, (form - level for form in _written(part.expr)))
    except Undecided:
        root = sqrt(level)
        if not (part.expr.is_Pow and part.expr.exp == 2):
            raise
        return prod(weak_sign(part.expr.base + shift, part.lower, part.upper) for shift in (-root, root))


def _written(function: Expr) -> Iterator[Expr]:
    yield function
    yield function.expand()
    yield factor_terms(function)


def _first_shown(lower: Expr, upper: Expr, functions: Iterator[Expr]) -> int:
    for function in functions:
        try:
            return weak_sign(function, lower, upper)
        except BothSigns:
            raise
        except Undecided:
            continue
    raise Undecided(f"no sign was shown on ({lower}, {upper})")


def _step(left: Piece, right: Piece) -> int:
    """Return the sign of the jump from one piece to the next."""
    before, after = (part.expr.subs(x, right.lower) for part in (left, right))
    shown = sign_of(after - before)
    if shown is not None:
        return shown
    if algebra.is_zero(after - before):
        return 0
    raise Undecided(f"whether there is a jump at {right.lower} is not shown")


def _differs(f: Expr, level: Expr) -> bool:
    """Tell whether the even part is somewhere not the level, and so around that point."""
    parts = doubled_even_part(f)
    return any(
        bool(_value(part.expr - 2 * level, at) > 0) or bool(_value(part.expr - 2 * level, at) < 0)
        for part in parts
        for at in _samples(part.lower, part.upper)
    )


# -- signs ------------------------------------------------------------------------------------------


class BothSigns(Undecided):
    """A function that is shown to change its sign."""


def weak_sign(function: Expr, lower: Expr, upper: Expr) -> int:
    """Return 1 where `function` is shown to be at least 0 on the open interval, -1 at most, 0 where it is 0.

    Raises
    ------
    Undecided
        When neither is shown.
    """
    if x not in function.free_symbols:
        shown = sign_of(function)
        if shown is None and algebra.is_zero(function):
            shown = 0
        if shown is None:
            raise Undecided(f"the sign of {function}")
        return shown
    if set(_until_both(_definite(_value(function, at)) for at in _samples(lower, upper))) >= {1, -1}:
        raise BothSigns(f"{function} has both signs")
    if upper != oo:
        return sign_between(function, lower, upper)
    forms = _forms(function)
    for start in STARTS:
        begin = Rational(int(start.p), int(start.q))
        if sign_of(begin - lower) != 1:
            continue
        far = next(filter(None, (_far(form, start) for form in forms)), None)
        if far is not None:
            for form in forms:
                try:
                    if sign_between(form, lower, begin) == far:
                        return far
                except Undecided:
                    continue
            break
    raise Undecided(f"{function} is not shown to keep its sign on ({lower}, oo)")


def _forms(function: Expr) -> list[Expr]:
    """Return ways to write a function of ``x > 0`` in one of which its sign may be easier to see."""
    complements = function.replace(erf, lambda u: 1 - erfc(u))
    turned = function.replace(_is_softplus, lambda e: _exponent(e) + log(1 + exp(-_exponent(e)))).expand()
    inverted = function.replace(_is_arctan, lambda e: pi / 2 - atan(1 / e.args[0])).expand()
    return list(
        dict.fromkeys((function, complements, turned, inverted, together(function), together(function.rewrite(exp))))
    )


def _is_softplus(expr: Expr) -> bool:
    """Tell whether an expression is ``log(1 + exp(u))``, which is ``u + log(1 + exp(-u))``."""
    return isinstance(expr, log) and expr.args[0].is_Add and isinstance(expr.args[0] - 1, exp)


def _is_arctan(expr: Expr) -> bool:
    """Tell whether an expression is ``atan(c x)`` with ``c > 0``, which is ``pi/2 - atan(1/(c x))`` for ``x > 0``."""
    return isinstance(expr, atan) and bool((expr.args[0] / x).is_positive)


def _exponent(softplus: Expr) -> Expr:
    exponent: Expr = (softplus.args[0] - 1).args[0]
    return exponent


def _far(function: Expr, start: fmpq) -> int | None:
    try:
        with working_precision(_BITS):
            return HalfLine(1, start, lambda c: evaluate(c, {})).tail(function).sign
    except (Undecided, BadExpression):
        return None


def _samples(lower: Expr, upper: Expr) -> list[arb]:
    """Return points inside an interval."""
    with working_precision(_BITS):
        low = arb(rational_midpoint(evaluate(lower, {})))
        if upper == oo:
            even = [low + arb(2 * k + 1) / 20 for k in range(_STEPS)]
            return [low + arb(2) ** (k - _SAMPLES // 2) for k in range(_SAMPLES)] + even
        width = arb(rational_midpoint(evaluate(upper, {}))) - low
        return [low + width * (2 * k + 1) / (2 * _SAMPLES) for k in range(_SAMPLES)]


def _value(function: Expr, at: arb) -> arb:
    with working_precision(_BITS):
        return evaluate(function, {x: at})


def _definite(ball: arb) -> int:
    return 1 if ball > 0 else -1 if ball < 0 else 0
