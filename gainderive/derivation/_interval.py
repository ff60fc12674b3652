"""Which branch of a case distinction holds on a whole interval: the checker's own answer.

This is deliberately not :mod:`gainderive.pieces`, which finds the kinks: here an interval is given,
and every switch must be shown to keep one sign on it.
"""

from __future__ import annotations

from sympy import Abs, And, Basic, Expr, Heaviside, Max, Min, Not, Or, Piecewise, Poly, PolynomialError, S, oo, sign
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFalse, BooleanTrue
from sympy.polys.polyerrors import CoercionFailed

from gainderive.derivation._one_sign import sign_between
from gainderive.derivation._smooth import is_smooth
from gainderive.errors import Undecided
from gainderive.symbols import x


def on_interval(expr: Basic, lower: Expr, upper: Expr) -> Basic:
    """Return `expr` without case distinctions, valid on the open interval ``(lower, upper)``.

    Raises
    ------
    Undecided
        When a switch is not shown to keep one sign on the whole interval.

    Examples
    --------
    >>> from gainderive.symbols import x
    >>> on_interval(abs(x - 1), S(1), oo)
    x - 1
    """
    if x not in expr.free_symbols:
        return expr
    if isinstance(expr, Piecewise):
        for branch, condition in expr.args:
            if _holds(condition, lower, upper):
                return on_interval(branch, lower, upper)
        raise Undecided(f"no branch of {expr} holds on ({lower}, {upper})")
    args = [on_interval(arg, lower, upper) for arg in expr.args]
    if isinstance(expr, (Max, Min)):
        best = args[0]
        for other in args[1:]:
            if (_sign(other - best, lower, upper) > 0) == isinstance(expr, Max):
                best = other
        return best
    if isinstance(expr, (Abs, sign, Heaviside)):
        s = _sign(args[0], lower, upper)
        if isinstance(expr, Abs):
            return s * args[0]
        return S(s) if isinstance(expr, sign) else S((s > 0 and 1) or 0)
    return expr.func(*args) if args else expr


def _holds(condition: Basic, lower: Expr, upper: Expr) -> bool:
    """Tell whether `condition` holds on the whole interval; refuse when it holds on a part."""
    if isinstance(condition, (BooleanTrue, BooleanFalse)):
        return bool(condition)
    if isinstance(condition, And):
        return all(_holds(part, lower, upper) for part in condition.args)
    if isinstance(condition, Or):
        return any(_holds(part, lower, upper) for part in condition.args)
    if isinstance(condition, Not):
        return not _holds(condition.args[0], lower, upper)
    if isinstance(condition, Relational) and condition.rel_op in ("<", "<=", ">", ">="):
        s = _sign(condition.lhs - condition.rhs, lower, upper)
        return s < 0 if condition.rel_op in ("<", "<=") else s > 0
    raise Undecided(f"the condition {condition} is not understood")


def _sign(function: Expr, lower: Expr, upper: Expr) -> int:
    """Return the constant sign of `function` on the open interval."""
    function = on_interval(function, lower, upper)
    if function.free_symbols == {x} and not (lower.free_symbols or upper.free_symbols):
        return _sign_of_polynomial(function, lower, upper) or sign_between(function, lower, upper)
    shown = _sign_of_line(function, lower, upper) or _sign_of_monotone(function, lower, upper)
    if shown:
        return shown
    raise Undecided(f"{function} does not keep its sign on ({lower}, {upper})")


def _sign_of_line(function: Expr, lower: Expr, upper: Expr) -> int:
    """Return the sign of a linear function, also with parameters; 0 where it is none, or has two signs."""
    try:
        polynomial = Poly(function, x)
    except PolynomialError:
        return 0
    if polynomial.degree() > 1:
        return 0
    ends = {_sign_of(_end_value(polynomial, end)) for end in (lower, upper)} - {0}
    return ends.pop() if len(ends) == 1 else 0


def _sign_of_monotone(function: Expr, lower: Expr, upper: Expr) -> int:
    """Return the sign of a function with parameters, from its slope's sign and its value at an end; else 0."""
    if not is_smooth(function, x):
        return 0
    slope = function.diff(x)
    if not (slope.is_positive or slope.is_negative):
        return 0
    direction = 1 if slope.is_positive else -1
    for end, side in ((lower, 1), (upper, -1)):
        if end in (oo, -oo):
            continue
        value = _sign_of(function.subs(x, end))
        if value in (0, direction * side):
            return direction * side
    return 0


def _end_value(polynomial: Poly, end: Expr) -> Expr:
    if end in (oo, -oo):
        slope = polynomial.coeff_monomial(x)
        return slope * (1 if end == oo else -1) if slope != 0 else polynomial.coeff_monomial(1)
    return polynomial.as_expr().subs(x, end)


def _sign_of_polynomial(function: Expr, lower: Expr, upper: Expr) -> int:
    """Return the sign of a polynomial with rational coefficients between algebraic ends, exactly; else 0."""
    try:
        polynomial = Poly(function, x, domain="QQ")
    except (PolynomialError, CoercionFailed):
        return 0
    if polynomial.degree() < 2:
        return _sign_of_line(function, lower, upper)
    # Real roots are algebraic numbers, whose order is decided exactly by their isolating intervals.
    for root in polynomial.real_roots(multiple=True):
        # Extended, because SymPy's infinity is not `is_positive`.
        if not ((lower - root).is_extended_nonnegative or (root - upper).is_extended_nonnegative):
            return 0
    if lower == -oo:
        inside = S.Zero if upper == oo else upper - 1
    else:
        inside = lower + 1 if upper == oo else (lower + upper) / 2
    return _sign_of(polynomial.as_expr().subs(x, inside))


def _sign_of(value: Expr) -> int:
    if value.is_zero:
        return 0
    if value.is_positive:
        return 1
    if value.is_negative:
        return -1
    if not value.free_symbols:
        simple = value.simplify()
        for sign_of, shown in ((0, simple.is_zero), (1, simple.is_positive), (-1, simple.is_negative)):
            if shown:
                return sign_of
    raise Undecided(f"the sign of {value} does not follow from the assumptions")
