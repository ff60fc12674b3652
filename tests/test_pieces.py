"""Kinks and jumps are found exactly, and each piece is the function there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Abs, CRootOf, Expr, Heaviside, Integer, Max, Min, Piecewise, Rational, exp, oo, sign, sin, sqrt

from gainderive.derivation._interval import on_interval
from gainderive.errors import Undecided
from gainderive.pieces import assembled, breakpoints, derivative, is_even, is_odd, pieces
from gainderive.symbols import parameter, x

theta = parameter("theta", positive=True)
FUNCTIONS = {
    "relu": (Max(x, 0), [0]),
    "clipped": (Min(Max(x + 3, 0), 6) / 6, [-3, 3]),
    "nested absolute values": (Abs(Abs(x) - 1), [-1, 0, 1]),
    "irrational": (Abs(x**2 - 2), [-sqrt(2), sqrt(2)]),
    "algebraic": (Abs(x**3 - x - 1), [CRootOf(x**3 - x - 1, 0)]),
    "symbolic": (Piecewise((x + theta, x < -theta), (0, x < theta), (x - theta, True)), [-theta, theta]),
    "three way maximum": (Max(x, -x, 1), [-1, 1]),
    "jumps": (sign(x) + Heaviside(x - 2), [0, 2]),
    "no kink at all": (Max(x, x - 1), []),
    "smooth": (exp(x), []),
}


@pytest.mark.parametrize(("f", "expected"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_breakpoints_are_exact(f: Expr, expected: list[Expr]) -> None:
    assert [p.lower for p in pieces(f)][1:] == expected


rationals = st.fractions(min_value=-4, max_value=4, max_denominator=8).map(
    lambda r: Rational(r.numerator, r.denominator)
)


@given(st.sampled_from([f for name, (f, _) in FUNCTIONS.items() if name != "symbolic"]), rationals)
def test_each_piece_is_the_function_there(f: Expr, at: Rational) -> None:
    for piece in pieces(f):
        if (piece.lower - at).is_negative and (at - piece.upper).is_negative:
            assert (piece.expr.subs(x, at) - f.subs(x, at)).simplify() == 0
            assert on_interval(f, piece.lower, piece.upper).subs(x, at) == piece.expr.subs(x, at)


def test_kinks_and_jumps_are_told_apart() -> None:
    kink, jump = breakpoints(Max(x, 0))[0], breakpoints(Heaviside(x))[0]
    assert kink.is_kink
    assert not kink.is_jump
    assert jump.is_jump
    assert jump.jump == 1


def test_derivative_almost_everywhere() -> None:
    assert derivative(Abs(x)) == Piecewise((-1, x < 0), (1, True))
    assert assembled(pieces(Max(x, 0))) == Piecewise((0, x < 0), (x, True))


def test_parity_sees_through_pieces() -> None:
    assert is_even(Abs(x))
    assert is_odd(sign(x) * x**2)
    assert not is_even(Max(x, 0))
    assert not is_odd(Max(x, 0))


def test_an_undecided_order_is_said_so() -> None:
    free = parameter("theta")
    with pytest.raises(Undecided, match="does not follow"):
        pieces(Piecewise((0, x < -free), (1, x < free), (x, True)))
    with pytest.raises(Undecided):
        pieces(Abs(sin(x)))


def test_the_checker_refuses_a_switch_inside_its_interval() -> None:
    with pytest.raises(Undecided):
        on_interval(Max(x, 0), Integer(-1), Integer(1))
    with pytest.raises(Undecided):
        on_interval(Abs(x**2 - 2), Integer(0), oo)
