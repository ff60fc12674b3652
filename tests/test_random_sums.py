"""The algebra of means of sums, and the integral of a polynomial: false steps are refused, true ones are not."""

from __future__ import annotations

import pytest
from sympy import Basic, Derivative, Expr, Function, Integral, KroneckerDelta, Rational, S, Sum, oo, sign, sin

from gainderive import catalog
from gainderive.derivation import Derivation, Reason, Step, Verdict, ending
from gainderive.derivation.reasons import (
    FundamentalTheorem,
    Independence,
    KroneckerCollapse,
    MeanOfSum,
    SquareOfSum,
    UncorrelatedWeights,
)
from gainderive.errors import StepRefused
from gainderive.probability import Mean
from gainderive.status import Status
from gainderive.symbols import bound, counter, fan_in, fan_out, indexed, parameter, weight_variance, x, z

W, h, u = indexed("W"), indexed("h"), indexed("u")
i, j, k, s, p, r = (counter(name) for name in "ijklpr")
n, m, v = fan_in, fan_out, weight_variance
real = parameter("k")
F = Function("f")
delta = KroneckerDelta

area = Integral(1, (x, 0, 1), (z, 0, 2))
indefinite = Integral(x, x)
from_one_end = Integral(x, (x, 1))
over_a_pole = Integral(x**-2, (x, -1, 1))
of_square = Integral(x**2, (x, -1, 1))
of_sine = Integral(sin(bound * x) ** 2, (x, 0, 1))
endless = Integral(x, (x, 0, oo))

line = Sum(W[j] * h[j], (j, 1, n))
nested = Sum(h[j] * Sum(u[k], (k, 1, n)), (j, 1, n))
triangle = Sum(h[i, j], (j, 1, i), (i, 1, n))
mixed = Sum(u[j] * Sum(h[j, k], (k, 1, n)), (j, 1, m))

plane = (j, 1, n), (k, 1, n)
pair = Sum(delta(j, k) * h[j] * h[k], *plane)
chained = Sum(delta(j, k) * delta(k, s) * h[s], *plane, (s, 1, n))
ended = Sum(delta(j, r) * delta(j, k) * h[k], *plane)
at_p = Sum(delta(j, p) * h[j], (j, 1, n))
past_end = Sum(delta(j, n + 1) * h[j], (j, 1, n))
mirrored = Sum(delta(j, n - j) * h[j], (j, 1, n))
doubled = Sum(delta(j, 2 * k) * h[j], *plane)
shifted = Sum(delta(j, k) * h[j], (j, 1, n), (k, 2, n))
lower_half = Sum(delta(j, k) * h[k], (j, 1, k), (k, 1, n))
tailed = Sum(delta(j, k) * h[k, s], (k, 1, n), (j, 1, n), (s, 1, k))
half_bound = Sum(delta(j, k) * h[j, i], (j, 1, i), (i, 1, n), (k, 1, i))
reversed_range = Sum(delta(j, k) * h[j], (j, 5, 1), (k, 5, 1))
inner_sum = Sum(delta(j, k) * Sum(h[j, k], (j, 1, m)), *plane)
inner_kept = Sum(delta(j, p) * Sum(h[j, p], (p, 1, m)), (j, 1, n))
inner_slope = Sum(delta(j, k) * Derivative(F(j, k), k), *plane)
named_end = Sum(delta(j, n) * h[j], (j, 1, n - 1))
twice_over = Sum(delta(j, k) * h[j], (j, 1, n), (k, 1, n), (j, 1, m))

same_entry = Mean(W[i] * W[j])
variance_line = Sum(k * same_entry, (k, 1, n))
slope_line = Derivative(v * same_entry, v)

FALSE: dict[str, tuple[Basic, Basic, Reason]] = {
    "only one of two integrals is done": (area, S.One, FundamentalTheorem(area, x)),
    "indefinite integral": (indefinite, x**2 / 2, FundamentalTheorem(indefinite, x**2 / 2)),
    "integral with one end": (from_one_end, Rational(1, 2), FundamentalTheorem(from_one_end, x**2 / 2)),
    "an antiderivative with a pole": (
        over_a_pole,
        S(-2),
        FundamentalTheorem(over_a_pole, -1 / x),
    ),
    "an antiderivative with a jump": (of_square, Rational(7, 3), FundamentalTheorem(of_square, x**3 / 3 + sign(x))),
    "integral without an end": (endless, oo, FundamentalTheorem(endless, x**2 / 2)),
    "one new index for two": (
        Sum(h[i, j], (i, 1, n), (j, 1, n)) ** 2,
        Sum(h[i, j] * h[k, k], (i, 1, n), (j, 1, n), (k, 1, n), (k, 1, n)),
        SquareOfSum(Sum(h[i, j], (i, 1, n), (j, 1, n)) ** 2, (k, k)),
    ),
    "new index is an end": (
        line**2,
        Sum(W[j] * h[j] * W[n] * h[n], (j, 1, n), (n, 1, n)),
        SquareOfSum(line**2, (n,)),
    ),
    "new index bound inside": (
        nested**2,
        Sum(h[j] * h[k] * Sum(u[k], (k, 1, n)) ** 2, *plane),
        SquareOfSum(nested**2, (k,)),
    ),
    "new index captured by an inner sum": (
        mixed**2,
        Sum(u[j] * u[k] * Sum(h[j, k], (k, 1, n)) * Sum(h[k, k], (k, 1, n)), (j, 1, m), (k, 1, m)),
        SquareOfSum(mixed**2, (k,)),
    ),
    "range that depends on an index": (
        triangle**2,
        Sum(h[i, j] * h[k, s], (j, 1, i), (i, 1, n), (s, 1, i), (k, 1, n)),
        SquareOfSum(triangle**2, (s, k)),
    ),
    "new index occurs elsewhere in the line": (
        h[k] * line**2,
        h[k] * Sum(W[j] * h[j] * W[k] * h[k], *plane),
        SquareOfSum(line**2, (k,)),
    ),
    "new index is not an integer": (
        line**2,
        Sum(W[j] * h[j] * W[real] * h[real], (j, 1, n), (real, 1, n)),
        SquareOfSum(line**2, (real,)),
    ),
    "mean of an infinite sum": (
        Mean(Sum(h[j], (j, 1, oo))),
        Sum(Mean(h[j]), (j, 1, oo)),
        MeanOfSum(Mean(Sum(h[j], (j, 1, oo)))),
    ),
    "mean of a random number of terms": (
        Mean(Sum(h[j], (j, 1, u[i]))),
        Sum(Mean(h[j]), (j, 1, u[i])),
        MeanOfSum(Mean(Sum(h[j], (j, 1, u[i])))),
    ),
    "a factor that mixes the family with another": (
        Mean((W[j] + h[j]) * h[j]),
        Mean(W[j] + h[j]) * Mean(h[j]),
        Independence(Mean((W[j] + h[j]) * h[j]), family=W),
    ),
    "a factor that mixes the family with an unknown function": (
        Mean((W[j] + F(x)) * F(x)),
        Mean(W[j] + F(x)) * Mean(F(x)),
        Independence(Mean((W[j] + F(x)) * F(x)), family=W),
    ),
    "fixed index past the end": (past_end, h[n + 1], KroneckerCollapse(past_end)),
    "index equal to what depends on it": (mirrored, h[n - j], KroneckerCollapse(mirrored)),
    "index equal to twice another": (doubled, Sum(h[2 * k], (k, 1, n)), KroneckerCollapse(doubled)),
    "chain of deltas that leaves an index": (chained, h[k] * Sum(delta(j, k), (j, 1, n)), KroneckerCollapse(chained)),
    "range that ends at the index that goes": (
        lower_half,
        Sum(h[k], (k, 1, n)),
        KroneckerCollapse(lower_half),
    ),
    "another range ends at the index that goes": (
        tailed,
        Sum(h[j, s], (j, 1, n), (s, 1, k)),
        KroneckerCollapse(tailed),
    ),
    "ranges that only look alike": (
        half_bound,
        Sum(h[j, i], (j, 1, i), (i, 1, n)),
        KroneckerCollapse(half_bound),
    ),
    "ranges that differ": (shifted, Sum(h[j], (j, 1, n)), KroneckerCollapse(shifted)),
    "reversed range": (reversed_range, Sum(h[j], (j, 5, 1)), KroneckerCollapse(reversed_range)),
    "index summed over twice": (
        twice_over,
        Sum(h[j], (j, 1, m)),
        KroneckerCollapse(twice_over),
    ),
    "index that goes into an inner sum": (
        inner_sum,
        Sum(1, (j, 1, n)) * Sum(h[j, j], (j, 1, m)),
        KroneckerCollapse(inner_sum),
    ),
    "fixed index that an inner sum binds": (
        inner_kept,
        Sum(h[p, p], (p, 1, m)),
        KroneckerCollapse(inner_kept, within=(p,)),
    ),
    "variable of a derivative": (
        inner_slope,
        Sum(Derivative(F(j, j), j), (j, 1, n)),
        KroneckerCollapse(inner_slope),
    ),
    "fixed index that is not declared": (at_p, h[p], KroneckerCollapse(at_p)),
    "fixed index that the line sums over": (
        Sum(u[p] * at_p, (p, 1, 2 * n)),
        Sum(u[p] * h[p], (p, 1, 2 * n)),
        KroneckerCollapse(at_p, within=(p,)),
    ),
    "declared index outside the range": (named_end, h[n], KroneckerCollapse(named_end, within=(n,))),
    "declared index that may be no integer": (
        Sum(delta(j, real) * h[j], (j, 1, n)),
        h[real],
        KroneckerCollapse(Sum(delta(j, real) * h[j], (j, 1, n)), within=(real,)),
    ),
    "variance is an index of the entries": (
        Sum(same_entry, (i, 1, n)),
        Sum(i * delta(i, j), (i, 1, n)),
        UncorrelatedWeights(same_entry, family=W, variance=i),
    ),
    "variance is an index of the line": (
        variance_line,
        Sum(k**2 * delta(i, j), (k, 1, n)),
        UncorrelatedWeights(same_entry, family=W, variance=k),
    ),
    "variance is differentiated by": (
        slope_line,
        Derivative(v**2 * delta(i, j), v),
        UncorrelatedWeights(same_entry, family=W, variance=v),
    ),
    "random variance": (same_entry, h[1] * delta(i, j), UncorrelatedWeights(same_entry, family=W, variance=h[1])),
    "random index": (
        Mean(W[h[1]] * W[j]),
        v * delta(h[1], j),
        UncorrelatedWeights(Mean(W[h[1]] * W[j]), family=W, variance=v),
    ),
    "entries with different numbers of indices": (
        Mean(W[i] * W[i, j]),
        v,
        UncorrelatedWeights(Mean(W[i] * W[i, j]), family=W, variance=v),
    ),
    "cube of an entry": (Mean(W[i] ** 3), v, UncorrelatedWeights(Mean(W[i] ** 3), family=W, variance=v)),
    "fourth power of an entry": (
        Mean(W[i] ** 4),
        v**2,
        UncorrelatedWeights(Mean(W[i] ** 4), family=W, variance=v),
    ),
    "square of another family's entry": (
        Mean(h[i] ** 2),
        v,
        UncorrelatedWeights(Mean(h[i] ** 2), family=W, variance=v),
    ),
}

density = Integral(x**2 / (2 * bound), (x, -bound, bound))
weighted = Sum(v * delta(i, j) * delta(k, s) * h[i, k] * h[j, s], (i, 1, n), (j, 1, n), (k, 1, m), (s, 1, m))

TRUE: dict[str, tuple[Basic, Basic, Reason]] = {
    "an integral of a sine": (
        of_sine,
        Rational(1, 2) - sin(2 * bound) / (4 * bound),
        FundamentalTheorem(of_sine, x / 2 - sin(2 * bound * x) / (4 * bound)),
    ),
    "one integral": (density, bound**2 / 3, FundamentalTheorem(density, x**3 / (6 * bound))),
    "square of a sum": (
        line**2,
        Sum(W[j] * h[j] * W[k] * h[k], *plane),
        SquareOfSum(line**2, (k,)),
    ),
    "square with an inner sum": (
        nested**2,
        Sum(h[j] * h[s] * Sum(u[k], (k, 1, n)) ** 2, (j, 1, n), (s, 1, n)),
        SquareOfSum(nested**2, (s,)),
    ),
    "mean of a triangle": (
        Mean(triangle),
        Sum(Mean(h[i, j]), (j, 1, i), (i, 1, n)),
        MeanOfSum(Mean(triangle)),
    ),
    "independent factors": (
        Mean(W[j] * W[k] * h[j] * u[k]),
        Mean(W[j] * W[k]) * Mean(h[j] * u[k]),
        Independence(Mean(W[j] * W[k] * h[j] * u[k]), family=W),
    ),
    "functions of independent arguments": (
        Mean(F(W[j]) * F(h[j])),
        Mean(F(W[j])) * Mean(F(h[j])),
        Independence(Mean(F(W[j]) * F(h[j])), family=W),
    ),
    "equal indices": (pair, Sum(h[j] ** 2, (j, 1, n)), KroneckerCollapse(pair)),
    "two pairs": (weighted, v * Sum(h[i, k] ** 2, (i, 1, n), (k, 1, m)), KroneckerCollapse(weighted)),
    "chain of deltas": (chained, Sum(h[j], (j, 1, n)), KroneckerCollapse(chained)),
    "chain that ends at a fixed index": (ended, h[r], KroneckerCollapse(ended, within=(r,))),
    "fixed index": (at_p, h[p], KroneckerCollapse(at_p, within=(p,))),
    "different entries": (
        Mean(W[i, j] * W[i, k]),
        v * delta(j, k),
        UncorrelatedWeights(Mean(W[i, j] * W[i, k]), family=W, variance=v),
    ),
    "one entry squared": (Mean(W[i] ** 2), v, UncorrelatedWeights(Mean(W[i] ** 2), family=W, variance=v)),
}


def verdict(before: Basic, after: Basic, by: Reason) -> Verdict:
    """The verdict of a chain of one step."""
    return Derivation("test", before, ending(before, after), (Step(after, by),)).verdicts()[0]


@pytest.mark.parametrize("name", FALSE)
def test_a_false_step_is_refused(name: str) -> None:
    assert verdict(*FALSE[name]) in (Verdict.FALSE, Verdict.WRONG_REASON)


@pytest.mark.parametrize("name", TRUE)
def test_a_true_step_is_accepted(name: str) -> None:
    assert verdict(*TRUE[name]) is Verdict.PROVED


def test_a_family_has_one_variance_in_a_chain() -> None:
    other = Mean(W[i] * W[k])
    given, middle, last = same_entry + other, v * delta(i, j) + other, v * delta(i, j) + 2 * v * delta(i, k)
    steps = (
        Step(middle, UncorrelatedWeights(same_entry, family=W, variance=v)),
        Step(last, UncorrelatedWeights(other, family=W, variance=2 * v)),
    )
    with pytest.raises(StepRefused, match="meant something else"):
        Derivation("test", given, ending(given, last), steps).check()


def test_the_collapsed_sum_is_the_sum() -> None:
    entries = {h[a, b]: Rational(a, b + 1) for a in (1, 2, 3) for b in (1, 2)}
    before, after, _ = TRUE["two pairs"]
    values = [summed(side.subs({n: 3, m: 2}), entries) for side in (before, after)]
    assert values[0] == values[1] == v * sum(value**2 for value in entries.values())


def summed(total: Expr, entries: dict[Expr, Rational]) -> Expr:
    """Carry out a sum and put the entries in."""
    return total.doit().subs(entries)


def test_the_assumption_on_a_fixed_index_is_shown() -> None:
    assert "Assumed to lie in the range of the index that it replaces: $p$" in TRUE["fixed index"][2].explain()


@pytest.mark.parametrize("published", ["GD-0001", "GD-0002", "GD-0007", "GD-0017", "GD-0020"])
def test_the_published_results_still_check(published: str) -> None:
    assert catalog.result(published).derivation.check() is Status.PROVED
