"""Gaussian means print, substitute and differentiate, and are never evaluated by accident."""

from __future__ import annotations

import dataclasses

import pytest
from sympy import Abs, Integer, Max, Piecewise, Rational, exp, latex, oo, simplify, sqrt, tanh

import gainderive as gd
from gainderive import algebra, notation
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.symbols import parameter, q, x, z

a = parameter("a")


def test_printing() -> None:
    mean = GaussMean(tanh(x) ** 2, x, q)
    assert str(mean) == repr(mean) == "E[tanh(sqrt(q)*z)**2]"
    assert str(GaussMean(tanh(x) ** 2, x, 1)) == "E[tanh(z)**2]"
    assert latex(mean) == r"\mathbb{E}\left[\tanh^{2}{\left(\sqrt{q} z \right)}\right]"
    assert str(GaussIntegral(x, x, q, -oo, 2)) == "E[x; x < 2]"


def test_the_bound_variable_is_bound() -> None:
    mean = GaussMean(a * x**2, x, q)
    assert mean.free_symbols == {a, q}
    assert mean.subs(x, 3) == mean
    assert mean.subs(a, 2) == GaussMean(2 * x**2, x, q)
    assert mean.subs(q, 4) == GaussMean(a * x**2, x, 4)


@pytest.mark.parametrize("f", [x**2, x**4, exp(x), x**3 * exp(x / 2), Max(x, 0) ** 2, Abs(x)])
def test_derivative_by_the_second_moment_is_that_of_the_closed_form(f: object) -> None:
    mean = GaussMean(f, x, q)
    assert algebra.equal(mean.diff(q).doit(), mean.doit().diff(q))


def test_derivative_by_a_parameter() -> None:
    mean = GaussMean(exp(a * x), x, q)
    assert algebra.equal(mean.diff(a).doit(), mean.doit().diff(a))
    assert mean.diff(z) == 0
    assert GaussMean(exp(a * x), x, a**2 + 1).diff(a).has(GaussMean)


def test_nothing_is_evaluated_by_accident() -> None:
    mean = GaussMean(x**2, x, q)
    for kept in (mean + 0, 2 * mean / 2, mean.subs(a, 1), simplify(GaussMean(tanh(x), x, q))):
        assert kept.has(GaussMean)
    assert mean.doit() == q
    assert GaussMean(tanh(x) ** 2, x, 1).doit() == GaussMean(tanh(x) ** 2, x, 1)


def test_values_are_frozen() -> None:
    derivation = gd.derive("relu")
    for value, name in (
        (gd.gain("relu"), "value"),
        (derivation, "claim"),
        (derivation.steps[0], "becomes"),
        (derivation.steps[0].by, "activation"),
        (gd.gain("relu").enclosure, "lower"),
        (gd.gain("relu").activation, "name"),
    ):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, name, None)


def test_statuses_and_criteria_are_ordered_and_named() -> None:
    assert sorted(gd.Status, reverse=True) == ["proved", "enclosed", "estimated", "sampled"]
    assert gd.Criterion("backward") == "backward"
    assert gd.gain("relu").criterion == "forward"


def test_the_five_conditions_are_those_of_the_definitions() -> None:
    from gainderive.activations import load
    from gainderive.facade import solution

    sigmoid = load("sigmoid")
    s = sigmoid.expression
    square, mean = GaussMean(s**2, x, 1), GaussMean(s, x, 1)
    assert solution(sigmoid, gd.Criterion.FORWARD) == square ** Rational(-1, 2)
    assert solution(sigmoid, gd.Criterion.CENTERED) == (square - mean**2) ** Rational(-1, 2)
    assert solution(sigmoid, gd.Criterion.LINEARIZED) == 1 / (Rational(1, 4) * sqrt(1 + Rational(1, 4)))
    backward = solution(sigmoid, gd.Criterion.BACKWARD) ** -2
    assert algebra.equal(backward.integrand, s.diff(x) ** 2)


def test_a_piecewise_integrand_prints_its_cases() -> None:
    f = Piecewise((0, x < 0), (x, True))
    assert str(GaussMean(f, x, Integer(4))) == "E[Piecewise((0, z < 0), (2*z, True))]"


def test_the_square_of_an_integral_is_not_a_square_of_its_differential() -> None:
    assert notation.latex(GaussIntegral(x, x, 1, 0, oo) ** 2).endswith(r"\,dx\right)^{2}")
