"""Reasons about layers, blocks and coins: false steps are refused, true ones are not."""

from __future__ import annotations

import pytest
from sympy import Basic, Function, KroneckerDelta, Rational, S, StrictLessThan, Sum, exp, oo, tanh

from gainderive.derivation import Derivation, Reason, Step, Verdict, ending, equation
from gainderive.derivation.reasons import (
    CentredWeights,
    Coin,
    ExponentialBound,
    IndependentMembers,
    Induction,
    MeanOfTerms,
    OrthonormalColumns,
    SumsInAnotherOrder,
)
from gainderive.errors import StepRefused
from gainderive.gaussian import GaussMean
from gainderive.probability import Mean
from gainderive.symbols import branch, counter, depth, fan_out, indexed, layer, parameter, q, width, x

i, j, k = counter("i"), counter("j"), counter("k")
u, b, W, h = indexed("u"), indexed("b"), indexed("W"), indexed("h")
n, L = width, depth
a = parameter("a")
p = parameter("p", positive=True)
s, t, phi = Function("s"), Function("t"), Function("phi", real=True)

pairs = Sum(Mean(u[i] ** 2 * u[j] ** 2), (i, 1, n), (j, 1, n))
second, fourth = GaussMean(x**2, x, q), GaussMean(x**4, x, q)
singles = Sum(Mean(tanh(u[i]) ** 2), (i, 1, n))
unknown = Sum(Mean(phi(u[i]) ** 2), (i, 1, n))
unbounded = Sum(Mean(exp(u[i] ** 2 / 2) * u[i]), (i, 1, n))
with_weights = Sum(Mean(u[i] * h[i]), (i, 1, n))
of_unequal_ranges = Sum(Mean(u[i] * u[j]), (i, 1, n), (j, 2, n))
of_one_pair = Sum(Mean((u[i] + u[j]) ** 2), (i, 1, n), (j, 1, n))
with_sum = Sum(Mean(Sum(u[i], (i, 1, n)) * u[i]), (i, 1, n))
with_x = Sum(Mean(x * u[i] ** 2), (i, 1, n))

block = Sum(W[i, j] * h[j], (j, 1, n))
squared = Mean((h[i] + a * block) ** 2)
terms = ((S.One, h[i] ** 2), (2 * a, h[i] * block), (a**2, block**2))
expanded = Mean(h[i] ** 2) + 2 * a * Mean(h[i] * block) + a**2 * Mean(block**2)
quadratic = Sum(W[i, j] ** 2 * h[j], (j, 1, n))
endless = Sum(W[i, j] * h[j], (j, 1, oo))

dropped = Mean(b[i] ** 2 * h[i] ** 2 / p**2)
shifted = Mean((h[i] + b[i]) ** 2)
two_coins = Mean(b[i] * b[j])
of_summed_coin = Mean(Sum(b[i], (i, 1, n)))

doubling, growing = equation(s(layer + 1), 2 * s(layer)), equation(s(layer + 1), a * s(layer) + p)
compound = (1 + 5 / n) ** L

Q = indexed("Q")
m = fan_out
in_rows = Sum(Q[i, j] * h[j] * Q[i, k] * h[k], (j, 1, n), (k, 1, n), (i, 1, m))
by_columns = Sum(h[j] * h[k] * Sum(Q[i, j] * Q[i, k], (i, 1, m)), (j, 1, n), (k, 1, n))
products = Sum(Q[i, j] * Q[i, k], (i, 1, m))
squares = Sum(Q[i, j] ** 2, (i, 1, m))
some_rows, of_columns = Sum(Q[i, j] * Q[i, k], (i, 1, n)), Sum(Q[j, i] * Q[k, i], (i, 1, m))
of_two_rows, of_three = Sum(Q[i, j] * Q[i + 1, k], (i, 1, m)), Sum(Q[i, j] ** 2 * Q[i, k], (i, 1, m))
triangle = Sum(h[i, j], (j, 1, i), (i, 1, n))

TRUE: dict[str, tuple[Basic, Basic, Reason]] = {
    "pairs": (pairs, n * fourth + n * (n - 1) * second**2, IndependentMembers(pairs, u, q)),
    "singles": (singles, n * GaussMean(tanh(x) ** 2, x, q), IndependentMembers(singles, u, q)),
    "an unknown function": (unknown, n * GaussMean(phi(x) ** 2, x, q), IndependentMembers(unknown, u, q)),
    "square of a block": (squared, expanded, MeanOfTerms(squared, terms)),
    "one factor is a sum over weights": (Mean(h[i] * block), S.Zero, CentredWeights(Mean(h[i] * block), W)),
    "one weight": (a + Mean(W[i, j]), a, CentredWeights(Mean(W[i, j]), W)),
    "dropout": (dropped, Mean(h[i] ** 2 / p**2) * p, Coin(dropped, b, p)),
    "sums in another order": (in_rows, by_columns, SumsInAnotherOrder(in_rows, by_columns)),
    "and back": (by_columns, in_rows, SumsInAnotherOrder(by_columns, in_rows)),
    "orthonormal columns": (
        by_columns,
        Sum(h[j] * h[k] * KroneckerDelta(j, k), (j, 1, n), (k, 1, n)),
        OrthonormalColumns(products, Q, m),
    ),
    "one column": (squares, S.One, OrthonormalColumns(squares, Q, m)),
    "a mean as a coefficient": (
        Mean(h[i] ** 2 / Mean(h[i] ** 2)),
        S.One / Mean(h[i] ** 2) * Mean(h[i] ** 2),
        MeanOfTerms(Mean(h[i] ** 2 / Mean(h[i] ** 2)), ((1 / Mean(h[i] ** 2), h[i] ** 2),)),
    ),
    "a mean of a number": (
        Mean((h[i] + a) ** 2),
        Mean(h[i] ** 2) + 2 * a * Mean(h[i]) + a**2,
        MeanOfTerms(Mean((h[i] + a) ** 2), ((S.One, h[i] ** 2), (2 * a, h[i]), (a**2, S.One))),
    ),
    "a coin alone": (Mean(b[i]), p, Coin(Mean(b[i]), b, p)),
    "a coin added": (shifted, Mean((h[i] + 1) ** 2) * p + Mean(h[i] ** 2) * (1 - p), Coin(shifted, b, p)),
    "doubling": (doubling, equation(s(layer), 2**layer * s(0)), Induction(s(layer))),
    "a geometric sum": (
        growing,
        equation(s(layer), a**layer * s(0) + p * (a**layer - 1) / (a - 1)),
        Induction(s(layer)),
    ),
    "an arithmetic sum": (
        equation(s(layer + 1), s(layer) + p),
        equation(s(layer), s(0) + layer * p),
        Induction(s(layer)),
    ),
    "a rule that depends on the layer": (
        equation(s(layer + 1), s(layer) + 2 * layer + 1),
        equation(s(layer), s(0) + layer**2),
        Induction(s(layer)),
    ),
    "compound growth": (compound, compound < exp(5 * L / n), ExponentialBound(compound)),
    "compound growth times a number": (3 * compound, 3 * compound < 3 * exp(5 * L / n), ExponentialBound(compound)),
}

FALSE: dict[str, tuple[Basic, Basic, Reason]] = {
    "a factor is lost": (
        in_rows,
        Sum(h[j] * products, (j, 1, n), (k, 1, n)),
        SumsInAnotherOrder(in_rows, Sum(h[j] * products, (j, 1, n), (k, 1, n))),
    ),
    "ranges are exchanged": (
        Sum(h[i, j], (i, 1, n), (j, 1, m)),
        Sum(h[i, j], (i, 1, m), (j, 1, n)),
        SumsInAnotherOrder(Sum(h[i, j], (i, 1, n), (j, 1, m)), Sum(h[i, j], (i, 1, m), (j, 1, n))),
    ),
    "a range that depends on the other index": (
        triangle,
        Sum(h[i, j], (i, 1, n), (j, 1, i)),
        SumsInAnotherOrder(triangle, Sum(h[i, j], (i, 1, n), (j, 1, i))),
    ),
    "a product of two sums": (
        Sum(Sum(h[j], (j, 1, n)) * Sum(h[k], (k, 1, n)), (i, 1, n)),
        Sum(h[j] * h[k], (i, 1, n), (j, 1, n), (k, 1, n)),
        SumsInAnotherOrder(
            Sum(Sum(h[j], (j, 1, n)) * Sum(h[k], (k, 1, n)), (i, 1, n)),
            Sum(h[j] * h[k], (i, 1, n), (j, 1, n), (k, 1, n)),
        ),
    ),
    "an index of two sums": (
        Sum(h[j] * Sum(h[j], (j, 1, n)), (j, 1, n)),
        Sum(h[j] ** 2, (j, 1, n), (j, 1, n)),
        SumsInAnotherOrder(Sum(h[j] * Sum(h[j], (j, 1, n)), (j, 1, n)), Sum(h[j] ** 2, (j, 1, n), (j, 1, n))),
    ),
    "not all rows": (some_rows, KroneckerDelta(j, k), OrthonormalColumns(some_rows, Q, m)),
    "orthonormal rows": (of_columns, KroneckerDelta(j, k), OrthonormalColumns(of_columns, Q, m)),
    "entries of two rows": (of_two_rows, KroneckerDelta(j, k), OrthonormalColumns(of_two_rows, Q, m)),
    "three entries": (of_three, KroneckerDelta(j, k), OrthonormalColumns(of_three, Q, m)),
    "another matrix": (products, KroneckerDelta(j, k), OrthonormalColumns(products, W, m)),
    "columns that are not normal": (squares, S(2), OrthonormalColumns(squares, Q, m)),
    "n squared pairs are different": (pairs, n * fourth + n**2 * second**2, IndependentMembers(pairs, u, q)),
    "all pairs are different": (pairs, n**2 * second**2, IndependentMembers(pairs, u, q)),
    "another second moment": (singles, n * GaussMean(tanh(x) ** 2, x, 2 * q), IndependentMembers(singles, u, q)),
    "a mean that does not exist": (
        unbounded,
        n * GaussMean(exp(x**2 / 2) * x, x, q),
        IndependentMembers(unbounded, u, q),
    ),
    "another family in the summand": (
        with_weights,
        n * GaussMean(x * h[i], x, q),
        IndependentMembers(with_weights, u, q),
    ),
    "ranges that differ": (of_unequal_ranges, n * second, IndependentMembers(of_unequal_ranges, u, q)),
    "a factor with two members": (of_one_pair, 4 * n * second, IndependentMembers(of_one_pair, u, q)),
    "an index bound inside": (with_sum, n * GaussMean(n * x**2, x, q), IndependentMembers(with_sum, u, q)),
    "x is taken": (with_x, n * GaussMean(x**3, x, q), IndependentMembers(with_x, u, q)),
    "a second moment for each member": (singles, n * GaussMean(tanh(x) ** 2, x, i), IndependentMembers(singles, u, i)),
    "a cross term left out": (
        squared,
        Mean(h[i] ** 2) + a**2 * Mean(block**2),
        MeanOfTerms(squared, (terms[0], terms[2])),
    ),
    "a random coefficient": (
        Mean(h[i] * h[j]),
        h[i] * Mean(h[j]),
        MeanOfTerms(Mean(h[i] * h[j]), ((h[i], h[j]),)),
    ),
    "a coefficient with something random beside its mean": (
        Mean(h[i] * h[j]),
        h[i] / Mean(h[i]) * Mean(h[j] * Mean(h[i])),
        MeanOfTerms(Mean(h[i] * h[j]), ((h[i] / Mean(h[i]), h[j] * Mean(h[i])),)),
    ),
    "nothing is expanded": (squared, squared + 0, MeanOfTerms(squared, ((S.One, squared.inside),))),
    "a square of weights": (Mean(h[i] * quadratic), S.Zero, CentredWeights(Mean(h[i] * quadratic), W)),
    "weights in two factors": (Mean(W[i, k] * block), S.Zero, CentredWeights(Mean(W[i, k] * block), W)),
    "no weights at all": (Mean(h[i]), S.Zero, CentredWeights(Mean(h[i]), W)),
    "an infinite sum of weights": (Mean(endless), S.Zero, CentredWeights(Mean(endless), W)),
    "weights under a square": (Mean(block**2), S.Zero, CentredWeights(Mean(block**2), W)),
    "what is dropped is kept": (shifted, Mean((h[i] + 1) ** 2) * p, Coin(shifted, b, p)),
    "the wrong probability": (dropped, Mean(h[i] ** 2 / p**2) * (1 - p), Coin(dropped, b, p)),
    "two coins": (two_coins, p, Coin(two_coins, b, p)),
    "a sum of coins": (of_summed_coin, n * p, Coin(of_summed_coin, b, p)),
    "a random probability": (Mean(b[i]), h[i], Coin(Mean(b[i]), b, h[i])),
    "the start is wrong": (doubling, equation(s(layer), 2 ** (layer + 1) * s(0)), Induction(s(layer))),
    "the growth is off by 1 %": (
        doubling,
        equation(s(layer), Rational(202, 100) ** layer * s(0)),
        Induction(s(layer)),
    ),
    "a rule that mentions another member": (
        equation(s(layer + 1), s(layer) + s(1)),
        equation(s(layer), s(0) + layer * s(1)),
        Induction(s(layer)),
    ),
    "a solution in terms of itself": (
        equation(s(layer + 1), s(layer)),
        equation(s(layer), s(layer - 1)),
        Induction(s(layer)),
    ),
    "another sequence": (doubling, equation(t(layer), 2**layer * t(0)), Induction(t(layer))),
    "an index that begins at 1": (
        equation(s(i + 1), 2 * s(i)),
        equation(s(i), 2**i * s(0)),
        Induction(s(i)),
    ),
    "a solution that only holds for one rule": (
        equation(s(layer + 1), layer * s(layer)),
        equation(s(layer), layer**layer * s(0)),
        Induction(s(layer)),
    ),
    "a bound that is too small": (compound, compound < exp(4 * L / n), ExponentialBound(compound)),
    "the wrong direction": (compound, compound > exp(5 * L / n), ExponentialBound(compound)),
    "an equality": (compound, exp(5 * L / n), ExponentialBound(compound)),
    "an excess of unknown sign": ((1 + a) ** L, (1 + a) ** L < exp(a * L), ExponentialBound((1 + a) ** L)),
    "a bound of something else": (compound, StrictLessThan(n, exp(5 * L / n)), ExponentialBound(compound)),
}


def verdict(before: Basic, after: Basic, reason: Reason) -> Verdict:
    claim = ending(before, after)
    return Derivation("test", before, claim, (Step(after, reason),)).verdicts()[0]


@pytest.mark.parametrize("name", TRUE)
def test_a_true_step_is_accepted(name: str) -> None:
    assert verdict(*TRUE[name]) is Verdict.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_a_false_step_is_refused(name: str) -> None:
    assert verdict(*FALSE[name]) in (Verdict.FALSE, Verdict.WRONG_REASON)


CHAINS: dict[str, tuple[Basic, Step, Step]] = {
    "members": (
        singles + unknown,
        Step(n * GaussMean(tanh(x) ** 2, x, q) + unknown, IndependentMembers(singles, u, q)),
        Step(
            n * GaussMean(tanh(x) ** 2, x, q) + n * GaussMean(phi(x) ** 2, x, 2 * q),
            IndependentMembers(unknown, u, 2 * q),
        ),
    ),
    "coins": (
        Mean(b[i]) + Mean(b[j]),
        Step(p + Mean(b[j]), Coin(Mean(b[i]), b, p)),
        Step(p + p / 2, Coin(Mean(b[j]), b, p / 2)),
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_a_family_has_one_law_in_a_chain(name: str) -> None:
    given, *steps = CHAINS[name]
    with pytest.raises(StepRefused, match="meant something else"):
        Derivation("test", given, ending(given, steps[-1].becomes), tuple(steps)).check()


def test_a_sum_over_members_is_the_sum() -> None:
    members = [branch(index) for index in (1, 2, 3)]
    moments = {x**2: q, x**4: 3 * q**2}
    by_hand = sum(moments[x**4] if first == second else moments[x**2] ** 2 for first in members for second in members)
    _, after, _ = TRUE["pairs"]
    by_rule = after.subs(n, len(members)).xreplace({node: moments[node.integrand] for node in after.atoms(GaussMean)})
    assert (by_rule - by_hand).expand() == 0
