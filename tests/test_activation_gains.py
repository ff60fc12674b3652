"""All activation gains of functions with a known number of them, and what is said about there being no others."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from sympy import (
    Abs,
    Eq,
    Max,
    Piecewise,
    Rational,
    S,
    StrictGreaterThan,
    StrictLessThan,
    cos,
    erf,
    exp,
    sin,
    sqrt,
    tanh,
)

import gainderive as gd
from gainderive import exact
from gainderive.derivation import Derivation, Step, ending, equation
from gainderive.derivation._scale import compared, direction
from gainderive.derivation.reasons import BoundAtEveryScale, OnlyRoot, Solving
from gainderive.gaussian import GaussMean
from gainderive.symbols import g, x


def second_moment(c: float, gain: float) -> float:
    """E phi(g z)^2 of phi = c x exp(-x^2): c^2 g^2 / (1 + 4 g^2)^(3/2)."""
    return c**2 * gain**2 / (1 + 4 * gain**2) ** 1.5


def test_two_roots_and_no_others() -> None:
    with pytest.raises(gd.SeveralGains, match="no others for any g") as refusal:
        gd.gain("4*x*exp(-x**2)", "activation")
    assert len(refusal.value.roots) == 2
    assert all(second_moment(4, root.value) == pytest.approx(1, abs=1e-12) for root in refusal.value.roots)


def test_three_roots_and_no_others() -> None:
    # As before, and a slow growth by which the mean comes back to 1 near g = 10.
    with pytest.raises(gd.SeveralGains, match="no others for any g") as refusal:
        gd.gain("sqrt(16*x**2*exp(-2*x**2) + x**2/100)", "activation")
    first, second, third = (root.value for root in refusal.value.roots)
    for root in (first, second, third):
        assert second_moment(4, root) + root**2 / 100 == pytest.approx(1, abs=1e-12)


def test_one_root_of_a_square_that_neither_grows_nor_falls() -> None:
    # phi^2 = (x^2 - 1/2)^2: 3 g^4 - g^2 + 1/4 = 1.
    gain = gd.gain("x**2 - 1/2", "activation")
    assert gain.value == pytest.approx(math.sqrt((1 + math.sqrt(10)) / 6), rel=1e-14)
    assert gain.remark is not None
    assert "any g" in gain.remark


def test_oscillations_are_left_to_the_closed_form() -> None:
    gain = gd.gain("x*cos(x)", "activation")
    q = gain.value**2
    assert q / 2 * (1 + (1 - 4 * q) * math.exp(-2 * q)) == pytest.approx(1, abs=1e-12)
    assert "closed form" in str(gain.remark)


@pytest.mark.parametrize(
    ("text", "sign"),
    [("erf(x)", "<"), ("cos(x)", "<"), ("x/(1 + abs(x))", "<"), ("2/pi*atan(x)", "<"), ("exp(x)", ">"),
     ("sqrt(1 + x**2)", ">"), ("(x + sqrt(x**2 + 4))/2", ">")],
)  # fmt: skip
def test_none_for_any_g_with_a_checked_proof(text: str, sign: str) -> None:
    with pytest.raises(gd.NoSuchGain, match=f"{sign} 1 for every g") as refusal:
        gd.gain(text, "activation")
    assert refusal.value.proved
    assert refusal.value.proof.check() is gd.Status.PROVED


def test_roots_far_outside_of_what_a_scan_sees() -> None:
    assert gd.gain("x/10**6", "activation").exact == 10**6
    assert gd.gain("10**5*x", "activation").exact == Rational(1, 10**5)
    for gain in (gd.gain("10**5*tanh(x)", "activation"), gd.gain("x*tanh(x)/10**5", "activation")):
        assert "the only one for every g" in str(gain.remark)
    assert gd.gain("10**5*tanh(x)", "activation").value == pytest.approx(1e-5, rel=1e-9)


def test_a_mean_that_grows_to_a_finite_value_below_1_and_then_is_infinite() -> None:
    # E erfi(g z/10)^2 is finite up to g = 5, where erfi(z/2)^2 grows like exp(z^2/2)/z^2.
    with pytest.raises(gd.MomentDiverges):
        gd.gain("erfi(x/10)", "activation")


def test_a_mean_that_comes_near_to_1_and_stays_below_is_proved_to() -> None:
    for exponent in (9, 20):
        with pytest.raises(gd.NoSuchGain) as refusal:
            gd.gain(f"4*x*exp(-x**2)*sqrt(sqrt(27)/8*(1 - 10**-{exponent}))", "activation")
        assert refusal.value.proved


def test_what_is_not_proved_is_not_claimed() -> None:
    # It grows like g^2/2, so there is a root beyond the range of the scan, and balls do not tell it from afar.
    with pytest.raises(gd.NoSuchGain) as refusal:
        gd.gain("x*cos(x)/10**4", "activation")
    assert not refusal.value.proved


@pytest.mark.parametrize(
    ("f", "way"),
    [
        (x**2, 1),
        (tanh(x) ** 2, 1),
        (exp(2 * x), 1),
        (1 / (1 + x**2), -1),
        (Piecewise((0, Abs(x) < 1), (1, True)), 1),
        (Piecewise((1, Abs(x) < 1), (0, True)), -1),
        # Violations of monotony: a shallow dip, a small jump the wrong way, slow waves, a late fall.
        ((x**2 - 1) ** 2, 0),
        (Piecewise((x**2, Abs(x) < 1), (x**2 - Rational(1, 10**9), True)), 0),
        (x**2 + sin(4 * x) ** 2, 0),
        (x**2 * exp(-(x**2) / 10**4), 0),
        (Max(x, 0) ** 2 + 10 * exp(-((x + 3) ** 2) * 100), 0),
        (S.One, 0),
        (Piecewise((0, x < 0), (1, True)), 0),
    ],
)
def test_monotony_is_not_claimed_where_there_is_none(f: object, way: int) -> None:
    assert direction(f) == way


@pytest.mark.parametrize(
    ("f", "side"),
    [
        (cos(x) ** 2, -1),
        (erf(x) ** 2, -1),
        (1 + x**2, 1),
        (Piecewise((0, x < 0), (1, True)), -1),
        (S.One, 0),
        ((1 + Rational(1, 10**9)) * tanh(x) ** 2, 0),
        (cos(x) ** 2 + exp(-100 * (x - 3) ** 2) / 10, 0),
        (1 + x**2 - Rational(1, 10**9), 0),
    ],
)
def test_a_bound_is_not_claimed_where_it_is_broken(f: object, side: int) -> None:
    assert compared(f, S.One) == side


def test_a_spoiled_bound_is_refused() -> None:
    mean = GaussMean(erf(x) ** 2, x, g**2)
    below = StrictLessThan(mean, S.One, evaluate=False)
    proof = Derivation("bound", mean, ending(mean, below), (Step(below, BoundAtEveryScale(mean, S.One)),))
    assert proof.check() is gd.Status.PROVED
    above = StrictGreaterThan(mean, S.One, evaluate=False)
    half = StrictLessThan(mean, S.Half, evaluate=False)
    for line, bound in ((above, S.One), (half, S.Half), (half, S.One)):
        spoiled = replace(proof, claim=ending(mean, line), steps=(Step(line, BoundAtEveryScale(mean, bound)),))
        with pytest.raises(gd.StepRefused, match="bound at every scale"):
            spoiled.check()


def test_a_higher_power_is_solved_and_a_spoiled_solution_refused() -> None:
    def solved(line: Eq, root: object) -> gd.Status:
        step = Step(equation(g, root), Solving(g))
        return Derivation("root", line, step.becomes, (step,)).check()

    fourth = equation(3 * g**4, S.One)
    assert solved(fourth, Rational(1, 3) ** Rational(1, 4)) is gd.Status.PROVED
    for wrong in (-(Rational(1, 3) ** Rational(1, 4)), sqrt(Rational(1, 3)), S.Half):
        with pytest.raises(gd.StepRefused):
            solved(fourth, wrong)
    with pytest.raises(gd.StepRefused, match="one positive power"):
        solved(equation(g**4 + g**2, S(2)), S.One)
    assert gd.gain("cube", "activation").status is gd.Status.PROVED


def test_selu_keeps_a_unit_second_moment_at_one_and_nowhere_else() -> None:
    derivation = gd.derive("selu", "activation")
    assert derivation.claim.rhs == 1
    assert derivation.check() is gd.Status.PROVED
    last = derivation.steps[-1]
    for spoiled in (
        replace(last, becomes=equation(g, Rational(101, 100))),
        replace(last, by=replace(last.by, root=Rational(101, 100))),
        replace(last, by=replace(last.by, value=gd.length_map("relu"))),
    ):
        with pytest.raises(gd.StepRefused) as refusal:
            replace(derivation, steps=(*derivation.steps[:-1], spoiled)).check()
        assert refusal.value.index == len(derivation.steps)


def test_a_root_that_is_not_the_only_one_is_refused() -> None:
    # The second moment is 1 at g = 1 and again at a larger g.
    f = x**2 * exp(-(x**2) / 2) / exact.evaluate(GaussMean(x**2 * exp(-(x**2) / 2), x, 1))
    node, given = GaussMean(f, x, g**2), GaussMean(f, x, 1)
    steps = exact.close(given)
    value = Derivation("at 1", given, equation(given, steps[-1].becomes), steps)
    assert value.check() is gd.Status.PROVED
    line = equation(g, Rational(1))
    chain = Derivation("test", equation(node, Rational(1)), line, (Step(line, OnlyRoot(node, Rational(1), value)),))
    with pytest.raises(gd.StepRefused, match="grows or falls"):
        chain.check()
