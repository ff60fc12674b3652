"""Intervals that miss, tests that cry wolf or sleep, and sizes that do not keep their promise."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, nct, norm, t
from sympy import Abs, Heaviside, Max, Piecewise, exp, oo, sign, sqrt

from gainderive import montecarlo, symbols
from gainderive.errors import BadCallable, BadExpression, BadParameter, Undecided
from gainderive.montecarlo import Sampled, cluster_test, gauss_mean, planned_size, power, sample_mean
from gainderive.status import Status

x = symbols.x
RUNS = 2000


def most_misses(runs: int, alpha: float) -> int:
    """Return the number of misses that a coverage of ``1 - alpha`` exceeds with probability 1e-9 at most."""
    return int(binom.isf(1e-9, runs, alpha))


DRAWS: dict[str, tuple[montecarlo.Draw, float]] = {
    "normal": (lambda g, n: g.standard_normal(n), 0.0),
    "square": (lambda g, n: g.standard_normal(n) ** 2, 1.0),
    "exponential": (lambda g, n: g.exponential(size=n), 1.0),
    "rademacher": (lambda g, n: g.integers(0, 2, n) * 2 - 1, 0.0),
    "rare": (lambda g, n: g.random(n) < 0.1, 0.1),
}


# Confidence sequences -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWS)
def test_the_sequence_covers_the_mean_at_all_times_at_once(name: str) -> None:
    draw, mean = DRAWS[name]
    alpha = 0.05
    first = montecarlo._first_look(alpha)
    length = 4 * first
    rho2 = montecarlo._mixing(alpha) / (2 * first)
    n = np.arange(1, length + 1)
    unit = np.array([montecarlo._radius(int(k), rho2, alpha) for k in n])
    generator = np.random.default_rng(1)
    misses = 0
    for _ in range(RUNS):
        values = np.asarray(draw(generator, length), dtype=np.float64) - mean
        means, squares, cubes = (np.cumsum(values**p) / n for p in (1, 2, 3))
        sigma = np.sqrt(np.maximum(squares - means**2, 0) * n / np.maximum(n - 1, 1))
        with np.errstate(all="ignore"):
            skewness = np.abs(cubes - 3 * means * squares + 2 * means**3) / sigma**3
            radius = unit * sigma + skewness * (unit * sigma) ** 2 / (3 * sigma)
        misses += bool((np.abs(means) > radius)[first - 1 :].any())
    assert misses <= most_misses(RUNS, alpha)


@pytest.mark.parametrize("name", DRAWS)
def test_stopping_when_precise_enough_keeps_the_coverage(name: str) -> None:
    draw, mean = DRAWS[name]
    alpha, runs = 0.05, 500
    results = [sample_mean(draw, precision=0.05, alpha=alpha, seed=seed) for seed in range(runs)]
    assert all(result.radius <= 0.05 for result in results)
    assert sum(not result.contains(mean) for result in results) <= most_misses(runs, alpha)


def test_the_bound_is_not_vacuous() -> None:
    # Looked at once, at the size it is made for, the interval is wider than the fixed-size one by 1.55 and 1.12.
    for alpha, ratio in ((0.05, 1.55), (1e-9, 1.12)):
        assert montecarlo._multiple(alpha) / norm.isf(alpha / 2) < ratio


@pytest.mark.parametrize("alpha", [0.5, 0.05, 1e-3, 1e-9, 1e-15])
def test_mixing_makes_the_radius_smallest(alpha: float) -> None:
    best = montecarlo._mixing(alpha)
    radii = [montecarlo._radius(1000, u / 1000, alpha) for u in (0.97 * best, best, 1.03 * best)]
    assert radii[1] == min(radii)


def test_the_radius_is_where_the_mixture_martingale_reaches_one_over_alpha() -> None:
    n, rho2, alpha = 37, 0.3, 0.01
    s = n * montecarlo._radius(n, rho2, alpha)
    lam = np.linspace(-12, 12, 200_001) * math.sqrt(rho2)
    density = np.exp(-(lam**2) / (2 * rho2)) / math.sqrt(2 * math.pi * rho2)
    # The trapezoidal rule; the ends vanish.
    mixture = (np.exp(lam * s - lam**2 * n / 2) * density).sum() * (lam[1] - lam[0])
    assert mixture == pytest.approx(1 / alpha, rel=1e-9)


def test_planned_size_is_about_what_is_used() -> None:
    result = sample_mean(DRAWS["normal"][0], precision=0.01, seed=3)
    needed = (montecarlo._multiple(result.alpha) / 0.01) ** 2
    assert abs(result.size - needed) < 0.05 * needed + montecarlo.BATCH


def test_same_seed_same_result_and_other_seed_another() -> None:
    first, again, other = (sample_mean(DRAWS["square"][0], 0.1, seed=seed) for seed in (5, 5, 6))
    assert first == again
    assert first.mean != other.mean
    assert first.status is Status.SAMPLED


@pytest.mark.parametrize("constant", [0.0, 0.1, -3e200, 1e-300])
def test_constant_draws_have_radius_zero_and_their_exact_mean(constant: float) -> None:
    result = sample_mean(lambda g, n: np.full(n, constant), precision=1e-3)
    assert (result.mean, result.radius, result.variance) == (constant, 0.0, 0.0)


def test_large_mean_does_not_swallow_the_variance() -> None:
    result = sample_mean(lambda g, n: 1e9 + g.standard_normal(n), precision=0.05)
    assert result.variance == pytest.approx(1, rel=0.05)
    assert result.contains(1e9)


def test_precision_out_of_reach_is_reported_by_a_larger_radius() -> None:
    cap = 200_000
    result = sample_mean(DRAWS["normal"][0], precision=1e-6, largest=cap)
    assert result.size == cap
    assert result.radius == pytest.approx(montecarlo._multiple(result.alpha) / math.sqrt(cap), rel=0.02)
    assert result.contains(0)


def test_cap_below_the_first_look_gives_the_first_look() -> None:
    result = sample_mean(DRAWS["normal"][0], precision=1e-6, largest=10)
    assert result.size == montecarlo._first_look(result.alpha)


@given(st.floats(-2, 2), st.floats(0.01, 5))
@settings(derandomize=True, deadline=None, max_examples=50)
def test_contains_is_the_closed_interval(mean: float, radius: float) -> None:
    sampled = Sampled(mean, radius, 1e-9, 100, 1.0, 0)
    assert sampled.contains(sampled.lower)
    assert sampled.contains(sampled.upper)
    assert not sampled.contains(sampled.upper + 1e-9)
    assert not sampled.contains(sampled.lower - 1e-9)
    assert sampled.contains(sympy.Float(mean))
    assert sampled.contains(np.float64(mean))


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda g, n: g.random((n, 1)), "shape"),
        (lambda g, n: g.random(n - 1), "shape"),
        (lambda g, n: g.random(n) * 1j, "complex"),
        (lambda g, n: np.where(g.random(n) < 0.5, np.nan, 1.0), "not a number"),
        (lambda g, n: np.full(n, "a"), "real numbers"),
        (lambda g, n: 1e200 * g.random(n), "overflow"),
    ],
)
def test_bad_draws_are_refused(draw: montecarlo.Draw, message: str) -> None:
    with pytest.raises(BadCallable, match=message):
        sample_mean(draw, precision=0.1, alpha=0.01)


@pytest.mark.parametrize("precision", [0, -1, math.nan, math.inf])
def test_bad_precision_is_refused(precision: float) -> None:
    with pytest.raises(BadParameter, match="precision"):
        sample_mean(DRAWS["normal"][0], precision)


@pytest.mark.parametrize("variance", [-1.0, math.nan, math.inf])
def test_bad_plans_are_refused(variance: float) -> None:
    for call in (lambda: planned_size(variance, 1.0, 0.05, 0.9), lambda: power(10, variance, 1.0, 0.05)):
        with pytest.raises(BadParameter, match="variance"):
            call()
    with pytest.raises(BadParameter, match="at least 2"):
        power(1, 1.0, 1.0, 0.05)
    with pytest.raises(BadParameter, match="seed"):
        sample_mean(DRAWS["normal"][0], 0.1, seed=-1)


@pytest.mark.parametrize("alpha", [0, 1, -0.1, 2, math.nan])
def test_bad_alpha_is_refused_everywhere(alpha: float) -> None:
    for call in (
        lambda: sample_mean(DRAWS["normal"][0], 0.1, alpha),
        lambda: gauss_mean(x, alpha=alpha),
        lambda: planned_size(1.0, 1.0, alpha, 0.9),
        lambda: power(10, 1.0, 1.0, alpha),
        lambda: cluster_test(np.arange(5.0), 0.0, alpha),
    ):
        with pytest.raises(BadParameter, match="alpha"):
            call()


# Gaussian means -------------------------------------------------------------------------------------------------------

MEANS = [
    (Max(x, 0) ** 2, 2.0, 1.0),
    (Abs(x), 1.0, math.sqrt(2 / math.pi)),
    (sign(x) * x, 4.0, 2 * math.sqrt(2 / math.pi)),
    (Heaviside(x), 3.0, 0.5),
    (exp(x), 1.0, math.exp(0.5)),
    (sympy.erf(x) ** 2, 0.5, 2 / math.pi * math.asin(0.5)),
    (sympy.Integer(3), 1.0, 3.0),
]


@pytest.mark.parametrize(("f", "q", "mean"), MEANS)
def test_gaussian_mean_contains_the_closed_form_and_no_spoiled_one(f: sympy.Expr, q: float, mean: float) -> None:
    result = gauss_mean(f, q, precision=0.004 * mean)
    assert result.contains(mean)
    assert not result.contains(1.01 * mean)
    assert not result.contains(0.99 * mean)


def test_overflow_in_a_branch_not_taken_is_no_matter() -> None:
    f = Piecewise((exp(1000 * x) - 1, x < 0), (x**2, True))
    # E[x^2; x > 0] - 1/2 = 0, which leaves E[exp(1000 x); x < 0] = erfcx(1000/sqrt(2))/2.
    assert gauss_mean(f, precision=0.01).contains(1 / (1000 * math.sqrt(2 * math.pi)))


@pytest.mark.parametrize(
    ("a", "b", "mean"),
    [
        (0, oo, 0.5),
        (-oo, 0, 0.5),
        (-1, 1, math.erf(1 / math.sqrt(2)) - math.sqrt(2 / math.pi) * math.exp(-0.5)),
        (sqrt(2), oo, math.exp(-1) / math.sqrt(math.pi) + math.erfc(1) / 2),
    ],
)
def test_bounds_restrict_the_mean(a: Any, b: Any, mean: float) -> None:
    result = gauss_mean(x**2, precision=0.004 * mean, a=a, b=b)
    assert result.contains(mean)
    assert not result.contains(1.01 * mean)


def test_function_is_not_evaluated_outside_the_bounds() -> None:
    # E[log z; 0 < z < 1] has no value at z < 0.
    assert gauss_mean(sympy.log(x), precision=0.01, a=0).contains((-0.5772156649015329 - math.log(2)) / 4)
    with pytest.raises(BadCallable):
        gauss_mean(sympy.log(x), precision=0.01)


def test_an_interval_that_no_draw_reaches_is_undecided() -> None:
    with pytest.raises(Undecided, match="none of"):
        gauss_mean(x, precision=0.01, a=40)


def test_other_symbols_are_named() -> None:
    with pytest.raises(BadExpression, match="contains slope"):
        gauss_mean(symbols.parameter("slope") * x)


@pytest.mark.parametrize("q", [0, -1, math.inf, math.nan])
def test_bad_second_moment_is_refused(q: float) -> None:
    with pytest.raises(BadParameter, match="second moment"):
        gauss_mean(x, q)


def test_a_symbol_called_x_is_the_preactivation() -> None:
    typed = sympy.sympify("x**2")
    assert gauss_mean(typed, precision=0.1) == gauss_mean(x**2, precision=0.1)


def test_empty_interval_is_refused() -> None:
    with pytest.raises(BadParameter, match="empty"):
        gauss_mean(x, a=1, b=1)


# Planned tests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [2, 3, 10, 100, 1000])
@pytest.mark.parametrize("distance", [0.0, 0.1, 1.0, 3.0, 6.0])
def test_power_is_the_noncentral_t_distribution(n: int, distance: float) -> None:
    critical = t.isf(0.025, n - 1)
    exact = nct.sf(critical, n - 1, distance) + nct.cdf(-critical, n - 1, distance)
    assert power(n, 1.0, distance / math.sqrt(n), 0.05) == pytest.approx(exact, abs=1e-10)


@pytest.mark.parametrize(("alpha", "n"), [(0.05, 20), (1e-3, 60), (1e-6, 200)])
def test_power_agrees_with_simulation(alpha: float, n: int) -> None:
    generator = np.random.default_rng(2)
    shift = 0.6 * t.isf(alpha / 2, n - 1) / math.sqrt(n) + 2.0 / math.sqrt(n)
    refused = sum(not cluster_test(generator.normal(shift, 1, n), 0.0, alpha).ok for _ in range(RUNS))
    # The test widens its bound by the measured skewness; its mean absolute value in normal samples is sqrt(12/(pi n)).
    predicted = power(n, 1.0, shift, alpha, skewness=math.sqrt(12 / (math.pi * n)))
    assert abs(refused / RUNS - predicted) < 6 * math.sqrt(predicted * (1 - predicted) / RUNS) + 0.02


@given(
    st.floats(1e-6, 1e3),
    st.floats(0.02, 10),
    st.sampled_from([0.05, 1e-6, 1e-12]),
    st.sampled_from([0.5, 0.999]),
    st.floats(-3, 3),
)
@settings(derandomize=True, deadline=None, max_examples=40)
def test_planned_size_is_the_smallest_that_suffices(
    variance: float, relative: float, alpha: float, wanted: float, skewness: float
) -> None:
    shift = relative * math.sqrt(variance)
    n = planned_size(variance, shift, alpha, wanted, skewness)
    assert power(n, variance, shift, alpha, skewness) >= wanted
    assert n == 2 or power(n - 1, variance, shift, alpha, skewness) < wanted


def test_a_shift_of_nothing_cannot_be_planned_for() -> None:
    with pytest.raises(BadParameter, match="shift"):
        planned_size(1.0, 0.0, 0.05, 0.9)
    with pytest.raises(BadParameter, match="more than"):
        planned_size(1.0, 1e-9, 0.05, 0.9)
    with pytest.raises(BadParameter, match="power"):
        planned_size(1.0, 1.0, 0.05, 1.0)


@pytest.mark.parametrize(
    ("name", "n"), [("normal", 5), ("normal", 30), ("square", 300), ("exponential", 300), ("rare", 300)]
)
def test_false_alarms_stay_below_alpha(name: str, n: int) -> None:
    draw, mean = DRAWS[name]
    alpha, runs = 1e-3, 20_000
    generator = np.random.default_rng(4)
    samples = [np.asarray(draw(generator, n), dtype=np.float64) for _ in range(runs)]
    alarms = sum(not cluster_test(values, mean, alpha).ok for values in samples)
    assert alarms <= most_misses(runs, alpha)
    if name == "square":
        plain = t.isf(alpha / 2, n - 1)
        unwidened = sum(abs(v.mean() - mean) > plain * v.std(ddof=1) / math.sqrt(n) for v in samples)
        assert unwidened > most_misses(runs, alpha), "the widening by the skewness would be superfluous"


def test_spoiled_mean_is_refused_and_says_so() -> None:
    values = np.random.default_rng(5).normal(1.0, 0.02, planned_size(4e-4, 0.01, 1e-9, 0.999999))
    right, spoiled = (cluster_test(values, expected, 1e-9) for expected in (1.0, 1.01))
    assert right.ok
    assert "within" in str(right)
    assert not spoiled.ok
    assert "beyond" in str(spoiled)


def test_equal_values_are_compared_exactly() -> None:
    assert cluster_test(np.full(5, 0.1), 0.1, 0.01).ok
    assert not cluster_test(np.full(5, 0.1), 0.1000001, 0.01).ok


@pytest.mark.parametrize("values", [[1.0], [], [1.0, math.inf], [[1.0, 2.0]], [1j, 2j]])
def test_values_that_cannot_be_tested_are_refused(values: list[complex]) -> None:
    with pytest.raises(BadCallable):
        cluster_test(np.array(values), 1.0, 0.01)
