"""All zeros are found, each is certified, and nothing else is taken for one."""

from __future__ import annotations

import pickle
from itertools import pairwise
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import (
    Abs,
    CRootOf,
    Expr,
    Integer,
    Max,
    Min,
    Piecewise,
    Rational,
    S,
    acot,
    asinh,
    atan,
    atanh,
    cos,
    erf,
    erfinv,
    exp,
    latex,
    log,
    oo,
    pi,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from gainderive import algebra
from gainderive.balls import evaluate, sign_of, working_precision
from gainderive.derivation._interval import on_interval
from gainderive.derivation._one_sign import sign_between
from gainderive.errors import Undecided
from gainderive.pieces import pieces
from gainderive.symbols import parameter, x
from gainderive.zeros import RealZero, real_zeros, sign_changes

mp = mpmath.MPContext()
mp.dps = 60
a = parameter("a", positive=True)

CLOSED = {
    "algebraic coefficients": (x**2 - sqrt(2), [-(2 ** Rational(1, 4)), 2 ** Rational(1, 4)]),
    "cube root": (x**3 - 5, [5 ** Rational(1, 3)]),
    "exponential": (exp(x) - 2, [log(2)]),
    "polynomial in an exponential": (exp(2 * x) - 3 * exp(x) + 2, [0, log(2)]),
    "both signs of the exponent": (exp(x) + exp(-x) - 4, [log(2 - sqrt(3)), log(2 + sqrt(3))]),
    "hyperbolic tangent": (tanh(x) - Rational(1, 2), [atanh(Rational(1, 2))]),
    "hyperbolic sine": (sinh(x) - 2, [asinh(2)]),
    "error function": (erf(x) - Rational(1, 3), [erfinv(Rational(1, 3))]),
    "error function out of range": (erf(x) - 2, []),
    "arc tangent": (atan(x) - 1, [tan(1)]),
    "nested": (log(1 + exp(x)) - 2, [log(exp(2) - 1)]),
    "inner cube": (tanh(x**3) - Rational(1, 2), [atanh(Rational(1, 2)) ** Rational(1, 3)]),
    "factors": (x * exp(x) - x, [0]),
    "coefficients that are not algebraic": (
        x**2 - pi * x + 1,
        [pi / 2 - sqrt(pi**2 - 4) / 2, pi / 2 + sqrt(pi**2 - 4) / 2],
    ),
    "a root": (sqrt(1 + x**2) - 2, [-sqrt(3), sqrt(3)]),
    "a parameter": (exp(x) - a, [log(a)]),
    "a parameter, out of range": (exp(x) + a, []),
    "another base": (2**x - 3, [log(3) / log(2)]),
    "touching": (exp(x) - 1 - x, [0]),
    "of third order": (x - sin(x), [0]),
    "quintic": (x**5 - x - 1, [CRootOf(x**5 - x - 1, 0)]),
}


@pytest.mark.parametrize(("function", "expected"), CLOSED.values(), ids=CLOSED)
def test_closed_forms_are_found(function: Expr, expected: list[Expr]) -> None:
    found = real_zeros(function)
    assert len(found) == len(expected)
    for zero, other in zip(found, expected, strict=True):
        assert algebra.is_zero(zero - other)


TRANSCENDENTAL: dict[str, tuple[Expr, Any, list[float]]] = {
    "x = cos x": (x - cos(x), lambda t: t - mp.cos(t), [0.7]),
    "x = -exp x": (x + exp(x), lambda t: t + mp.exp(t), [-0.6]),
    "tanh x = x/2": (tanh(x) - x / 2, lambda t: mp.tanh(t) - t / 2, [-1.9, 0, 1.9]),
    "exp x = x + 2": (exp(x) - x - 2, lambda t: mp.exp(t) - t - 2, [-1.8, 1.1]),
    "silu's level": (x / (1 + exp(-x)) + Rational(1, 4), lambda t: t / (1 + mp.exp(-t)) + 0.25, [-1.9, -0.8]),
    "x erf x": (x * erf(x) - Rational(1, 2), lambda t: t * mp.erf(t) - 0.5, [-0.7, 0.7]),
    "many": (sin(x) - x / 10, lambda t: mp.sin(t) - t / 10, [-8.4, -7.1, -2.9, 0, 2.9, 7.1, 8.4]),
    "polynomial over pi": (x**3 - pi * x - 1, lambda t: t**3 - mp.pi * t - 1, [-1.6, -0.3, 1.9]),
}


@pytest.mark.parametrize("name", TRANSCENDENTAL)
def test_all_zeros_are_found_to_any_precision(name: str) -> None:
    function, numeric, near = TRANSCENDENTAL[name]
    found = real_zeros(function)
    assert len(found) == len(near)
    for zero, start in zip(found, near, strict=True):
        truth = mp.findroot(numeric, start) if start else mp.mpf(0)
        assert abs(mp.mpf(str(zero.evalf(55))) - truth) < mp.mpf(10) ** -53
        with working_precision(180):
            ball = evaluate(zero, {})
            assert abs(float(ball.rad())) < 1e-50
            assert evaluate(function, {x: ball}).contains(0)


def test_infinitely_many_zeros_are_not_listed_but_those_of_an_interval_are() -> None:
    for function in (sin(x), cos(x), sin(x) * x, cos(5 * x) - Rational(1, 3), sin(exp(x))):
        with pytest.raises(Undecided, match="real zeros"):
            real_zeros(function)
    found = real_zeros(sin(30 * x), x, Integer(-1), Integer(1))
    assert sorted(round(float(zero) * 30 / 3.141592653589793) for zero in found) == list(range(-9, 10))


def test_zeros_that_touch_are_not_guessed() -> None:
    with pytest.raises(Undecided, match="touch"):
        real_zeros((x - cos(x)) ** 2 + 1 - cos(x - cos(x)))


def test_poles_are_places_where_the_sign_changes() -> None:
    assert set(sign_changes((x - 1) / (x + 2))) == {S.One, S(-2)}
    assert set(sign_changes(1 / sinh(x) + 1)) == {S.Zero, asinh(-1)} or len(sign_changes(1 / sinh(x) + 1)) == 2


# -- the number ---------------------------------------------------------------------------------

FIXED = RealZero.isolated(x - cos(x), S.Zero, S.One)


def test_the_same_zero_is_the_same_number() -> None:
    for function, low, high in (
        (2 * cos(x) - 2 * x, Rational(1, 5), S.One),
        (x - cos(x), Rational(7, 10), Rational(4, 5)),
    ):
        again = RealZero.isolated(function, low, high)
        assert again == FIXED
        assert hash(again) == hash(FIXED)
    assert pickle.loads(pickle.dumps(FIXED)) == FIXED
    assert RealZero.isolated(x - cos(x) - Rational(1, 10**9), S.Zero, S.One) != FIXED


def test_it_behaves_as_a_real_number() -> None:
    assert FIXED.is_real
    assert FIXED.is_positive
    assert not FIXED.free_symbols
    assert FIXED.subs(x, 3) == FIXED
    assert Rational(7390851332151607, 10**16) > FIXED
    assert Rational(7390851332151606, 10**16) < FIXED
    assert Max(FIXED, Rational(1, 2)) == FIXED
    assert abs((FIXED - cos(FIXED)).evalf(40, chop=True)) < Rational(1, 10**39)
    assert Piecewise((1, x < FIXED), (2, True)).subs(x, S(1) / 2) == 1
    assert str(FIXED) == "zero(x - cos(x), 0.739)"
    assert latex(FIXED**2) == r"\operatorname{zero}_{0.739}\left(x - \cos{\left(x \right)}\right)^{2}"


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [
        (x - cos(x), Rational(8, 10), S.One),
        (x - cos(x), S.One, S.Zero),
        (sin(5 * x), -S.One, S.One),
        (x**2, -S.One, S.One),
        (1 / x, -S.One, S.One),
        (tan(x), S.One, S(2)),
        (log(x), S.Zero, S(2)),
        (acot(x), -S.One, S.One),
        (x - a, S.Zero, S.One),
    ],
    ids=str,
)
def test_what_is_not_certified_is_refused(function: Expr, low: Expr, high: Expr) -> None:
    with pytest.raises(Undecided, match="exactly one zero"):
        RealZero(function, low, high)


def test_the_sign_of_a_number() -> None:
    assert sign_of(exp(pi) - pi - 20) == -1
    assert sign_of(FIXED - Rational(739, 1000)) == 1
    assert sign_of(a) is None
    assert sign_of(sqrt(2) * sqrt(3) - sqrt(6) + log(2) + log(3) - log(6)) is None


# -- the checker --------------------------------------------------------------------------------

SWITCHING: dict[str, Expr] = {
    "x or cos x": Max(x, cos(x)),
    "clipped exponential": Max(x + exp(x), 0),
    "bump or line": Max(exp(-(x**2)), x),
    "where": Piecewise((x, tanh(x) > x / 2), (0, True)),
    "absolute level": Abs(exp(x) - 2),
    "clipped tanh": Min(Max(tanh(x), -Rational(1, 3)), Rational(1, 2)),
    "nested": Abs(Abs(tanh(x)) - Rational(1, 3)),
    "error function": Max(erf(x) - Rational(1, 3), 0),
    "silu's level": Max(x / (1 + exp(-x)), -Rational(1, 4)),
    "algebraic coefficients": Abs(x**2 - sqrt(2)),
    "many": Max(sin(x), x / 10),
    "third order": Abs(x - sin(x)),
    "a pole": Abs(1 / x - 2),
    "a parameter": Max(exp(x) - a, 0),
}


@pytest.mark.parametrize("name", SWITCHING)
def test_the_checker_follows_what_the_engine_finds(name: str) -> None:
    f = SWITCHING[name]
    parts = pieces(f)
    assert len(parts) > 1
    for part in parts:
        assert algebra.equal(on_interval(f, part.lower, part.upper), part.expr)


@pytest.mark.parametrize("name", [name for name in SWITCHING if name != "a parameter"])
@pytest.mark.parametrize("factor", [Rational(99, 100), Rational(101, 100)])
def test_an_end_moved_by_a_percent_is_refused(name: str, factor: Rational) -> None:
    f = SWITCHING[name]
    for left, right in pairwise(pieces(f)):
        moved = right.lower * factor if right.lower != 0 else factor - 1
        # One of the two intervals now has the kink inside.
        lower, upper = (left.lower, moved) if sign_of(moved - right.lower) == 1 else (moved, right.upper)
        with pytest.raises(Undecided):
            on_interval(f, lower, upper)


@pytest.mark.parametrize(
    "name", [name for name in SWITCHING if len(pieces(SWITCHING[name])) > 2 and name != "a parameter"]
)
def test_a_missed_kink_is_refused(name: str) -> None:
    f = SWITCHING[name]
    parts = pieces(f)
    for left, right in pairwise(parts):
        with pytest.raises(Undecided):
            on_interval(f, left.lower, right.upper)


def test_a_jump_is_no_zero() -> None:
    # The inverse cotangent jumps from -pi/2 to pi/2, and its slope keeps one sign all the while.
    for ends in ((-oo, oo), (-S.One, S.One)):
        with pytest.raises(Undecided):
            sign_between(acot(x), *ends)
    assert sign_between(acot(x), Rational(1, 10), S.One) == 1


def test_an_end_that_is_only_near_a_zero_is_refused() -> None:
    near = Rational(str(FIXED.evalf(60)))
    assert sign_between(x - cos(x), FIXED, oo) == 1
    for end in (near - Rational(1, 10**50), near - Rational(1, 10**3), FIXED - Rational(1, 10**50)):
        with pytest.raises(Undecided):
            sign_between(x - cos(x), end, oo)
    with pytest.raises(Undecided):
        sign_between(sin(x), S.Zero, oo)


@given(
    st.lists(st.sampled_from([-2, -1, 1, 2, 3]), min_size=3, max_size=3),
    st.sampled_from([tanh(x), exp(x), exp(-(x**2)), cos(x), atan(x), x**3 / 10]),
)
def test_random_switches(coefficients: list[int], bent: Expr) -> None:
    slope, offset, size = coefficients
    f = Abs(slope * x + Rational(offset, 3) + size * bent)
    for part in pieces(f, merge=False):
        assert algebra.equal(on_interval(f, part.lower, part.upper), part.expr)


def test_a_parameter_may_have_any_name() -> None:
    # Nothing inside may take a user's symbol for one of its own.
    for name in ("t", "x_", "the generator of a polynomial"[:3], "q", "g"):
        assert real_zeros(parameter(name) - x) == (parameter(name),)
