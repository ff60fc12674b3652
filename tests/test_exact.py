"""The engine against moments that are computed another way."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Expr,
    I,
    Max,
    Min,
    Piecewise,
    Rational,
    S,
    asin,
    cos,
    cosh,
    diff,
    erf,
    erfc,
    erfi,
    exp,
    factorial2,
    lambdify,
    oo,
    pi,
    sign,
    sin,
    sqrt,
    tanh,
)

import gainderive as gd
from gainderive import algebra, enclosure, exact
from gainderive.derivation import Derivation, ending
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.symbols import parameter, q, x

DIGITS = 30


def reference(f: Expr, second_moment: Rational) -> mpmath.mpf:
    """Integrate branch by branch with mpmath, which knows nothing of the engine."""
    with mpmath.workdps(DIGITS + 10):
        scale = mpmath.mpf(second_moment.p) / second_moment.q
        reach = 40 * mpmath.sqrt(scale)
        total, lower = mpmath.mpf(0), -reach
        for branch, condition in f.args if isinstance(f, Piecewise) else ((f, S.true),):
            upper = mpmath.mpf(condition.rhs.p) / condition.rhs.q if condition.free_symbols else reach
            total += _integral(lambdify(x, branch, "mpmath"), scale, lower, upper)
            lower = upper
        return total


def _integral(
    branch: Callable[[mpmath.mpf], mpmath.mpf], scale: mpmath.mpf, a: mpmath.mpf, b: mpmath.mpf
) -> mpmath.mpf:
    panels = max(1, int(mpmath.ceil((b - a) / (2 * mpmath.sqrt(scale)))))
    ends = [a + (b - a) * i / panels for i in range(panels + 1)]
    weight = 1 / mpmath.sqrt(2 * mpmath.pi * scale)
    return mpmath.quad(lambda t: branch(t) * mpmath.exp(-t * t / (2 * scale)) * weight, ends)


def checked(node: Expr) -> Expr:
    """Return the engine's closed form after its derivation has passed the check."""
    steps = exact.close(node)
    value = steps[-1].becomes
    Derivation("test", node, ending(node, value), steps).check()
    return value


rationals = st.fractions(min_value=-3, max_value=3, max_denominator=6).map(
    lambda r: Rational(r.numerator, r.denominator)
)
polynomials = st.lists(rationals, min_size=1, max_size=4).map(lambda cs: sum(c * x**i for i, c in enumerate(cs)))
pieces = st.tuples(polynomials, rationals).map(lambda t: t[0] * exp(t[1] * x))


@st.composite
def piecewise_functions(draw: st.DrawFn) -> Piecewise:
    """Random piecewise polynomial-exponential functions with one to three kinks or jumps."""
    breaks = sorted(draw(st.sets(rationals, min_size=1, max_size=3)))
    parts = [draw(pieces) + draw(pieces) for _ in range(len(breaks) + 1)]
    branches = [(part, x < b) for part, b in zip(parts, breaks, strict=False)]
    return Piecewise(*branches, (parts[-1], True), evaluate=False)


@settings(max_examples=20)
@given(piecewise_functions(), st.sampled_from([Rational(1), Rational(1, 3), Rational(5, 2)]))
def test_random_piecewise_functions_in_closed_form(f: Piecewise, second_moment: Rational) -> None:
    agrees_with_reference(f, second_moment)


def agrees_with_reference(f: Expr, second_moment: Rational) -> None:
    """The closed form's derivation passes its check, and its value is what mpmath integrates."""
    value = checked(GaussMean(f, x, second_moment))
    expected = reference(f, second_moment)
    largest = max(abs(expected), 1)
    ball = enclosure.ball(value, 200)
    with mpmath.workdps(DIGITS + 10):
        found = mpmath.mpf(str(enclosure.Enclosure.from_arb(ball, DIGITS).mid))
        assert abs(found - expected) <= largest * mpmath.mpf(10) ** (8 - DIGITS)


waves = st.sampled_from([sin, cos]).flatmap(lambda wave: rationals.map(lambda w: wave(w * x)))
lines = st.tuples(rationals.filter(bool), st.sampled_from([Rational(0), Rational(1, 2), Rational(-1)]))
error_functions = lines.map(lambda line: erf(line[0] * x + line[1]))


@st.composite
def piecewise_waves(draw: st.DrawFn) -> Piecewise:
    """Random pieces, each a polynomial times an exponential times a sine or cosine, plus a polynomial."""
    breaks = sorted(draw(st.sets(rationals, min_size=1, max_size=2)))
    parts = [draw(pieces) * draw(waves) + draw(polynomials) for _ in range(len(breaks) + 1)]
    branches = [(part, x < b) for part, b in zip(parts, breaks, strict=False)]
    return Piecewise(*branches, (parts[-1], True), evaluate=False)


@st.composite
def piecewise_error_functions(draw: st.DrawFn) -> Piecewise:
    """Random pieces, each a polynomial times an exponential times an error function, plus a polynomial."""
    breaks = sorted(draw(st.sets(rationals, min_size=1, max_size=2)))
    parts = [draw(pieces) * draw(error_functions) + draw(polynomials) for _ in range(len(breaks) + 1)]
    branches = [(part, x < b) for part, b in zip(parts, breaks, strict=False)]
    return Piecewise(*branches, (parts[-1], True), evaluate=False)


@settings(max_examples=5)
@given(st.one_of(piecewise_waves(), piecewise_error_functions()), st.sampled_from([Rational(1), Rational(2, 3)]))
def test_random_pieces_with_waves_and_error_functions(f: Piecewise, second_moment: Rational) -> None:
    agrees_with_reference(f, second_moment)


@settings(max_examples=5)
@given(polynomials, error_functions, error_functions, st.sampled_from([Rational(1), Rational(2, 3)]))
def test_random_products_of_error_functions(p: Expr, first: Expr, second: Expr, second_moment: Rational) -> None:
    agrees_with_reference(p * first * second, second_moment)


@settings(max_examples=4)
@given(polynomials, error_functions, waves, st.sampled_from([Rational(1), Rational(2, 3)]))
def test_random_waves_times_error_functions(p: Expr, error: Expr, wave: Expr, second_moment: Rational) -> None:
    agrees_with_reference(p * error * wave, second_moment)


@pytest.mark.parametrize(
    ("f", "by_hand"),
    [
        (
            (x * (1 + erf(x / sqrt(2))) / 2) ** 2,
            q / 4 + q * asin(q / (1 + q)) / (2 * pi) + q**2 / (pi * (1 + q) * sqrt(1 + 2 * q)),
        ),
        (x * (1 + erf(x / sqrt(2))) / 2, q / sqrt(2 * pi * (1 + q))),
        (erf(x) ** 2, 2 * asin(2 * q / (1 + 2 * q)) / pi),
        (sin(3 * x) ** 2, (1 - exp(-18 * q)) / 2),
        (Max(x, 0) * cos(x), sqrt(q / (2 * pi)) - q * exp(-q / 2) * erfi(sqrt(q / 2)) / 2),
        (sign(x) * sin(x), exp(-q / 2) * erfi(sqrt(q / 2))),
    ],
    ids=str,
)
def test_length_maps_and_means_that_were_worked_out_by_hand(f: Expr, by_hand: Expr) -> None:
    assert algebra.equal(checked(GaussMean(f, x, q)), by_hand)


@pytest.mark.parametrize("f", [erf(x) ** 4, x * erf(x + 1) ** 2 * Max(x, 1), erf(x**2), cos(x**3)], ids=str)
def test_none_is_found_outside_of_the_class(f: Expr) -> None:
    with pytest.raises(gd.NoClosedForm, match="none found"):
        exact.evaluate(GaussMean(f, x, 1))


def test_lines_stay_real() -> None:
    f = Piecewise((x * exp(x) * sin(2 * x), x < 1), (cos(x) * erf(x), True))
    for step in exact.close(GaussMean(f.args[0][0] ** 2, x, 1)):
        assert not step.becomes.has(I)


@pytest.mark.parametrize("order", range(13))
def test_moments_of_the_whole_line(order: int) -> None:
    expected = 0 if order % 2 else factorial2(order - 1) * q ** (order // 2)
    assert algebra.equal(exact.evaluate(GaussMean(x**order, x, q)), expected)


@pytest.mark.parametrize("order", range(9))
def test_moments_between_symbolic_ends_have_the_right_derivative(order: int) -> None:
    lower, upper = parameter("l"), parameter("u", positive=True)
    value = checked(GaussIntegral(x**order, x, q, -upper, upper)) if order == 0 else None
    value = exact.evaluate(GaussIntegral(x**order, x, q, lower, oo))
    density = exp(-(lower**2) / (2 * q)) / sqrt(2 * parameter("pi", positive=True) * q)
    assert algebra.is_zero(diff(value, lower) + lower**order * density.subs(parameter("pi", positive=True), pi))


def test_symbolic_second_moment_gives_the_length_map() -> None:
    a = parameter("a")
    leaky = Piecewise((a * x, x < 0), (x, True))
    assert algebra.equal(checked(GaussMean(leaky**2, x, q)), q * (1 + a**2) / 2)


def test_elu_with_symbolic_alpha_and_second_moment() -> None:
    alpha = parameter("alpha", positive=True)
    elu = Piecewise((alpha * (exp(x) - 1), x < 0), (x, True))
    by_hand = q / 2 + alpha**2 * (exp(2 * q) * erfc(sqrt(2 * q)) / 2 - exp(q / 2) * erfc(sqrt(q / 2)) + Rational(1, 2))
    assert algebra.equal(checked(GaussMean(elu**2, x, q)), by_hand)


def test_gaussian_factor_narrows_the_density() -> None:
    assert algebra.equal(checked(GaussMean(exp(-(x**2)) ** 2, x, q)), 1 / sqrt(1 + 4 * q))


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (Abs(x), sqrt(2 * q) / sqrt(parameter("pi", positive=True))),
        (Max(x, 0) ** 3 * sign(x), None),
        (Min(Max(x, -1), 1) ** 2, None),
        (x**2 * sign(x), 0),
    ],
)
def test_switches_are_read(f: Expr, expected: Expr | None) -> None:
    value = checked(GaussMean(f, x, q))
    if expected is not None:
        assert algebra.equal(value, expected.subs(parameter("pi", positive=True), pi) if expected != 0 else 0)


@pytest.mark.parametrize("f", [tanh(x) ** 2, cosh(x**2), exp(x**2), 1 / (1 + x**2)], ids=str)
def test_none_found_is_an_answer(f: Expr) -> None:
    with pytest.raises(gd.NoClosedForm, match="none found"):
        exact.evaluate(GaussMean(f, x, 1))
    assert GaussMean(f, x, 1).doit() == GaussMean(f, x, 1)


def test_doit_goes_through_the_engine() -> None:
    assert (2 * GaussMean(Max(x, 0) ** 2, x, q)).doit() == q
