"""True errors of double-precision means against references that share no code with them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import (
    Abs,
    Expr,
    Heaviside,
    Max,
    Min,
    Piecewise,
    Rational,
    S,
    cos,
    erf,
    exp,
    floor,
    lambdify,
    log,
    sign,
    sin,
    tan,
    tanh,
)

from gainderive.errors import BadExpression, BadParameter, GainderiveError, MomentDiverges, NoSuchGain, Undecided
from gainderive.quadrature import (
    Estimate,
    fixed_point,
    iterate_length_map,
    mean,
    rule,
    scipy_mean,
    solve_fixed_point_gain,
)
from gainderive.symbols import parameter, q, x

DIGITS = 40


def agrees(estimate: Estimate, exact: Any) -> bool:
    """Tell whether `exact` lies within the error that `estimate` states."""
    with mp.workdps(DIGITS):
        return bool(abs(mp.mpf(estimate.value) - exact) <= mp.mpf(estimate.error))


@dataclass(frozen=True)
class Problem:
    """A mean with its exact value; `tags` say what makes it hard, `relative` how small the stated error must be.

    `relative` is measured against ``E|f|``, the scale of what is summed.
    """

    name: str
    f: Expr
    exact: Callable[[], Any]
    tags: frozenset[str]
    q: Fraction = Fraction(1)
    relative: float = 1e-13


def _phi(t: Any) -> Any:
    return mp.ncdf(t)


def _by_mpmath(f: Expr, q: Fraction, *cuts: str) -> Callable[[], Any]:
    """Reference by tanh-sinh panels one standard deviation wide, cut at `cuts` (decimals) as well."""

    def value() -> Any:
        moment = mp.mpf(q.numerator) / q.denominator
        root, function = mp.sqrt(moment), lambdify(x, f, "mpmath")
        ends = sorted([*(root * k for k in range(-16, 17)), *map(mp.mpf, cuts)])
        return mp.quad(lambda u: function(u) * mp.npdf(u / root) / root, ends)

    return value


def _abs_moment(p: Fraction) -> Callable[[], Any]:
    """``E|z|^p = 2^(p/2) Gamma((p + 1)/2)/sqrt(pi)``."""
    return lambda: mp.mpf(2) ** _mpf(p / 2) * mp.gamma(_mpf((p + 1) / 2)) / mp.sqrt(mp.pi)


def _mpf(number: Fraction) -> Any:
    return mp.mpf(number.numerator) / number.denominator


def _bump(c: int, m: int) -> Callable[[], Any]:
    """``E exp(-c (z - m)^2) = (1 + 2c)^(-1/2) exp(-c m^2/(1 + 2c))``."""
    return lambda: mp.exp(-mp.mpf(c) * m * m / (1 + 2 * c)) / mp.sqrt(1 + 2 * c)


def _abs_sine() -> Any:
    """Fourier series of ``|sin u|`` at ``u = 3z``, with ``E cos(k z) = exp(-k^2/2)``."""
    return 2 / mp.pi - 4 / mp.pi * mp.fsum(mp.exp(-18 * k * k) / (4 * k * k - 1) for k in range(1, 5))


GAP = Rational(1, 10**9)

PROBLEMS = (
    Problem(
        "tanh squared", tanh(x) ** 2, _by_mpmath(tanh(x) ** 2, Fraction(1)), frozenset({"analytic"}), relative=1e-14
    ),
    Problem("relu squared", Max(x, 0) ** 2, lambda: mp.mpf(1) / 2, frozenset({"kink"}), relative=1e-14),
    Problem(
        "wide tanh",
        tanh(x) ** 2,
        _by_mpmath(tanh(x) ** 2, Fraction(10**4), "-3", "-1", "0", "1", "3"),
        frozenset({"steep"}),
        Fraction(10**4),
    ),
    Problem(
        "hardly a tanh",
        tanh(x) ** 2,
        _by_mpmath(
            tanh(x) ** 2,
            Fraction(10**8),
            "-9",
            "-3",
            "-1",
            "0",
            "1",
            "3",
            "9",
            "30",
            "-30",
            "-100",
            "100",
            "-1000",
            "1000",
        ),
        frozenset({"steep"}),
        Fraction(10**8),
    ),
    Problem("steep growth", exp(3 * x), lambda: mp.exp(mp.mpf(9) / 2), frozenset({"growth"})),
    Problem("steeper growth", exp(10 * x), lambda: mp.exp(50), frozenset({"growth"})),
    Problem(
        "steepest growth",
        exp(25 * x),
        lambda: mp.exp(mp.mpf(625) / 2),
        frozenset({"growth", "overflow"}),
        relative=1e-12,
    ),
    Problem("gaussian growth", exp(x**2 / 5), lambda: 1 / mp.sqrt(mp.mpf(3) / 5), frozenset({"growth"})),
    Problem("slow tail", exp(x**2 * Rational(9, 20)), lambda: mp.sqrt(10), frozenset({"growth", "tail"})),
    Problem(
        "slower tail", exp(x**2 * Rational(49, 100)), lambda: mp.sqrt(50), frozenset({"growth", "tail"}), relative=1e-3
    ),
    Problem("far power", x**40, lambda: mp.fac2(39), frozenset({"growth"})),
    Problem("oscillation", sin(30 * x), lambda: mp.mpf(0), frozenset({"frequency"})),
    Problem("squared oscillation", sin(30 * x) ** 2, lambda: (1 - mp.exp(-1800)) / 2, frozenset({"frequency"})),
    Problem("aliased cosine", cos(31 * x), lambda: mp.exp(-mp.mpf(961) / 2), frozenset({"frequency"})),
    Problem("narrow bump", exp(-1000 * (x - 1) ** 2), _bump(1000, 1), frozenset({"narrow"})),
    Problem("needle", exp(-(10**8) * (x - 1) ** 2), _bump(10**8, 1), frozenset({"narrow"}), relative=1e-11),
    Problem("far bump", exp(-50 * (x - 6) ** 2), _bump(50, 6), frozenset({"narrow", "tail"})),
    Problem(
        "bump out of reach",
        exp(-50 * (x - 28) ** 2),
        _bump(50, 28),
        frozenset({"narrow", "tail"}),
        relative=1e-11,
    ),
    Problem(
        "resonance",
        1 / (x**2 + GAP),
        lambda: mp.sqrt(mp.pi / 2 * 10**9) * mp.exp(mp.mpf("5e-10")) * mp.erfc(mp.sqrt(mp.mpf("5e-10"))),
        frozenset({"narrow"}),
        relative=1e-11,
    ),
    Problem(
        "steep switch",
        tanh(1000 * x - 300),
        _by_mpmath(
            tanh(1000 * x - 300),
            Fraction(1),
            "0.27",
            "0.29",
            "0.295",
            "0.298",
            "0.299",
            "0.3",
            "0.301",
            "0.302",
            "0.305",
            "0.31",
            "0.33",
        ),
        frozenset({"steep"}),
    ),
    Problem("jump", Heaviside(x - Rational(1, 3)), lambda: 1 - _phi(mp.mpf(1) / 3), frozenset({"jump"})),
    Problem(
        "close jumps",
        Piecewise((1, (x > 1) & (x < 1 + GAP)), (0, True)),
        lambda: _phi(1 + mp.mpf("1e-9")) - _phi(mp.mpf(1)),
        frozenset({"jump", "narrow"}),
        relative=1e-5,
    ),
    Problem(
        "jump in the tail",
        Heaviside(x - 12),
        lambda: mp.erfc(12 / mp.sqrt(2)) / 2,
        frozenset({"jump", "tail"}),
        relative=1e-12,
    ),
    Problem("many unseen jumps", floor(x), lambda: -mp.mpf(1) / 2, frozenset({"jump", "unseen"})),
    Problem("unseen kinks", Abs(sin(3 * x)), _abs_sine, frozenset({"kink", "unseen"})),
    Problem("root", Abs(x) ** S.Half, _abs_moment(Fraction(1, 2)), frozenset({"singular"})),
    Problem("inverse root", Abs(x) ** -S.Half, _abs_moment(Fraction(-1, 2)), frozenset({"singular"})),
    Problem(
        "hardly integrable",
        Abs(x) ** Rational(-9, 10),
        _abs_moment(Fraction(-9, 10)),
        frozenset({"singular"}),
        relative=0.05,
    ),
    Problem("logarithm", log(Abs(x)), lambda: -(mp.euler + mp.log(2)) / 2, frozenset({"singular"})),
    Problem("removable", sin(x) / x, lambda: mp.sqrt(mp.pi / 2) * mp.erf(1 / mp.sqrt(2)), frozenset({"cancelling"})),
    Problem(
        "cancellation",
        exp(x) - 1 - x,
        lambda: mp.expm1(mp.mpf("5e-13")),
        frozenset({"cancelling"}),
        Fraction(1, 10**12),
        relative=1e-2,
    ),
    Problem("arc sine", erf(x) ** 2, lambda: 2 / mp.pi * mp.asin(mp.mpf(2) / 3), frozenset({"analytic"})),
    Problem(
        "overflowing softplus",
        log(1 + exp(x)),
        _by_mpmath(log(1 + exp(x)), Fraction(10**6), "-40", "-5", "0", "5", "40"),
        frozenset({"overflow", "steep"}),
        Fraction(10**6),
    ),
    Problem(
        "overflowing sigmoid",
        exp(x) / (1 + exp(x)),
        lambda: mp.mpf(1) / 2,
        frozenset({"overflow", "steep"}),
        Fraction(10**6),
        relative=2e-12,
    ),
    Problem("zero by symmetry", tanh(x) ** 3, lambda: mp.mpf(0), frozenset({"analytic", "cancelling"})),
    Problem("constant", S(3), lambda: mp.mpf(3), frozenset({"analytic"})),
    Problem("nothing", S(0), lambda: mp.mpf(0), frozenset({"analytic"})),
)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p.name)
def test_true_error_is_within_the_stated_error(problem: Problem) -> None:
    with mp.workdps(DIGITS):
        exact = problem.exact()
    estimate = mean(problem.f, float(problem.q))
    assert agrees(estimate, exact), (estimate, exact)
    scale = mean(Abs(problem.f), float(problem.q)).value
    assert estimate.error <= problem.relative * scale + 1e-300


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda p: p.name)
def test_vectorised_means_are_within_the_stated_errors(problem: Problem) -> None:
    with mp.workdps(DIGITS):
        exact = problem.exact()
    values, errors = rule(problem.f).means(np.array([[float(problem.q)]]))
    assert values.shape == errors.shape == (1, 1)
    assert agrees(Estimate(values.item(), errors.item()), exact)


FOR_QUADPACK = [p for p in PROBLEMS if not p.tags & {"unseen", "overflow", "singular"}]
"""QUADPACK needs all kinks, and states no honest error where doubles overflow or the integrand is singular."""


@pytest.mark.parametrize("problem", FOR_QUADPACK, ids=lambda p: p.name)
def test_scipy_route_agrees_with_ours(problem: Problem) -> None:
    ours, theirs = mean(problem.f, float(problem.q)), scipy_mean(problem.f, float(problem.q))
    assert abs(ours.value - theirs.value) <= ours.error + theirs.error


def test_every_difficulty_is_represented() -> None:
    tags = {tag for problem in PROBLEMS for tag in problem.tags}
    assert tags == {
        "analytic", "kink", "jump", "growth", "tail", "frequency", "narrow", "steep", "singular",
        "unseen", "cancelling", "overflow",
    }  # fmt: skip


@pytest.mark.parametrize("problem", PROBLEMS[:8], ids=lambda p: p.name)
def test_spoiled_estimate_is_refused(problem: Problem) -> None:
    with mp.workdps(DIGITS):
        exact = problem.exact()
    estimate = mean(problem.f, float(problem.q))
    for shift in (-10 * estimate.error, 10 * estimate.error):
        assert not agrees(Estimate(estimate.value + shift, estimate.error), exact)


# --- random piecewise polynomials ---------------------------------------------------------------

coefficients = st.lists(st.integers(-5, 5), min_size=1, max_size=5)
kinks = st.lists(st.fractions(-12, 12, max_denominator=64), max_size=4, unique=True).map(sorted)
close_kinks = st.lists(st.fractions(-2, 2, max_denominator=1000), min_size=1, max_size=4, unique=True).map(sorted)
moments = st.integers(1, 2**20).map(lambda n: Fraction(n, 1024))  # doubles exactly


@st.composite
def piecewise(draw: st.DrawFn, at: st.SearchStrategy[list[Fraction]]) -> tuple[list[Fraction], list[list[int]]]:
    cuts = draw(at)
    return cuts, [draw(coefficients) for _ in range(len(cuts) + 1)]


def _as_expression(cuts: list[Fraction], polynomials: list[list[int]]) -> Expr:
    terms = [sum((c * x**k for k, c in enumerate(p)), S.Zero) for p in polynomials]
    conditions = [x < Rational(c.numerator, c.denominator) for c in cuts]
    return Piecewise(*zip(terms, [*conditions, True], strict=True))


def _exact_mean(cuts: list[Fraction], polynomials: list[list[int]], moment: Fraction) -> Any:
    """Truncated moments ``m_n = (n - 1) m_(n-2) + a^(n-1) phi(a) - b^(n-1) phi(b)`` of the standard normal."""
    root = mp.sqrt(_mpf(moment))
    ends = [-mp.inf, *(_mpf(c) / root for c in cuts), mp.inf]
    total = mp.mpf(0)
    for (a, b), polynomial in zip(pairwise(ends), polynomials, strict=True):
        truncated = _truncated_moments(a, b, len(polynomial))
        total += mp.fsum(c * root**k * truncated[k] for k, c in enumerate(polynomial))
    return total


def _truncated_moments(a: Any, b: Any, count: int) -> list[Any]:
    def at_end(t: Any, n: int) -> Any:
        return mp.mpf(0) if mp.isinf(t) else t ** (n - 1) * mp.npdf(t)

    # In the upper tail both values of the distribution function are 1 to all digits: reflect.
    mass = mp.ncdf(-a) - mp.ncdf(-b) if a > 0 else mp.ncdf(b) - mp.ncdf(a)
    found = [mass, at_end(a, 1) - at_end(b, 1)]
    for n in range(2, count):
        found.append((n - 1) * found[n - 2] + at_end(a, n) - at_end(b, n))
    return found


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.one_of(piecewise(kinks), piecewise(close_kinks)), moments)
def test_random_piecewise_polynomials(parts: tuple[list[Fraction], list[list[int]]], moment: Fraction) -> None:
    f = _as_expression(*parts)
    with mp.workdps(60):
        exact = _exact_mean(*parts, moment)
    estimate = mean(f, float(moment))
    assert agrees(estimate, exact)
    values, errors = rule(f).means(np.array([float(moment)]))
    assert agrees(Estimate(values[0], errors[0]), exact)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(piecewise(kinks))
def test_stated_error_is_small_for_random_piecewise_polynomials(parts: tuple[list[Fraction], list[list[int]]]) -> None:
    f = _as_expression(*parts)
    assert mean(f).error <= 1e-13 * mean(Abs(f)).value + 1e-300


# --- consistency ---------------------------------------------------------------------------------

ACTIVATIONS = (
    tanh(x),
    Max(x, 0),
    x * (1 + erf(x / 2**S.Half)) / 2,
    Min(Max(x, 0), 6),
    sign(x) * Max(Abs(x) - S.Half, 0),
)


@pytest.mark.parametrize("f", ACTIVATIONS, ids=str)
def test_vectorised_equals_scalar(f: Expr) -> None:
    grid = np.geomspace(1e-6, 1e6, 37).reshape(1, 37)
    values, errors = rule(f**2).means(grid)
    for at, value, error in zip(grid.ravel(), values.ravel(), errors.ravel(), strict=True):
        single = rule(f**2).mean(float(at))
        assert abs(single.value - value) <= single.error + error
        assert error <= 1e-11 * value + 1e-300


@pytest.mark.parametrize("f", ACTIVATIONS, ids=str)
@pytest.mark.parametrize("root", [Rational(1, 8), S(3), S(50)])
def test_scaling_the_variable_is_scaling_q(f: Expr, root: Rational) -> None:
    scaled, moved = mean(f.subs(x, root * x) ** 2), mean(f**2, float(root) ** 2)
    assert abs(scaled.value - moved.value) <= scaled.error + moved.error


@pytest.mark.parametrize("cut", [-3.0, -0.1, 0.0, 0.7, 5.0])
def test_parts_of_the_line_add_up(cut: float) -> None:
    f = tanh(x) ** 2 + Max(x, 0)
    left, right, whole = mean(f, 2.0, b=cut), mean(f, 2.0, a=cut), mean(f, 2.0)
    assert abs(left.value + right.value - whole.value) <= left.error + right.error + whole.error


def test_rule_is_remembered_and_repeats_itself() -> None:
    assert rule(tanh(x) ** 2) is rule(tanh(x) ** 2)
    assert rule(tanh(x) ** 2).mean(1.3) == rule(tanh(x) ** 2).mean(1.3)


def test_empty_array_of_moments() -> None:
    values, errors = rule(tanh(x)).means(np.zeros((0, 3)))
    assert values.shape == errors.shape == (0, 3)


# --- what cannot be had ---------------------------------------------------------------------------


@pytest.mark.parametrize("f", [exp(x**2), exp(x**2 / 2), Max(x, 0) * exp(x**2), -exp(x**4)], ids=str)
def test_divergence_is_proved(f: Expr) -> None:
    with pytest.raises(MomentDiverges, match="diverges"):
        mean(f)


@pytest.mark.parametrize(
    "f", [1 / x, 1 / Abs(x), (1 - x) ** -2, tan(x), 1 / (exp(x) - 1), 1 / tanh(x - Rational(3, 10))], ids=str
)
def test_poles_on_the_line_are_not_integrated(f: Expr) -> None:
    with pytest.raises(Undecided):
        mean(f)
    with pytest.raises(Undecided):
        rule(f).means([1.0])


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: mean(x * q), BadExpression),
        (lambda: mean(x * parameter("a")), BadExpression),
        (lambda: mean(log(x)), BadExpression),
        (lambda: mean("tanh(x)"), BadExpression),
        (lambda: mean(x, -1.0), BadParameter),
        (lambda: mean(x, math.nan), BadParameter),
        (lambda: mean(x, 1.0, 2.0, 1.0), BadParameter),
        (lambda: rule(x).means([1.0, 0.0]), BadParameter),
        (lambda: fixed_point(tanh(x), -1.0), BadParameter),
        (lambda: iterate_length_map(tanh(x), 1.0, steps=-1), BadParameter),
        (lambda: solve_fixed_point_gain(S(0)), NoSuchGain),
    ],
)
def test_bad_input_has_an_error_of_our_own(call: Callable[[], object], error: type[GainderiveError]) -> None:
    with pytest.raises(error):
        call()


# --- fixed points ------------------------------------------------------------------------------------


def test_gain_of_relu_is_root_two() -> None:
    with mp.workdps(DIGITS):
        assert agrees(solve_fixed_point_gain(Max(x, 0)), mp.sqrt(2))


def test_gain_of_tanh_against_mpmath() -> None:
    with mp.workdps(DIGITS):
        exact = 1 / mp.sqrt(_by_mpmath(tanh(x) ** 2, Fraction(1))())
    gain = solve_fixed_point_gain(tanh(x))
    assert agrees(gain, exact)
    assert gain.error < 2e-14
    assert not agrees(Estimate(gain.value * 1.01, gain.error), exact)


def test_fixed_point_of_erf_against_its_closed_form() -> None:
    """For erf the length map is ``(2/pi) sigma_w^2 asin(2q/(1 + 2q))``."""
    for scale in (1.5, 5 / 3, 4.0):
        with mp.workdps(DIGITS):
            slope = 2 / mp.pi * mp.mpf(scale) ** 2
            exact = mp.findroot(lambda m, slope=slope: slope * mp.asin(2 * m / (1 + 2 * m)) - m, scale**2 - 1)
        found = fixed_point(erf(x), scale)
        assert agrees(found, exact)
        assert found.error < 1e-12 * found.value


def test_fixed_point_with_bias_is_the_affine_one_for_relu() -> None:
    """``q = sigma_w^2 q/2 + sigma_b^2`` at ``sigma_w = 1``: ``q* = 2 sigma_b^2``."""
    assert agrees(fixed_point(Max(x, 0), 1.0, 0.5), mp.mpf(1) / 2)


def test_length_map_that_is_the_identity_has_no_single_fixed_point() -> None:
    with pytest.raises(Undecided, match="nowhere"):
        fixed_point(Max(x, 0), math.sqrt(2))


@pytest.mark.parametrize("start", [0.01, 1.0, 40.0])
def test_length_map_at_the_gain_comes_to_one(start: float) -> None:
    iterates = iterate_length_map(tanh(x), solve_fixed_point_gain(tanh(x)).value, q0=start, steps=80)
    assert len(iterates) == 81
    assert iterates[0] == start
    assert abs(iterates[-1] - 1) < 1e-13
