"""Enclosures hold the true value, are as narrow as asked, and are refused where there is nothing to enclose."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
import pytest
from flint import acb, arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    CRootOf,
    Ei,
    EulerGamma,
    Expr,
    Float,
    Heaviside,
    LambertW,
    Max,
    Min,
    Piecewise,
    Rational,
    S,
    Si,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    coth,
    erf,
    erf2,
    erfc,
    erfi,
    exp,
    fresnels,
    gamma,
    log,
    oo,
    pi,
    sec,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
    zeta,
)

from gainderive.balls import Growth, HalfLine
from gainderive.enclosure import Enclosure, ball, enclose, mean_ball
from gainderive.enclosure._residues import rational_form, residue_rule
from gainderive.enclosure._strip import analytic_height, trapezoid
from gainderive.errors import BadDigits, BadExpression, BadParameter, MomentDiverges, Undecided
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.pieces import derivative, pieces
from gainderive.symbols import parameter, q, x, z

mp = mpmath.MPContext()
mp.dps = 70


def mean(f: Any, second_moment: Any = 1) -> GaussMean:
    return GaussMean(f, x, second_moment)


def reference(f: Any, kinks: tuple[Any, ...] = (0,), second_moment: Any = 1) -> Any:
    """Return the mean of the mpmath function `f` by mpmath's own quadrature, at 70 digits, split finely."""
    reach = 40 * mp.sqrt(second_moment)
    inner = [mp.mpf(k) for k in range(-8, 9) if k] + [mp.mpf(k) for k in kinks]
    points = sorted({-reach, *inner, reach})
    return mp.fsum(
        mp.quad(lambda t: f(t) * mp.exp(-t * t / (2 * second_moment)), list(pair), maxdegree=9)
        for pair in pairwise(points)
    ) / mp.sqrt(2 * mp.pi * second_moment)


def assert_holds(result: Enclosure, truth: Any, error: str = "1e-55") -> None:
    """The true value (known up to `error`) lies inside; the interval is as narrow as promised."""
    true, slack = Fraction(Decimal(mp.nstr(truth, 68))), Fraction(error) * max(1, Fraction(Decimal(mp.nstr(truth, 68))))
    assert Fraction(result.lower) - slack <= true <= Fraction(result.upper) + slack, (str(result), truth)
    least = min(abs(Fraction(result.lower)), abs(Fraction(result.upper)))
    assert Fraction(result.upper) - Fraction(result.lower) <= 2 * least / 10**result.digits


ROOT = CRootOf(x**5 - x - 1, 0)
ROOT_VALUE = mp.findroot(lambda t: t**5 - t - 1, 1.2)
HALF, ONE = exp(Rational(1, 2)) * erfc(1 / sqrt(2)), exp(2) * erfc(sqrt(2))
SELU_ALPHA = sqrt(2 / pi) / (1 - HALF)
SELU_SCALE = 1 / sqrt(SELU_ALPHA**2 * (ONE / 2 - HALF + Rational(1, 2)) + Rational(1, 2))
selu = Piecewise((SELU_SCALE * SELU_ALPHA * (exp(x) - 1), x < 0), (SELU_SCALE * x, True))


def phi(t: Any) -> Any:
    return mp.ncdf(t)


FUNCTIONS: dict[str, tuple[Expr, Any, tuple[Any, ...]]] = {
    "tanh squared": (tanh(x) ** 2, lambda t: mp.tanh(t) ** 2, ()),
    "sigmoid squared": ((1 / (1 + exp(-x))) ** 2, lambda t: (1 / (1 + mp.exp(-t))) ** 2, ()),
    "leaky relu squared": (
        Piecewise((x / 100, x < 0), (x, True)) ** 2,
        lambda t: t * t if t > 0 else t * t / 10**4,
        (0,),
    ),
    "elu squared": (
        Piecewise((exp(x) - 1, x < 0), (x, True)) ** 2,
        lambda t: t * t if t > 0 else mp.expm1(t) ** 2,
        (0,),
    ),
    "abs": (Abs(x), abs, (0,)),
    "max of two lines": (Max(x - 1, -x / 3), lambda t: max(t - 1, -t / 3), (mp.mpf(3) / 4,)),
    "relu6 squared": (Min(Max(x, 0), 6) ** 2, lambda t: min(max(t, 0), 6) ** 2, (0, 6)),
    "tilted power": (x**6 * exp(3 * x / 2), lambda t: t**6 * mp.exp(3 * t / 2), ()),
    "softplus": (log(1 + exp(x)), lambda t: mp.log1p(mp.exp(t)), ()),
    "softplus squared": (log(1 + exp(x)) ** 2, lambda t: mp.log1p(mp.exp(t)) ** 2, ()),
    "gelu squared": ((x * (1 + erf(x / sqrt(2))) / 2) ** 2, lambda t: (t * phi(t)) ** 2, ()),
    "mish squared": (
        (x * tanh(log(1 + exp(x)))) ** 2,
        lambda t: (t * mp.tanh(mp.log1p(mp.exp(t)))) ** 2,
        (),
    ),
    "hypot": (sqrt(1 + x**2), lambda t: mp.sqrt(1 + t * t), ()),
    "softsign squared": ((x / (1 + Abs(x))) ** 2, lambda t: (t / (1 + abs(t))) ** 2, (0,)),
    "kink at sqrt 2": (
        Piecewise((x, x < sqrt(2)), (exp(-x), True)),
        lambda t: t if t < mp.sqrt(2) else mp.exp(-t),
        (mp.sqrt(2),),
    ),
    "kink at a root of a quintic": (Abs(x**5 - x - 1), lambda t: abs(t**5 - t - 1), (ROOT_VALUE,)),
    "jump": (Heaviside(x - 1), lambda t: mp.mpf(t > 1), (1,)),
    "sign times x": (x * sign(x), abs, (0,)),
    "bump": (exp(-(x**4)), lambda t: mp.exp(-(t**4)), ()),
    "double exponential": (exp(-exp(x)), lambda t: mp.exp(-mp.exp(t)), ()),
    "snake squared": ((x + sin(x) ** 2) ** 2, lambda t: (t + mp.sin(t) ** 2) ** 2, ()),
    "arctangent squared": (atan(x) ** 2, lambda t: mp.atan(t) ** 2, ()),
    "inverse sinh squared": (asinh(x) ** 2, lambda t: mp.asinh(t) ** 2, ()),
    "sinh squared": (sinh(x) ** 2, lambda t: mp.sinh(t) ** 2, ()),
    "serf": (x * erf(log(1 + exp(x))), lambda t: t * mp.erf(mp.log1p(mp.exp(t))), ()),
    "fast growth against fast decay": (
        exp(x**2 / 3) * erfc(x),
        lambda t: mp.exp(t * t / 3) * mp.erfc(t),
        (),
    ),
    "decay that begins late": (exp(5 * x**2 - x**4), lambda t: mp.exp(5 * t**2 - t**4), ()),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_value_is_inside_and_the_interval_narrow(name: str) -> None:
    f, function, kinks = FUNCTIONS[name]
    truth = reference(function, kinks)
    results = [enclose(mean(f), digits) for digits in (1, 5, 15, 50)]
    for result in results:
        assert_holds(result, truth)
    for wide, narrow in pairwise(results):
        assert wide.overlaps(narrow)
        assert narrow.rad < wide.rad or narrow.rad == 0
        # Ends rounded to more digits may stick out by their rounding only.
        assert narrow.mid in wide


def test_relu_and_its_derivative() -> None:
    relu = Max(x, 0)
    for digits in (1, 15, 300):
        assert Rational(1, 2) in enclose(mean(relu**2), digits)
        assert Rational(1, 2) in enclose(mean(derivative(relu) ** 2), digits)
        assert enclose(mean(relu), digits).contains(1 / sqrt(2 * pi))


def test_selu_normalises_exactly() -> None:
    second, first = enclose(mean(selu**2), 50), enclose(mean(selu), 50)
    assert 1 in second
    assert 0 in first
    assert first.rad <= Decimal("1e-50")


def test_300_digits_against_an_independent_closed_form() -> None:
    result = enclose(mean(erf(x) ** 2), 300)
    assert result.contains(2 * atan(2 / sqrt(5)) / pi)
    assert result.is_narrow
    assert not result.contains(2 * atan(2 / sqrt(5)) / pi + Rational(1, 10**298))


@pytest.mark.parametrize("second_moment", [Rational(1, 7), 4, sqrt(2), 1 / pi])
def test_other_second_moments(second_moment: Any) -> None:
    value = mp.mpf(S(second_moment).evalf(70))
    assert_holds(enclose(mean(tanh(x) ** 2, second_moment), 30), reference(lambda t: mp.tanh(t) ** 2, (), value))
    assert enclose(mean(Max(x, 0) ** 2, second_moment), 40).contains(S(second_moment) / 2)
    assert enclose(mean(exp(x), second_moment), 40).contains(exp(S(second_moment) / 2))


def test_a_ball_as_second_moment_covers_all_its_values() -> None:
    with_ball = mean_ball(tanh(x) ** 2, arb(1, 0.01), 60)
    for inside in (Rational(99, 100), 1, Rational(101, 100)):
        assert with_ball.overlaps(mean_ball(tanh(x) ** 2, inside, 60))
    assert not with_ball.overlaps(mean_ball(tanh(x) ** 2, Rational(105, 100), 60))


def test_integrals_over_a_part_of_the_line() -> None:
    a, b = Rational(-1, 3), sqrt(2)
    parts = [GaussIntegral(exp(x), x, 1, *ends) for ends in ((-oo, a), (a, b), (b, oo))]
    assert enclose(sum(parts), 30).contains(exp(Rational(1, 2)))
    inside = enclose(GaussIntegral(x**2, x, 1, a, b), 30)
    truth = mp.quad(lambda t: t * t * mp.npdf(t), [-mp.mpf(1) / 3, 0, mp.sqrt(2)])
    assert_holds(inside, truth)


def test_an_integral_between_a_kink_and_a_ball_around_it() -> None:
    kink = ball(sqrt(2), 40)
    value = mean_ball(Max(x - sqrt(2), 0), 1, 60, kink, oo)
    assert value.overlaps(mean_ball(Max(x - sqrt(2), 0), 1, 60))


def test_parity() -> None:
    assert enclose(mean(tanh(x) * x**2)) == Enclosure(Decimal(0), Decimal(0), 15)
    assert enclose(mean(x * Abs(x)), 30).contains(0)
    even = enclose(mean(x * tanh(x)), 30)
    halves = [enclose(GaussIntegral(x * tanh(x), x, 1, *ends), 30) for ends in ((-oo, 0), (0, oo))]
    assert even.to_arb().overlaps(halves[0].to_arb() + halves[1].to_arb())


def test_a_mean_that_is_zero_without_being_odd() -> None:
    result = enclose(mean(x**2 + x - 1), 20)
    assert 0 in result
    assert result.rad <= Decimal("1e-20")


def test_tiny_and_huge_means_keep_their_relative_accuracy() -> None:
    assert enclose(mean(exp(30 * x)), 25).contains(exp(450))
    assert enclose(mean(erfc(x + 20)), 25).contains(erfc(20 / sqrt(3)))


def test_expressions_around_means() -> None:
    gain = enclose(1 / sqrt(mean(tanh(x) ** 2)), 40)
    assert_holds(gain, 1 / mp.sqrt(reference(lambda t: mp.tanh(t) ** 2, ())))
    variance = enclose(mean(Max(x, 0) ** 2) - mean(Max(x, 0)) ** 2, 40)
    assert variance.contains(Rational(1, 2) - 1 / (2 * pi))


CLOSED = [
    (sqrt(2), lambda: mp.sqrt(2)),
    (SELU_SCALE, lambda: mp.mpf("1.0507009873554804934193349852946")),
    (ROOT, lambda: ROOT_VALUE),
    (gamma(Rational(1, 3)), lambda: mp.gamma(mp.mpf(1) / 3)),
    (cosh(1) ** Rational(2, 3), lambda: mp.cosh(1) ** (mp.mpf(2) / 3)),
    (Float("0.1"), lambda: mp.mpf(0.1)),
    (Abs(1 - sqrt(2)), lambda: mp.sqrt(2) - 1),
]


@pytest.mark.parametrize(("expr", "truth"), CLOSED, ids=lambda v: str(v)[:20])
def test_closed_forms(expr: Expr, truth: Any) -> None:
    assert_holds(enclose(expr, 25), truth(), "1e-31")


def test_very_many_digits() -> None:
    result = enclose(sqrt(2), 100_000)
    assert Fraction(result.lower) ** 2 < 2 < Fraction(result.upper) ** 2
    assert str(result).startswith("1.41421356237309504880")
    assert str(result).endswith("e-100000")
    assert Rational(1, 2) in enclose(mean(Max(x, 0) ** 2), 500)


def test_exact_values_are_exact() -> None:
    assert enclose(S(2)) == Enclosure(Decimal(2), Decimal(2), 15)
    assert str(enclose(Rational(1, 8))) == "0.125"
    assert str(enclose(S(20)).lower) == "20"


def test_roots_of_a_polynomial_come_in_order() -> None:
    roots = [ball(CRootOf(x**5 - 3 * x + 1, k), 80) for k in range(3)]
    assert roots[0] < roots[1] < roots[2]
    for root in roots:
        assert root.rad() < 1e-22
        assert (root**5 - 3 * root + 1).contains(0)


# -- random functions ---------------------------------------------------------------------------


rationals = st.fractions(min_value=-3, max_value=3, max_denominator=7)
terms = st.tuples(rationals, st.integers(0, 3), st.fractions(min_value=-2, max_value=2, max_denominator=3))
branches = st.lists(terms, min_size=1, max_size=2)


def as_sympy(branch: list[tuple[Fraction, int, Fraction]]) -> Expr:
    return sum((Rational(c) * x**n * exp(Rational(k) * x) for c, n, k in branch), S.Zero)


def antiderivative_free_mean(branch: list[tuple[Fraction, int, Fraction]], a: Any, b: Any) -> Any:
    """E[sum c x^n e^(kx); a < x < b] by completing the square and the recurrence of truncated moments (mpmath)."""

    def moment(n: int, low: Any, high: Any) -> Any:
        if n == 0:
            return mp.ncdf(high) - mp.ncdf(low)

        def edge(t: Any) -> Any:
            return mp.mpf(0) if mp.isinf(t) else t ** (n - 1) * mp.npdf(t)

        return edge(low) - edge(high) + ((n - 1) * moment(n - 2, low, high) if n > 1 else 0)

    total = mp.mpf(0)
    for c, n, k in branch:
        tilt = mp.mpf(k.numerator) / k.denominator
        size = mp.mpf(c.numerator) / c.denominator * mp.exp(tilt * tilt / 2)
        total += size * mp.fsum(
            mp.binomial(n, j) * tilt ** (n - j) * moment(j, a - tilt, b - tilt) for j in range(n + 1)
        )
    return total


@settings(max_examples=40)
@given(st.lists(branches, min_size=2, max_size=3), st.lists(rationals, min_size=2, max_size=2, unique=True))
def test_random_piecewise_functions(parts: list[Any], points: list[Fraction]) -> None:
    points = sorted(points)[: len(parts) - 1]
    f = Piecewise(
        *[(as_sympy(p), x < Rational(t)) for p, t in zip(parts, points, strict=False)], (as_sympy(parts[-1]), True)
    )
    ends = [-mp.inf, *(mp.mpf(t.numerator) / t.denominator for t in points), mp.inf]
    truth = mp.fsum(antiderivative_free_mean(p, a, b) for p, (a, b) in zip(parts, pairwise(ends), strict=True))
    result = enclose(mean(f), 20)
    if abs(truth) > mp.mpf("1e-15"):
        assert_holds(result, truth)
    else:
        assert abs(Fraction(result.mid)) <= Fraction("1e-14")


# -- kinks anywhere -----------------------------------------------------------------------------

FIXED = mp.findroot(lambda t: t - mp.cos(t), 0.7)
OMEGA = mp.findroot(lambda t: t + mp.exp(t), -0.6)
LEVEL = mp.findroot(lambda t: mp.tanh(t) - t / 2, 1.9)

KINKED: dict[str, tuple[Expr, Any, tuple[Any, ...]]] = {
    "maximum of x and cosine": (Max(x, cos(x)) ** 2, lambda t: max(t, mp.cos(t)) ** 2, (FIXED,)),
    "clipped sum": (Max(x + exp(x), 0) ** 2, lambda t: max(t + mp.exp(t), 0) ** 2, (OMEGA,)),
    "jumps at transcendental points": (
        Piecewise((x, tanh(x) > x / 2), (exp(-x), True)),
        lambda t: t if mp.tanh(t) > t / 2 else mp.exp(-t),
        (-LEVEL, 0, LEVEL),
    ),
    "level of tanh": (Max(tanh(x), Rational(1, 2)), lambda t: max(mp.tanh(t), mp.mpf(1) / 2), (mp.atanh(0.5),)),
    "level of erf": (
        Abs(erf(x) - Rational(1, 3)),
        lambda t: abs(mp.erf(t) - mp.mpf(1) / 3),
        (mp.erfinv(mp.mpf(1) / 3),),
    ),
    "infinitely many kinks": (Abs(sin(x)), lambda t: abs(mp.sin(t)), tuple(k * mp.pi for k in range(-12, 13))),
    "infinitely many, with growth": (
        Max(sin(2 * x), 0) * x**2,
        lambda t: max(mp.sin(2 * t), 0) * t * t,
        tuple(k * mp.pi / 2 for k in range(-24, 25)),
    ),
    "infinitely many jumps": (
        Heaviside(cos(x)) * exp(x),
        lambda t: mp.exp(t) if mp.cos(t) > 0 else mp.mpf(0),
        tuple((k + mp.mpf(1) / 2) * mp.pi for k in range(-12, 13)),
    ),
    "finitely many kinks of a wave": (
        Max(cos(5 * x), x / 4) ** 2,
        lambda t: max(mp.cos(5 * t), t / 4) ** 2,
        tuple(
            mp.findroot(lambda t: mp.cos(5 * t) - t / 4, (a, b), solver="anderson")
            for a, b in pairwise([k * mp.pi / 5 for k in range(-8, 9)])
            if (mp.cos(5 * a) - a / 4) * (mp.cos(5 * b) - b / 4) < 0
        ),
    ),
}


@pytest.mark.parametrize("name", KINKED)
def test_kinks_at_irrational_points(name: str) -> None:
    f, function, kinks = KINKED[name]
    truth = reference(function, kinks)
    for digits in (15, 45):
        assert_holds(enclose(mean(f), digits), truth, "1e-50")


def test_a_dropped_kink_would_be_seen() -> None:
    f = KINKED["infinitely many, with growth"][0]
    # The same integral without the kinks as ends of panels is wrong by more than the interval is wide.
    one_sided = enclose(mean(sin(2 * x) * x**2 * Heaviside(sin(2 * x)) * Heaviside(x)), 20)
    both = enclose(mean(f), 20)
    assert not one_sided.overlaps(both)
    assert both.contains(0) is False


def test_a_thousand_digits() -> None:
    for f in (tanh(x) ** 2, (1 / (1 + exp(-x))) ** 2, Max(x - sqrt(2), 0) ** 2, Max(x + exp(x), 0) ** 2):
        wide, narrow = enclose(mean(f), 900), enclose(mean(f), 1000)
        assert narrow.is_narrow
        assert narrow.mid in wide
    assert enclose(mean(Max(x, 0) * x), 1000).contains(Rational(1, 2))


@settings(max_examples=25)
@given(
    st.lists(branches, min_size=3, max_size=4),
    st.lists(st.integers(1, 30), min_size=3, max_size=3, unique=True),
    st.sampled_from(["sqrt", "log", "exponential"]),
)
def test_random_piecewise_functions_with_irrational_kinks(parts: list[Any], levels: list[int], kind: str) -> None:
    levels = sorted(levels)[: len(parts) - 1]
    # x**3 < n, exp(x) < n, and x < sqrt(n) are the kinks n**(1/3), log(n), sqrt(n).
    bound, place = {
        "sqrt": (lambda n: x < sqrt(n), mp.sqrt),
        "log": (lambda n: exp(x) < n, mp.log),
        "exponential": (lambda n: x**3 < n, mp.cbrt),
    }[kind]
    cases = [(as_sympy(p), bound(n)) for p, n in zip(parts, levels, strict=False)]
    f = Piecewise(*cases, (as_sympy(parts[len(levels)]), True))
    ends = [-mp.inf, *(place(mp.mpf(n)) for n in levels), mp.inf]
    used = parts[: len(levels) + 1]
    truth = mp.fsum(antiderivative_free_mean(p, a, b) for p, (a, b) in zip(used, pairwise(ends), strict=True))
    if abs(truth) > mp.mpf("1e-15"):
        assert_holds(enclose(mean(f), 35), truth)


# -- all functions ------------------------------------------------------------------------------

ELEMENTARY: dict[str, tuple[Expr, Any, tuple[Any, ...]]] = {
    "tanh of a cube": (tanh(x**3), lambda t: mp.tanh(t**3) ** 2, ()),
    "logarithm": (log(1 + x**2), lambda t: mp.log1p(t * t) ** 2, ()),
    "exponential of the size": (exp(-Abs(x)), lambda t: mp.exp(-2 * abs(t)), (0,)),
    "chirp": (sin(x**2), lambda t: mp.sin(t * t) ** 2, tuple(mp.mpf(k) / 2 for k in range(-18, 19))),
    "power three halves": (Abs(x) ** Rational(3, 2), lambda t: abs(t) ** 3, (0,)),
    "cosine of an exponential": (cos(exp(x / 4)), lambda t: mp.cos(mp.exp(t / 4)) ** 2, (9, 10, 11, 12, 14, 16, 20)),
    "arc sine": (asin(tanh(x)), lambda t: mp.asin(mp.tanh(t)) ** 2, ()),
    "arc cosine": (acos(sin(x) / 2), lambda t: mp.acos(mp.sin(t) / 2) ** 2, ()),
    "secant": (sec(tanh(x)), lambda t: mp.sec(mp.tanh(t)) ** 2, ()),
    "inverse hyperbolic cosine": (acosh(2 + x**2), lambda t: mp.acosh(2 + t * t) ** 2, ()),
    "inverse hyperbolic tangent": (atanh(tanh(x) / 2), lambda t: mp.atanh(mp.tanh(t) / 2) ** 2, ()),
    "difference of error functions": (erf2(x, x + 1), lambda t: (mp.erf(t + 1) - mp.erf(t)) ** 2, ()),
    "imaginary error function": (erfi(x / 3), lambda t: mp.erfi(t / 3) ** 2, (12, -12, 20, -20)),
    "exponential integral": (Ei(-1 - x**2), lambda t: mp.ei(-1 - t * t) ** 2, ()),
    "sine integral": (Si(x), lambda t: mp.si(t) ** 2, ()),
    "Lambert's function": (LambertW(exp(x)), lambda t: mp.lambertw(mp.exp(t)).real ** 2, ()),
    "general power": ((1 + x**2) ** (x / 10), lambda t: (1 + t * t) ** (t / 5), ()),
    "logarithm of a hyperbolic cosine": (log(cosh(x)), lambda t: mp.log(mp.cosh(t)) ** 2, ()),
    "just as the weight falls": (exp(x**2 / 4) / (1 + x**2), None, ()),
}


@pytest.mark.parametrize("name", ELEMENTARY)
def test_every_elementary_function(name: str) -> None:
    f, square, kinks = ELEMENTARY[name]
    truth = mp.sqrt(mp.pi / 8) if square is None else reference(square, kinks)
    for digits in (15, 30):
        assert_holds(enclose(mean(f**2), digits), truth, "1e-38")


REMOVABLE: dict[str, tuple[Expr, Any]] = {
    "sinc": (sin(x) / x, lambda t: mp.sin(t) / t),
    "sinc squared": ((sin(x) / x) ** 2, lambda t: (mp.sin(t) / t) ** 2),
    "difference quotient of exp": ((exp(x) - 1) / x, lambda t: mp.expm1(t) / t),
    "Bernoulli's function": (x / (exp(x) - 1), lambda t: t / mp.expm1(t)),
    "tanh over x": (tanh(x) / x, lambda t: mp.tanh(t) / t),
    "x coth x": (x * coth(x), lambda t: t / mp.tanh(t)),
    "logarithm": (log(Abs(x)), lambda t: mp.log(abs(t))),
    "logarithm elsewhere": (log(Abs(x - Rational(1, 3))), lambda t: mp.log(abs(t - mp.mpf(1) / 3))),
    "root in the denominator": (Abs(x) ** Rational(-1, 3), lambda t: abs(t) ** (-mp.mpf(1) / 3)),
}


@pytest.mark.parametrize("name", REMOVABLE)
def test_singular_points_that_do_no_harm(name: str) -> None:
    f, function = REMOVABLE[name]
    truth = reference(lambda t: function(t) if t else mp.mpf(0), (0, mp.mpf(1) / 3))
    for digits in (12, 25):
        assert_holds(enclose(mean(f), digits), truth, "1e-28")


def test_a_fresnel_integral_by_steins_lemma() -> None:
    # E x S(x) = E S'(x) = E sin(pi x^2/2), the imaginary part of (1 - i pi)^(-1/2).
    assert enclose(mean(x * fresnels(x)), 40).contains((1 + pi**2) ** Rational(-1, 4) * sin(atan(pi) / 2))


def test_a_logarithm_in_closed_form() -> None:
    assert enclose(mean(log(Abs(x))), 60).contains(-(EulerGamma + log(2)) / 2)


@pytest.mark.parametrize("f", [1 / Abs(x), log(Abs(x)) / x, 1 / (x * log(Abs(x)) ** 2), sin(x) / x**2], ids=str)
def test_what_harms_is_not_taken_for_harmless(f: Expr) -> None:
    with pytest.raises((MomentDiverges, Undecided)):
        enclose(mean(f), 10)


# -- past poles ---------------------------------------------------------------------------------

SIGMOID = 1 / (1 + exp(-x))
MEROMORPHIC = {
    "tanh": tanh(x) ** 2,
    "sigmoid": SIGMOID**2,
    "SiLU": (x * SIGMOID) ** 2,
    "Mish": (x * tanh(log(1 + exp(x)))) ** 2,
    "quick GELU": (x / (1 + exp(-Rational(1702, 1000) * x))) ** 2,
    "scaled tanh": Rational(17159, 10000) ** 2 * tanh(2 * x / 3) ** 2,
    "derivative of tanh": (1 - tanh(x) ** 2) ** 2,
    "tanhshrink": (x - tanh(x)) ** 2,
    "hyperbolic secant": 1 / cosh(x),
}


@pytest.mark.parametrize("name", MEROMORPHIC)
@pytest.mark.parametrize("second_moment", [1, 3, Rational(1, 5)])
def test_residues_and_the_adaptive_integral_agree(name: str, second_moment: Any) -> None:
    f = MEROMORPHIC[name]
    assert rational_form(f) is not None
    for digits in (10, 30, 80):
        whole = enclose(mean(f, second_moment), digits).to_arb()
        halves = [GaussIntegral(f, x, second_moment, *ends) for ends in ((-oo, Rational(1, 3)), (Rational(1, 3), oo))]
        assert whole.overlaps(enclose(sum(halves), digits).to_arb())


def test_a_rule_without_one_of_its_poles_is_wrong() -> None:
    form = rational_form(tanh(x) ** 2)
    assert form is not None

    def weighted(z: Any, _: bool) -> Any:
        return z.tanh() * z.tanh() * (-z * z / 2).exp()

    rule = residue_rule(form, weighted, arb(1) / 2, 9.0, 100, arb(10) ** -16, even=True)
    assert rule is not None
    assert rule.poles
    truth = arb(str(reference(lambda t: mp.tanh(t) ** 2) * mp.sqrt(mp.pi / 2)) + " +/- 1e-40")
    assert rule().overlaps(truth)
    assert not replace(rule, poles=rule.poles[:-1])().overlaps(truth)
    assert not replace(rule, nodes=rule.nodes[:-8])().overlaps(truth)


@pytest.mark.parametrize("f", [1 / (1 - exp(x)), erf(x), exp(x) * x, sqrt(1 + exp(x)), x / sinh(x), exp(x**2)], ids=str)
def test_other_functions_have_no_rational_form(f: Expr) -> None:
    assert rational_form(f) is None


# -- growth -------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("name", [*FUNCTIONS, "sine of x", "reciprocal cosh", "power of e", "sum of opposite signs"])
def test_growth_bounds_hold_where_they_claim(name: str, side: int) -> None:
    extra = {
        "sine of x": sin(x) * x,
        "reciprocal cosh": 1 / cosh(x) ** 3,
        "power of e": exp(-x * tanh(x)),
        "sum of opposite signs": 1 / (x**3 - 2 * x**2 + exp(-(x**2))),
    }
    f = pieces(extra[name] if name in extra else FUNCTIONS[name][0])[-1 if side > 0 else 0].expr
    for start in (1, 4):
        line = HalfLine(side, fmpq(start), lambda c: ball(c, 64))
        tail = line.tail(f)
        for t in (start, start + Rational(1, 3), 2 * start + 1, 5 * start + 2):
            value = ball(f, 64, {x: side * S(t)})
            place = fmpq(int(Rational(t).p), int(Rational(t).q))
            if tail.high is not None:
                assert not abs(value) > tail.high.at(place)
            if tail.low is not None:
                assert not abs(value) < tail.low.at(place)
            if tail.sign:
                assert not value * tail.sign < 0
            for bound, way in ((tail.above, 1), (tail.below, -1)):
                if bound is not None:
                    line_value = bound[0] + bound[1] * place + bound[2] * place * place
                    assert not way * value > way * arb(line_value)


def test_a_tail_bound_is_at_least_the_tail() -> None:
    growth = Growth(arb(2), fmpq(3), fmpq(1))
    bound = growth.tail(fmpq(1), fmpq(4))
    assert bound is not None
    truth = mp.quad(lambda t: 2 * (1 + t) ** 3 * mp.exp(t - t * t), [4, 6, 10, 20])
    assert truth < mp.mpf(str(float(bound.upper()))) < 2 * truth


# -- the strip ----------------------------------------------------------------------------------


def test_the_strip_ends_below_the_nearest_singularity() -> None:
    for function, height in (
        (lambda z, _: z.tanh(), 1.5707963),
        (lambda z, a: (z * z + 1).sqrt(analytic=a), 1.0),
        (lambda z, a: (1 + z.exp()).log(analytic=a), 3.1415926),
        (lambda z, _: 1 / (z * z - 6 * z + 10), 1.0),
        (lambda z, a: z.sqrt(analytic=a), 0.0),
    ):
        assert height / 2 <= analytic_height(function, 8.0, even=False) <= height
    assert analytic_height(lambda z, _: z.erf(), 8.0, even=False) == 8


@pytest.mark.parametrize("digits", [1, 2, 4, 8])
def test_the_remainder_covers_the_error_of_the_sum(digits: int) -> None:
    def integrand(z: Any, _: bool) -> Any:
        return z.tanh() * z.tanh() * (-z * z / 2).exp()

    rule = trapezoid(integrand, 1.5, 16.0, 2.0 + digits, 10_000, arb(10) ** -digits, even=True)
    assert rule is not None
    end = mp.mpf((rule.count + 0.5) * rule.step)

    def f(t: Any) -> Any:
        return mp.tanh(t) ** 2 * mp.exp(-t * t / 2)

    error = abs(
        2 * mp.quad(f, [0, end / 4, end / 2, end])
        - rule.step * mp.fsum(f(mp.mpf(k * rule.step)) for k in range(-rule.count, rule.count + 1))
    )
    assert error <= mp.mpf(float(rule.remainder.upper()))
    # A rule with half of its nodes dropped is outside: the bound is no vacuous one.
    coarse = abs(
        2 * mp.quad(f, [0, end / 4, end / 2, end])
        - 2 * rule.step * mp.fsum(f(mp.mpf(2 * k * rule.step)) for k in range(-(rule.count // 2), rule.count // 2 + 1))
    )
    assert digits < 4 or coarse > mp.mpf(float(rule.remainder.upper()))


@pytest.mark.parametrize("f", [tanh(x) ** 2, 1 / (1 + exp(-x)), log(1 + exp(x)) ** 2, sqrt(1 + x**2) + x], ids=str)
def test_the_strip_and_the_adaptive_integral_agree(f: Expr) -> None:
    for digits in (10, 40, 120):
        whole = enclose(mean(f, 3), digits).to_arb()
        halves = enclose(GaussIntegral(f, x, 3, -oo, 1) + GaussIntegral(f, x, 3, 1, oo), digits).to_arb()
        assert whole.overlaps(halves)


# -- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "f",
    [
        exp(x**2),
        exp(x**2 / 2),
        exp(x**2 / 4) ** 2,
        (exp(x**2 / 4) + 1) ** 2,
        exp(x**2 / 2) / (1 + Abs(x)),
        exp(x**3),
        exp(exp(x)),
        cosh(x**2),
        x * exp(x**2),
        1 / x,
        1 / x**2,
        1 / (x - 1),
        1 / (x**2 - 2),
        cosh(x) / tanh(x),
        1 / (x * (x + 1) ** 3),
        tan(x),
        gamma(x),
        1 / sin(x),
        1 / (x - cos(x)),
        Piecewise((exp(x**2 / 2), x > 1), (x, True)),
        sinh(x**2) ** 2,
        exp(Abs(x) ** 3),
        cosh(x) ** x,
        exp(sqrt(1 + x**4)),
        exp(x**2 + x * sin(x)),
    ],
    ids=str,
)
def test_divergence_is_proved(f: Expr) -> None:
    with pytest.raises(MomentDiverges, match="infinite"):
        enclose(mean(f))


@pytest.mark.parametrize(
    "f", [exp(x**2) * sin(x), exp(x**2 / 4) * sin(x) ** 2 * exp(x**2 / 4), erfi(x / sqrt(2)) ** 2 * sin(x)], ids=str
)
def test_what_is_not_proved_is_undecided(f: Expr) -> None:
    with pytest.raises(Undecided):
        enclose(mean(f))


def test_divergence_depends_on_the_second_moment() -> None:
    assert enclose(mean(exp(x**2 / 4)), 20).contains(sqrt(2))
    assert enclose(mean(exp(x**2), Rational(1, 3)), 20).contains(sqrt(3))
    with pytest.raises(MomentDiverges):
        enclose(mean(exp(x**2 / 4), 2))
    with pytest.raises(MomentDiverges):
        enclose(mean(exp(x**2 / 3) ** 3, Rational(1, 2)))


def part(f: Any, lower: Any, upper: Any) -> GaussIntegral:
    return GaussIntegral(f, x, 1, lower, upper)


BEYOND_1 = 1 + Rational(1, 10**60)


@pytest.mark.parametrize(
    "finite",
    [
        part(log(x) / (x - 3), 0, 1),
        part(1 / sqrt(x) / (x - 3), 0, 1),
        part(1 / (x - 1), BEYOND_1, 2),
        part(1 / (1 - x), 0, 2 - BEYOND_1),
        mean(Piecewise((1 / (x - 1), x > BEYOND_1), (0, True))),
        part(1 / (x**2 - 2), sqrt(2) + Rational(1, 10**60), 2),
        # The piece with the pole and the interval have no more than the pole in common.
        part(Piecewise((1 / (x - 1), x < 1), (log(x - 1), True)), 1, 2),
        # The float is a little greater than a tenth.
        part(Piecewise((1 / (x - 0.1), x < Rational(1, 10)), (0, True)), 0, 1),
    ],
    ids=str,
)
@pytest.mark.parametrize("digits", [10, 50])
def test_a_pole_outside_proves_nothing(finite: Expr, digits: int) -> None:
    # Where no value is found there is no proof of divergence either, which would be another exception.
    with suppress(Undecided):
        assert enclose(finite, digits).is_narrow


@pytest.mark.parametrize(
    "infinite",
    [
        part(1 / (x - 1), 1, 2),
        part(1 / (x - 1), 0, 1),
        part(1 / (x - 1), 2 - BEYOND_1, 2),
        part(1 / (x - 1), 0, BEYOND_1),
        part(1 / (x**2 - 2), sqrt(2), 2),
        part(1 / (x - pi), pi, 4),
        part(1 / (x**3 - x - 1), CRootOf(x**3 - x - 1, 0), oo),
        mean(Piecewise((1 / (x - 1), x > 1), (0, True))),
        mean(log(Abs(x)) / (x**2 - 4)),
    ],
    ids=str,
)
def test_a_pole_inside_or_at_an_end_proves_divergence(infinite: Expr) -> None:
    with pytest.raises(MomentDiverges, match="pole"):
        enclose(infinite, 10)


def test_a_pole_and_an_end_that_is_a_ball() -> None:
    with pytest.raises(MomentDiverges, match="pole at x = 1"):
        ball(part(1 / (x - 1), q, 2), 53, {q: arb(0.5, 0.01)})
    with pytest.raises(Undecided):
        ball(part(1 / (x - 1), q, 2), 53, {q: arb(1, 0.01)})


@pytest.mark.parametrize("five", [5, arb(5)], ids=["expression", "ball"])
def test_a_free_x_is_never_taken_for_the_bound_one(five: Any) -> None:
    for node in (GaussMean(x**2, z, 1), GaussMean(x * z, z, 1), GaussIntegral(z**2, z, 1, 0, 1)):
        with pytest.raises(BadExpression, match=r"bound variable z of .* is not gainderive\.symbols\.x"):
            ball(node, 53, {x: five})
    for node in (mean(x**2, x), part(x**2, 0, x), part(x**2, -x, oo)):
        with pytest.raises(BadExpression, match="contains its bound variable x"):
            ball(node, 53, {x: five})
    with pytest.raises(BadExpression, match="the value x of q contains the bound variable"):
        ball(mean(q * x), 53, {q: x, x: five})
    assert ball(x * mean(x**2), 53, {x: five}).overlaps(arb(5))


def test_another_route_gets_the_bound_variable_untouched() -> None:
    seen = []

    def one(node: Any, prec: int) -> arb:
        seen.append(node)
        return arb(1)

    ball(x * mean(q * x**2), 53, {x: 5, q: 2}, mean=one)
    assert seen == [mean(2 * x**2)]
    with pytest.raises(BadExpression, match="contains its bound variable x"):
        ball(mean(x**2, x), 53, {x: 5}, mean=one)


@pytest.mark.parametrize("ends", [(oo, oo), (-oo, -oo), (oo, 1), (1, -oo)], ids=str)
def test_infinite_ends_in_the_wrong_order(ends: tuple[Any, Any]) -> None:
    with pytest.raises(BadParameter, match="ascending"):
        enclose(part(S.One, *ends))


@pytest.mark.parametrize("digits", [0, -3, 2.0, "15", True, None, 100_001, np.float64(3)])
def test_bad_digits(digits: Any) -> None:
    with pytest.raises(BadDigits):
        enclose(sqrt(2), digits)


def test_numpy_and_sympy_digits() -> None:
    assert enclose(sqrt(2), np.int64(20)) == enclose(sqrt(2), S(20)) == enclose(sqrt(2), 20)


def test_bad_expressions() -> None:
    with pytest.raises(BadExpression, match="slope has no value"):
        enclose(sqrt(parameter("slope")))
    with pytest.raises(BadExpression, match="slope"):
        enclose(mean(parameter("slope") * x))
    with pytest.raises(BadExpression, match="zeta"):
        enclose(mean(zeta(x)))
    with pytest.raises(BadParameter, match="positive"):
        enclose(mean(x**2, -1))
    with pytest.raises(BadParameter, match="ascending"):
        enclose(GaussIntegral(x, x, 1, 2, sqrt(2)))
    for undefined in (log(S(-2) + sqrt(2)), sqrt(1 - sqrt(2)), 1 / (sqrt(2) ** 2 - exp(log(2))), oo, S.NaN):
        with pytest.raises((Undecided, BadExpression)):
            enclose(undefined)


# -- values, and other routes -------------------------------------------------------------------


def test_values_stand_for_symbols() -> None:
    slope = parameter("slope")
    leaky = Piecewise((slope * x, x < 0), (x, True))
    expected = enclose(mean(leaky.subs(slope, Rational(1, 3)) ** 2), 20).to_arb()
    assert ball(mean(leaky**2), 80, {slope: Rational(1, 3)}).overlaps(expected)
    wide = ball(mean(leaky**2), 80, {slope: arb(1) / 3 + arb(0, 0.01)})
    assert wide.contains(expected)
    assert wide.rad() < 0.01
    assert ball(mean(x**2, q), 60, {q: arb(3)}).overlaps(arb(3))
    assert ball(mean(exp(x), q**2), 60, {q: 2}).overlaps(arb(2).exp())


def test_other_routes_push_their_intervals_through_the_same_expression() -> None:
    seen = []

    def rough(node: Any, prec: int) -> arb:
        seen.append((node, prec))
        return arb(2, 0.5)

    value = ball(1 / sqrt(mean(x**2, q)) + q, 50, {q: 4}, mean=rough)
    assert seen == [(mean(x**2, 4), 50)]
    assert value.overlaps(4 + 1 / arb(2).sqrt())
    assert value.rad() > 0.05


def test_the_callers_precision_comes_back() -> None:
    before = ctx.prec
    ctx.prec = 77
    try:
        enclose(mean(tanh(x) ** 2), 30)
        with pytest.raises(MomentDiverges):
            enclose(mean(exp(x**2)))
        assert ctx.prec == 77
    finally:
        ctx.prec = before


# -- the interval itself ------------------------------------------------------------------------


def test_a_spoiled_enclosure_does_not_contain_the_value() -> None:
    good = enclose(mean(erf(x) ** 2), 20)
    truth = 2 * atan(2 / sqrt(5)) / pi
    assert good.contains(truth)
    for shift in (2 * good.rad, -2 * good.rad):
        spoiled = Enclosure(good.lower + shift, good.upper + shift, good.digits)
        assert not spoiled.contains(truth)
    assert not Enclosure(-good.upper, -good.lower, 20).contains(truth)


def test_what_an_enclosure_contains() -> None:
    interval = Enclosure(Decimal("0.1"), Decimal("0.3"), 1)
    for inside in (Fraction(1, 10), Decimal("0.3"), 0.25, Rational(1, 5), Float(0.25), sqrt(2) / 5, np.float64(0.2)):
        assert inside in interval
    for outside in (0, 1, Fraction(1, 11), 0.3 + 1e-16, Rational(31, 100), sqrt(2), float("nan"), float("inf"), pi):
        assert outside not in interval
    # 0.1 as a double is above 1/10, 0.3 below 3/10: both compared exactly.
    assert 0.1 in interval
    assert 0.3 in interval


def test_middle_and_radius_are_exact() -> None:
    interval = enclose(sqrt(2), 60)
    assert Fraction(interval.mid) == (Fraction(interval.lower) + Fraction(interval.upper)) / 2
    assert Fraction(interval.rad) == (Fraction(interval.upper) - Fraction(interval.lower)) / 2
    assert float(interval) == float(interval.mid) == 2**0.5


@given(st.integers(-(10**40), 10**40), st.integers(-150, 50), st.integers(1, 60))
def test_ends_are_rounded_outward(mantissa: int, exponent: int, digits: int) -> None:
    exact = arb(mantissa) * arb(2) ** exponent
    result = Enclosure.from_arb(exact, digits)
    true = Fraction(mantissa) * Fraction(2) ** exponent
    assert Fraction(result.lower) <= true <= Fraction(result.upper)
    assert len(result.lower.as_tuple().digits) <= digits + 4
    back = result.to_arb()
    assert result.mid in result
    assert back.contains(exact) or exact.overlaps(back)
    assert Decimal(json.loads(json.dumps(str(result.lower)))) == result.lower


def test_text_shows_no_more_than_is_known() -> None:
    assert str(enclose(pi, 10)) == "3.1415926536 ± 1e-10"
    for digits in (1, 7, 30):
        shown, error = str(enclose(1000 * pi, digits)).split(" ± ")
        assert abs(mp.mpf(shown) - 1000 * mp.pi) <= mp.mpf(error)


def test_singular_endpoints_never_give_a_nan() -> None:
    assert_holds(enclose(mean(sqrt(Abs(x))), 12), 2 ** mp.mpf("0.25") * mp.gamma(mp.mpf(3) / 4) / mp.sqrt(mp.pi))


def test_branch_cuts_are_seen() -> None:
    # Without the analytic flag acb.integral would take sqrt for analytic across its cut and be wrong.
    f = sqrt(x**2 + Rational(1, 10**4)) * cos(x)
    truth = reference(lambda t: mp.sqrt(t * t + mp.mpf(10) ** -4) * mp.cos(t), (0, -0.05, 0.05, 0.3, -0.3))
    assert_holds(enclose(mean(f), 25), truth, "1e-26")
    careless = acb.integral(lambda t, _: t.sqrt(), 1, 4).real
    assert not careless.overlaps(arb(14) / 3)
