"""Units of several preactivations or with a random parameter: their formulas, gains, conventions and checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import mpmath
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erf as scipy_erf
from sympy import Add, Basic, Eq, Expr, Heaviside, Max, Piecewise, Rational, S, lambdify, latex, pi, sin, sqrt

import gainderive as gd
from gainderive import activations, enclosure, exact, facade, montecarlo, units
from gainderive.cli import cli
from gainderive.derivation import Derivation, Reason, Step, Verdict, ending, rewrite
from gainderive.derivation.reasons import (
    DensityOfTheLargest,
    Factorisation,
    Linearity,
    MeanOfParameter,
    OneIsLargest,
    UnitDefinition,
)
from gainderive.derivation.reasons.unit_definition import Partial
from gainderive.facade._derive import closed_form
from gainderive.gaussian import GaussMean
from gainderive.joint import JointMean, over
from gainderive.symbols import branch, counter, g, parameter, q, x

FALSE_ALARM = 1e-9
"""Probability that one sampled comparison in this file refuses a right value."""
SAMPLED_TO = 0.05
"""Radius of a sampled second moment; a gain off by 1.5 times that changes it by three radii and is refused."""
SIZED = [(name, {}) for name in units.names()] + [("maxout", {"k": 3}), ("maxout", {"k": 5})]
"""Every unit at its defaults, and maxout at other sizes."""
CRITERIA = ["forward", "centered", "activation", "backward"]
a, lower, upper = parameter("a"), parameter("l"), parameter("u")
x_1, x_2, x_3 = branch(1), branch(2), branch(3)


def sized(name: str, parameters: dict[str, int]) -> units.Unit:
    """The unit with its parameters set, under a name that a test's ID shows."""
    return units.load(name).at(**parameters)


# -- the files -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", units.names())
def test_the_file_is_complete(name: str) -> None:
    unit = units.load(name)
    assert unit.name == name
    assert unit.title
    assert unit.source
    assert unit.at().is_closed
    assert unit.at().inputs
    assert all(p.default.is_Rational for p in unit.parameters)


def test_no_name_is_both_a_unit_and_an_activation() -> None:
    plain = {n for name in activations.names() for n in (name, *activations.load(name).aliases)}
    assert not plain & {n for name in units.names() for n in (name, *units.load(name).aliases)}


def functions() -> dict[str, Callable[..., Any]]:
    """Each unit as torch's functional interface writes it, from preactivations to a tuple of outputs."""
    torch = pytest.importorskip("torch")
    f = torch.nn.functional
    return {
        "bilinear": lambda u, v: (u * v,),
        "glu": lambda u, v: (f.glu(torch.stack((u, v), -1)).squeeze(-1),),
        "geglu": lambda u, v: (u * f.gelu(v),),
        "swiglu": lambda u, v: (u * f.silu(v),),
        "reglu": lambda u, v: (u * f.relu(v),),
        "crelu": lambda z: (f.relu(z), f.relu(-z)),
        "maxout": lambda *z: (torch.stack(z).amax(0),),
        "rrelu": lambda z: (torch.nn.RReLU().train()(z),),
    }


def in_torch(name: str) -> Callable[..., Any]:
    """The unit by torch's hands; a new unit may wait for them, unless it says that torch has it."""
    function = functions().get(name)
    if function is None:
        assert not any(called.startswith("torch.") for called in units.load(name).elsewhere)
        pytest.skip(f"nobody has written {name} with torch's functions yet")
    return function


@pytest.mark.parametrize(("name", "parameters"), [case for case in SIZED if case[0] != "rrelu"])
def test_the_outputs_are_torchs(name: str, parameters: dict[str, int]) -> None:
    function = in_torch(name)
    torch = pytest.importorskip("torch")
    unit = sized(name, parameters)
    points = np.random.default_rng(0).normal(size=(len(unit.inputs), 400)) * 3
    expected = function(*torch.from_numpy(points))
    assert len(expected) == len(unit.outputs)
    for output, theirs in zip(unit.outputs, expected, strict=True):
        ours = lambdify(unit.inputs, output, ["scipy", "numpy"])(*points)
        np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-13, atol=1e-15)


def test_jax_takes_the_same_half_of_its_glu_as_the_gate() -> None:
    jax = pytest.importorskip("jax")
    ours = lambdify((x_1, x_2), units.load("glu").outputs[0], "numpy")(0.75, -2.0)
    assert float(jax.nn.glu(jax.numpy.array([0.75, -2.0]))[0]) == pytest.approx(ours, rel=1e-6)


# -- known values ----------------------------------------------------------------------------

KNOWN = [
    ("bilinear", {}, "forward", S.One),
    ("bilinear", {}, "backward", S.One),
    ("reglu", {}, "forward", sqrt(2)),
    ("reglu", {}, "backward", sqrt(2)),
    ("crelu", {}, "forward", sqrt(2)),
    ("crelu", {}, "centered", sqrt(2 / (1 - 1 / pi))),
    ("crelu", {}, "backward", S.One),
    ("glu", {}, "linearized", S(2)),
    ("maxout", {}, "forward", S.One),
    ("maxout", {}, "backward", sqrt(2)),
    ("maxout", {"k": 4}, "backward", S(2)),
    ("rrelu", {}, "forward", sqrt(2 / (1 + (Rational(1, 64) + Rational(1, 24) + Rational(1, 9)) / 3))),
]


@pytest.mark.parametrize(("name", "parameters", "criterion", "value"), KNOWN)
def test_a_gain_that_is_worked_out_by_hand_is_proved(
    name: str, parameters: dict[str, int], criterion: str, value: Expr
) -> None:
    gain = gd.gain(name, criterion, digits=40, **parameters)
    assert gain.status is gd.Status.PROVED
    assert gain.exact is not None
    assert (gain.exact - value).simplify() == 0
    assert gain.derivation.check() is gd.Status.PROVED


# Moments of the largest of a few independent standard normal variables: Owen & Steck 1962; Godwin 1949.
LARGEST = [
    (2, "forward", S.One),
    (2, "centered", 1 - 1 / pi),
    (3, "forward", 1 + sqrt(3) / (2 * pi)),
    (3, "centered", 1 + sqrt(3) / (2 * pi) - Rational(9, 4) / pi),
    (4, "forward", 1 + sqrt(3) / pi),
]


@pytest.mark.parametrize(("k", "criterion", "moment"), LARGEST)
def test_maxout_has_the_moments_of_the_largest_of_k(k: int, criterion: str, moment: Expr) -> None:
    gain = gd.gain("maxout", criterion, digits=40, k=k)
    assert gain.enclosure is not None
    assert gain.enclosure.contains(1 / sqrt(moment))
    assert not gain.enclosure.contains(1 / sqrt(moment * Rational(101, 100)))


@pytest.mark.parametrize("k", [2, 3, 6, 9])
def test_maxout_agrees_with_the_integral_of_its_tails(k: int) -> None:
    with mpmath.workdps(30):
        phi = mpmath.ncdf
        moment = mpmath.quad(lambda t: 2 * t * (1 - phi(t) ** k + phi(-t) ** k), [0, 2, 4, 8, 14])
        expected = 1 / mpmath.sqrt(moment)
        ours = gd.gain("maxout", digits=20, k=k).enclosure
        assert ours is not None
        assert abs(mpmath.mpf(str(ours.mid)) - expected) < 1e-18


def complex_step(function: Callable[..., Any], points: list[np.ndarray], index: int) -> np.ndarray:
    """The partial derivative of an analytic function, to machine precision."""
    shifted = [p + (1e-30j if i == index else 0) for i, p in enumerate(points)]
    return np.asarray(function(*shifted).imag / 1e-30)


GATES: dict[str, Callable[..., Any]] = {
    "bilinear": lambda u, v: u * v,
    "glu": lambda u, v: u / (1 + np.exp(-v)),
    "geglu": lambda u, v: u * v * (1 + scipy_erf(v / np.sqrt(2))) / 2,
    "swiglu": lambda u, v: u * v / (1 + np.exp(-v)),
}


@pytest.mark.parametrize("criterion", CRITERIA)
@pytest.mark.parametrize("name", GATES)
def test_a_smooth_gate_agrees_with_a_two_dimensional_sum(name: str, criterion: str) -> None:
    # The trapezoid rule on the plane: exponentially accurate for analytic functions under a Gaussian weight.
    step, gate = 1 / 6, GATES[name]
    axis = np.arange(-66, 67) * step
    first, second = np.meshgrid(axis, axis)
    weight = np.exp(-(first**2 + second**2) / 2) * step**2 / (2 * np.pi)
    gain = float(gd.gain(name, criterion))
    match criterion:
        case "forward":
            left = gain**2 * np.sum(weight * gate(first, second) ** 2)
        case "centered":
            values = gate(first, second)
            left = gain**2 * (np.sum(weight * values**2) - np.sum(weight * values) ** 2)
        case "activation":
            left = np.sum(weight * gate(gain * first, gain * second) ** 2)
        case _:
            slopes = (complex_step(gate, [first, second], i) ** 2 for i in range(2))
            left = gain**2 * np.sum(weight * sum(slopes)) / 2
    assert left == pytest.approx(1, rel=1e-12)


def slopes() -> st.SearchStrategy[tuple[Rational, Rational]]:
    """Two different slopes in order."""
    rational = st.fractions(-2, 2, max_denominator=50).map(lambda f: Rational(f.numerator, f.denominator))
    return st.tuples(rational, rational).filter(lambda pair: pair[0] != pair[1]).map(lambda p: (min(p), max(p)))


@given(slopes())
@settings(max_examples=25)
def test_rrelu_averages_over_its_slope(ends: tuple[Rational, Rational]) -> None:
    low, high = ends
    first, second = (low + high) / 2, (low**2 + low * high + high**2) / 3
    for criterion, factor in {
        "forward": (1 + second) / 2,
        "activation": (1 + second) / 2,
        "backward": (1 + second) / 2,
        "centered": (1 + second) / 2 - (1 - first) ** 2 / (2 * pi),
    }.items():
        gain = gd.gain("rrelu", criterion, lower=low, upper=high)
        assert gain.status is gd.Status.PROVED
        assert gain.value == pytest.approx(float(1 / sqrt(factor)), rel=1e-14)


def test_rrelu_keeps_its_ends_symbolic() -> None:
    derivation = gd.derive("rrelu")
    assert derivation.check() is gd.Status.PROVED
    assert derivation.claim.free_symbols == {g, lower, upper}
    assumed = " ".join(map(str, derivation.assumptions))
    assert "fixed slope" in assumed
    assert "l < u" in assumed
    assert gd.gain("rrelu").value != gd.gain("leaky_relu", negative_slope=Rational(11, 48)).value


# -- every unit, every criterion -------------------------------------------------------------


@pytest.mark.parametrize(("name", "parameters"), SIZED)
def test_all_five_criteria_have_an_answer(name: str, parameters: dict[str, int]) -> None:
    for answer in gd.gains(name, **parameters).values():
        assert isinstance(answer, (gd.Gain, gd.NoSuchGain, gd.SeveralGains))


@pytest.mark.parametrize("criterion", CRITERIA)
@pytest.mark.parametrize(("name", "parameters"), SIZED)
def test_the_status_follows_from_whether_a_closed_form_is_found(
    name: str, parameters: dict[str, int], criterion: str
) -> None:
    gain = gd.gain(name, criterion, digits=25, **parameters)
    assert gain.enclosure is not None
    assert (gain.status is gd.Status.PROVED) == (gain.exact is not None)
    assert gain.derivation.check() is gain.status
    if gain.exact is not None:
        assert gain.enclosure.contains(gain.exact)
        closed = closed_form(sized(name, parameters), gain.criterion)
        assert not closed.claim.has(JointMean, GaussMean)


@pytest.mark.parametrize("name", ["bilinear", "reglu", "geglu", "swiglu"])
def test_a_product_of_two_that_vanish_has_no_linearized_gain(name: str) -> None:
    with pytest.raises(gd.NoSuchGain, match="its tangent at 0 vanishes"):
        gd.gain(name, "linearized")


@pytest.mark.parametrize(("name", "parameters"), [case for case in SIZED if case[0] in ("crelu", "rrelu", "maxout")])
def test_a_kink_at_the_origin_leaves_no_linearized_gain(name: str, parameters: dict[str, int]) -> None:
    with pytest.raises(gd.NoSuchGain, match="kink"):
        gd.gain(name, "linearized", **parameters)


@pytest.mark.parametrize("gate", ["glu", "geglu", "swiglu", "reglu"])
def test_a_gated_unit_has_the_forward_gain_of_its_gate(gate: str) -> None:
    alone = {"glu": "sigmoid", "geglu": "gelu", "swiglu": "silu", "reglu": "relu"}[gate]
    assert float(gd.gain(gate)) == pytest.approx(float(gd.gain(alone)), rel=1e-15)


# -- the conventions: fans count outputs and preactivations ----------------------------------


@pytest.mark.parametrize(("name", "parameters"), SIZED)
def test_the_forward_gain_keeps_the_next_preactivation(name: str, parameters: dict[str, int]) -> None:
    torch, function, unit = pytest.importorskip("torch"), in_torch(name), sized(name, parameters)
    k, p, n = len(unit.inputs), len(unit.outputs), 3
    torch.manual_seed(0)

    def draw(generator: np.random.Generator, size: int) -> np.ndarray:
        outputs = function(*torch.from_numpy(generator.standard_normal((k, size, n))))
        h = np.concatenate([output.numpy() for output in outputs], axis=1)
        weights = generator.uniform(-1, 1, h.shape) * np.sqrt(3 / (p * n)) * gain
        return np.asarray(np.sum(weights * h, axis=1) ** 2)

    gain = float(gd.gain(name, **parameters))
    assert montecarlo.sample_mean(draw, SAMPLED_TO, FALSE_ALARM).contains(1)
    gain *= 1 + 1.5 * SAMPLED_TO
    assert not montecarlo.sample_mean(draw, SAMPLED_TO, FALSE_ALARM).contains(1)


@pytest.mark.parametrize(("name", "parameters"), SIZED)
def test_the_backward_gain_keeps_the_gradient(name: str, parameters: dict[str, int]) -> None:
    torch, function, unit = pytest.importorskip("torch"), in_torch(name), sized(name, parameters)
    k, p, above = len(unit.inputs), len(unit.outputs), 2
    torch.manual_seed(0)

    def draw(generator: np.random.Generator, size: int) -> np.ndarray:
        z = torch.from_numpy(generator.standard_normal((k, size))).requires_grad_()
        h = torch.stack(function(*z))
        fan_out = k * above
        weights = torch.from_numpy(generator.uniform(-1, 1, (fan_out, p, size)) * np.sqrt(3 / fan_out) * gain)
        received = torch.from_numpy(generator.standard_normal((fan_out, size)))
        torch.sum(received * torch.sum(weights * h, dim=1)).backward()
        assert z.grad is not None
        return np.asarray((z.grad**2).mean(0).numpy())

    gain = float(gd.gain(name, "backward", **parameters))
    assert montecarlo.sample_mean(draw, SAMPLED_TO, FALSE_ALARM).contains(1)
    gain *= 1 + 1.5 * SAMPLED_TO
    assert not montecarlo.sample_mean(draw, SAMPLED_TO, FALSE_ALARM).contains(1)


def test_evaluating_rrelu_is_leaky_relu_with_the_middle_slope() -> None:
    torch = pytest.importorskip("torch")
    points = torch.linspace(-3, 3, 13, dtype=torch.float64)
    middle = (Rational(1, 8) + Rational(1, 3)) / 2
    leaky = torch.nn.functional.leaky_relu(points, float(middle))
    assert torch.allclose(torch.nn.RReLU().eval()(points), leaky)


# -- evidence --------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "parameters"), SIZED)
def test_every_route_agrees(name: str, parameters: dict[str, int]) -> None:
    report = gd.verify(name, **parameters)
    assert report.ok, report
    sampled = next(row for row in report.rows if row.route.startswith("Monte Carlo"))
    variables = sized(name, parameters).mean(S.One, S.One)
    if isinstance(variables, JointMean):
        assert f"samples of ({', '.join(map(str, variables.variables))})" in sampled.note


def test_monte_carlo_refuses_another_joint_function(monkeypatch: pytest.MonkeyPatch) -> None:
    other = facade.joint_solution(units.load("geglu"), gd.Criterion.FORWARD)
    monkeypatch.setattr(facade, "joint_solution", lambda *_: other)
    report = gd.verify(units.load("swiglu"))
    assert [row.route for row in report.rows if not row.ok] == ["Monte Carlo of g"]


def test_joint_sampling_wants_numbers() -> None:
    with pytest.raises(gd.BadExpression, match="contains q"):
        montecarlo.joint_mean(JointMean(x_1 * x_2, (x_1, q), (x_2, q)))


# -- spoiled steps ---------------------------------------------------------------------------

DERIVATIONS = [
    gd.derive(name, criterion, **parameters) for name, parameters in SIZED for criterion in ("forward", "backward")
] + [gd.derive("glu", "linearized"), gd.derive("rrelu", "centered"), gd.derive("swiglu", "centered")]
STEPS = [(d, i) for d in DERIVATIONS for i in range(len(d.steps))]


def with_step(derivation: Derivation, index: int, **changes: Any) -> Derivation:
    """The derivation with one step changed."""
    steps = list(derivation.steps)
    steps[index] = replace(steps[index], **changes)
    return replace(derivation, steps=tuple(steps))


@pytest.mark.parametrize(("derivation", "index"), STEPS)
def test_a_line_that_is_off_is_refused_at_its_step(derivation: Derivation, index: int) -> None:
    line = derivation.steps[index].becomes
    if isinstance(line, Eq):
        right = line.rhs * Rational(101, 100)
        line = Eq(line.lhs, right, evaluate=False)
    else:
        line = off(line)
    with pytest.raises(gd.StepRefused) as refusal:
        with_step(derivation, index, becomes=line).check()
    assert refusal.value.index == index + 1


def off(membership: Basic) -> Basic:
    """A membership in an interval that is off by 1 %."""
    unknown, interval = membership.args
    ends = (end * Rational(101, 100) for end in interval.args[:2])
    return membership.func(unknown, interval.func(*ends), evaluate=False)


@pytest.mark.parametrize(("derivation", "index"), STEPS)
def test_a_true_step_under_another_reason_is_refused(derivation: Derivation, index: int) -> None:
    others = [step.by for step in derivation.steps if step.by != derivation.steps[index].by]
    for other in others:
        with pytest.raises(gd.StepRefused) as refusal:
            with_step(derivation, index, by=other).check()
        assert refusal.value.index == index + 1
        assert refusal.value.verdict is Verdict.WRONG_REASON


def refused(reason: Reason, before: Basic, after: Basic) -> str:
    """Why a reason does not show a step, in words; fails when it does."""
    judgement = reason.check(before, after)
    assert judgement.shown is None
    return judgement.words


PRODUCT = JointMean(x_1**2 * Max(x_2, 0), (x_1, 2), (x_2, 3))
SPLIT = GaussMean(x**2, x, 2) * GaussMean(Max(x, 0), x, 3)


def test_independence_gives_each_branch_its_own_mean() -> None:
    assert Factorisation(PRODUCT, (x_1**2, Max(x_2, 0))).check(PRODUCT, SPLIT).shown is Verdict.PROVED
    assert "depends on x_1" in refused(Factorisation(PRODUCT, (x_1, x_1 * Max(x_2, 0))), PRODUCT, SPLIT)
    assert "product of the factors" in refused(Factorisation(PRODUCT, (x_1**2, x_2)), PRODUCT, SPLIT)
    assert "one factor for each" in refused(Factorisation(PRODUCT, (x_1**2 * Max(x_2, 0),)), PRODUCT, SPLIT)
    swapped = GaussMean(x**2, x, 3) * GaussMean(Max(x, 0), x, 2)
    assert "not the one before" in refused(Factorisation(PRODUCT, (x_1**2, Max(x_2, 0))), PRODUCT, swapped)


def test_independence_does_not_capture_a_free_x() -> None:
    free = JointMean(x * x_1 * x_2, (x_1, 1), (x_2, 1))
    captured = GaussMean(x**2, x, 1) * GaussMean(x, x, 1)
    assert "already stands" in refused(Factorisation(free, (x * x_1, x_2)), free, captured)


def test_independence_is_not_claimed_of_a_uniform_variable() -> None:
    mixed = JointMean(x * a, (x, 1), (a, 0, 1))
    assert "normal variables" in refused(Factorisation(mixed, (x, a)), mixed, GaussMean(x, x, 1) * GaussMean(x, x, 1))


def largest(f: Callable[[Expr], Expr], *seconds: Expr) -> JointMean:
    """The mean of a function of the largest of several variables."""
    variables = [branch(i) for i in range(1, len(seconds) + 1)]
    return JointMean(f(Max(*variables)), *zip(variables, seconds, strict=True))


def test_the_density_of_the_maximum_wants_equals_and_the_maximum_alone() -> None:
    mean = largest(lambda m: m**2, q, q, q)
    steps = exact.reduced(mean)
    assert [step.by.name for step in steps] == ["density of the maximum"]
    right = steps[0].becomes
    assert isinstance(right, GaussMean)
    unequal = largest(lambda m: m**2, q, q, 2 * q)
    assert "one second moment" in refused(DensityOfTheLargest(unequal), unequal, right)
    more = JointMean(Max(x_1, x_2) * x_1, (x_1, q), (x_2, q))
    assert "maximum alone" in refused(DensityOfTheLargest(more), more, right)
    some = JointMean(Max(x_1, x_2), (x_1, q), (x_2, q), (x_3, q))
    assert "maximum alone" in refused(DensityOfTheLargest(some), some, right)
    wrong = right.with_integrand(right.integrand * Rational(101, 100))
    assert "not the one before" in refused(DensityOfTheLargest(mean), mean, wrong)


def test_exactly_one_is_the_largest_only_when_all_are_asked() -> None:
    variables = (x_1, x_2, x_3)
    indicators = [Heaviside(v - Max(*(w for w in variables if w != v))) for v in variables]
    laws = [(v, 1) for v in variables]
    all_of_them = JointMean(Add(*(i**2 for i in indicators)), *laws)
    assert OneIsLargest(all_of_them).check(all_of_them, S.One).shown is Verdict.PROVED
    two = JointMean(indicators[0] ** 2 + indicators[1] ** 2, *laws)
    assert "not the sum" in refused(OneIsLargest(two), two, S.One)
    twice = JointMean(2 * indicators[0] ** 2 + indicators[1] ** 2, *laws)
    assert "not the sum" in refused(OneIsLargest(twice), twice, S.One)
    assert "not the one before" in refused(OneIsLargest(all_of_them), all_of_them, S(3))


SLOPED = JointMean(Piecewise((a * x, x < 0), (x, True)) ** 2, (x, 1), (a, 0, 1))
AVERAGED = GaussMean(Piecewise((x**2 / 3, x < 0), (x**2, True)), x, 1)
ANTIDERIVATIVE = Piecewise((a**3 * x**2 / 3, x < 0), (a * x**2, True))


def test_the_mean_over_a_slope_is_checked_piece_by_piece() -> None:
    reason = MeanOfParameter(SLOPED, ANTIDERIVATIVE, (S.Zero,), AVERAGED)
    assert reason.check(SLOPED, AVERAGED).shown is Verdict.PROVED
    assert "keep its sign" in refused(replace(reason, kinks=()), SLOPED, AVERAGED)
    assert "keep its sign" in refused(replace(reason, kinks=(S.One,)), SLOPED, AVERAGED)
    assert "is not shown" in refused(replace(reason, kinks=(S.One, S.Zero)), SLOPED, AVERAGED)
    wrong = Piecewise((a**3 * x**2 / 2, x < 0), (a * x**2, True))
    assert "the derivative of" in refused(replace(reason, antiderivative=wrong), SLOPED, AVERAGED)
    half = GaussMean(Piecewise((x**2 / 2, x < 0), (x**2, True)), x, 1)
    assert "the mean over a is not" in refused(replace(reason, into=half), SLOPED, half)
    elsewhere = GaussMean(AVERAGED.integrand, x, 2)
    assert "not over the same" in refused(replace(reason, into=elsewhere), SLOPED, elsewhere)


def test_a_slope_with_equal_ends_is_not_random() -> None:
    fixed = JointMean(a * x**2, (x, 1), (a, lower, lower))
    reason = MeanOfParameter(fixed, a**2 * x**2 / 2, (), GaussMean(lower * x**2, x, 1))
    assert "not random" in refused(reason, fixed, reason.into)


def test_the_means_are_exchanged_only_where_they_may_be() -> None:
    # Neither nonnegative nor polynomial in x: that it is absolutely integrable is not shown here.
    wave = JointMean(a * sin(x), (x, 1), (a, 0, 1))
    reason = MeanOfParameter(wave, a**2 * sin(x) / 2, (), GaussMean(sin(x) / 2, x, 1))
    assert "exchanged is not shown" in refused(reason, wave, reason.into)


def test_a_units_definition_is_held_to() -> None:
    glu = units.load("glu")
    before = over(glu.slopes[1] ** 2, [(x_1, 1), (x_2, 1)])
    right = Partial(0, x_2, glu.partial(0, x_2))
    after = rewrite(before, {glu.slopes[1]: right.value})
    assert UnitDefinition(glu, (right,)).check(before, after).shown is Verdict.PROVED
    wrong = Partial(0, x_2, right.value * Rational(101, 100))
    spoiled = rewrite(before, {glu.slopes[1]: wrong.value})
    assert "is not the derivative" in refused(UnitDefinition(glu, (wrong,)), before, spoiled)
    assert "is not given" in refused(UnitDefinition(glu), before, after)
    assert "does not occur" in refused(
        UnitDefinition(glu, (right, Partial(0, x_1, glu.partial(0, x_1)))), before, after
    )
    assert "no output" in refused(UnitDefinition(glu), after, after)


@pytest.mark.parametrize("k", [2, 3, 4])
def test_the_slope_of_a_maximum_is_1_where_it_is_the_largest(k: int) -> None:
    maxout = units.load("maxout").at(k=k)
    before = maxout.mean(maxout.slopes[0], S.One)
    others = [branch(i) for i in range(2, k + 1)]
    for value, shown in (
        (Heaviside(x_1 - Max(*others)), True),
        (Heaviside(Max(*others) - x_1), False),
        (2 * Heaviside(x_1 - Max(*others)), False),
        (Heaviside(x_1 - x_2), k == 2),
    ):
        after = rewrite(before, {maxout.slopes[0]: value})
        judgement = UnitDefinition(maxout, (Partial(0, x_1, value),)).check(before, after)
        assert (judgement.shown is Verdict.PROVED) == shown


def test_linearity_holds_over_several_variables_and_pulls_none_of_them_out() -> None:
    laws = (x_1, 1), (x_2, 1)
    mean = JointMean(x_1**2 + x_1 * x_2, *laws)
    first, second = JointMean(x_1**2, *laws), JointMean(x_1 * x_2, *laws)
    assert Linearity(mean, ((S.One, first), (S.One, second))).check(mean, first + second).shown is Verdict.PROVED
    pulled = JointMean(x_2, *laws)
    assert "not constant" in refused(Linearity(mean, ((S.One, first), (x_1, pulled))), mean, first + x_1 * pulled)


# -- the joint mean as an object -------------------------------------------------------------


def test_a_joint_mean_prints_standard_variables() -> None:
    mean = JointMean(x_1 * x_2, (x_1, q), (x_2, 1))
    assert str(mean) == "E[sqrt(q)*z_1*z_2]"
    assert latex(mean) == r"\mathbb{E}\left[\sqrt{q} z_{1} z_{2}\right]"
    assert latex(mean**2) == r"\mathbb{E}\left[\sqrt{q} z_{1} z_{2}\right]^{2}"


def test_a_joint_mean_binds_its_variables() -> None:
    mean = JointMean(a * x_1 * x_2, (x_1, q), (x_2, q))
    assert mean.free_symbols == {a, q}
    assert mean.subs(x_1, 5) == mean
    assert mean.subs(a, 2).integrand == 2 * x_1 * x_2
    with pytest.raises(gd.Undecided, match="captured"):
        rewrite(a + mean, {a: x_1})


def test_a_joint_mean_is_closed_when_asked() -> None:
    mean = JointMean(x_1**2 * x_2**4, (x_1, q), (x_2, q))
    assert mean.doit() == 3 * q**3
    assert largest(lambda m: m**2, q, q).doit() == q
    tangled = JointMean(sin(x_1 * x_2), (x_1, 1), (x_2, 1))
    assert tangled.doit() == tangled


@pytest.mark.parametrize(
    ("mean", "words"),
    [
        (JointMean(x_1 * x_2, (x_1, 1), (x_2, x_1**2)), "independent"),
        (JointMean(x_1, (x_1, 1), (x_1, 2)), "different variables"),
        (JointMean(x_1 * x_2, (x_1, -1), (x_2, 1)), "positive"),
        (JointMean(x_1 * GaussMean(x, x, 1), (x_1, 1), (x_2, 1)), "another mean"),
        (JointMean(a * x, (x, 1), (a, 0, S.Infinity)), "finite"),
    ],
)
def test_what_is_no_mean_is_refused_in_any_line(mean: JointMean, words: str) -> None:
    spoiled = Derivation("", mean, ending(mean, S.One), (Step(S.One, OneIsLargest(mean)),))
    with pytest.raises(gd.StepRefused, match=words):
        spoiled.check()


def test_no_ball_is_made_up_for_a_joint_mean() -> None:
    with pytest.raises(gd.GainderiveError):
        enclosure.ball(JointMean(x_1 * x_2, (x_1, 1), (x_2, 1)), 53)


# -- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "meant"), [("swigl", "swiglu"), ("max_out", "maxout"), ("gellu", "gelu")])
def test_an_unknown_name_is_looked_for_among_both(typed: str, meant: str) -> None:
    with pytest.raises(gd.UnknownActivation, match=f"'{meant}'"):
        gd.gain(typed)


@pytest.mark.parametrize(
    ("name", "parameters", "words"),
    [
        ("maxout", {"k": 1}, "at least 2"),
        ("maxout", {"k": 17}, "more than 16"),
        ("maxout", {"k": 2.5}, "must be an integer"),
        ("maxout", {"k": True}, "boolean"),
        ("maxout", {"k": counter("m")}, "must be a number, not a symbol"),
        ("rrelu", {"lower": 0.5}, "lower must be below upper"),
        ("rrelu", {"lower": 0.25, "upper": 0.25}, "leaky_relu"),
        ("rrelu", {"low": 0.25}, "it has lower, upper. Did you mean 'lower'"),
        ("glu", {"k": 3}, "it has none at all"),
    ],
)
def test_a_bad_parameter_is_named(name: str, parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(gd.BadParameter, match=words):
        gd.gain(name, **parameters)


def test_the_length_map_is_refused_to_a_unit() -> None:
    from gainderive.meanfield import derive_fixed_point

    with pytest.raises(gd.BadExpression, match="SwiGLU is a unit"):
        derive_fixed_point("swiglu", 1)


def test_the_command_line_knows_units() -> None:
    runner = CliRunner()
    assert "enclosed" in runner.invoke(cli, ["gain", "glu"]).output
    assert runner.invoke(cli, ["gain", "maxout", "--criterion", "backward", "--set", "k=9"]).output.startswith(
        "3, proved"
    )
    assert "swiglu" in runner.invoke(cli, ["list"]).output.split("Units:")[1]
    assert "independence of the branches" in runner.invoke(cli, ["derive", "reglu", "--format", "latex"]).output
