"""What users type: gains by name, expression and parameters, all five criteria, and refusals that help."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy import Piecewise, Rational, sqrt

import gainderive as gd
from gainderive.symbols import parameter, x

TABLE = ("linear", "conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d", "relu",
         "leaky_relu", "tanh", "sigmoid", "selu")  # fmt: skip


def mean(f: object, power: int = 2) -> mpmath.mpf:
    """E f(z)^power by mpmath, split at 0."""
    with mpmath.workdps(60):
        return mpmath.quad(
            lambda t: f(t) ** power * mpmath.npdf(t),  # type: ignore[operator]
            [-20, -8, -4, -2, -1, 0, 1, 2, 4, 8, 20],
        )


def selu(t: mpmath.mpf) -> mpmath.mpf:
    half, whole = mpmath.exp(0.5) * mpmath.erfc(1 / mpmath.sqrt(2)), mpmath.exp(2) * mpmath.erfc(mpmath.sqrt(2))
    alpha = mpmath.sqrt(2 / mpmath.pi) / (1 - half)
    scale = 1 / mpmath.sqrt(alpha**2 * (whole / 2 - half + mpmath.mpf(1) / 2) + mpmath.mpf(1) / 2)
    return scale * (t if t > 0 else alpha * mpmath.expm1(t))


FUNCTIONS = {
    "linear": (lambda t: t, lambda t: mpmath.mpf(1)),
    "relu": (lambda t: max(t, 0), lambda t: mpmath.mpf(t > 0)),
    "tanh": (mpmath.tanh, lambda t: 1 - mpmath.tanh(t) ** 2),
    "sigmoid": (lambda t: 1 / (1 + mpmath.exp(-t)), lambda t: mpmath.exp(-t) / (1 + mpmath.exp(-t)) ** 2),
    "selu": (selu, lambda t: mpmath.diff(selu, t)),
}


def reference(name: str, criterion: str) -> mpmath.mpf:
    """The gain by the definition of its criterion, integrated by mpmath."""
    f, slope = FUNCTIONS[name]
    with mpmath.workdps(60):
        match criterion:
            case "forward":
                return 1 / mpmath.sqrt(mean(f))
            case "centered":
                return 1 / mpmath.sqrt(mean(f) - mean(f, 1) ** 2)
            case "backward":
                return 1 / mpmath.sqrt(mean(slope))
        return 1 / (abs(slope(mpmath.mpf(0))) * mpmath.sqrt(1 + f(mpmath.mpf(0)) ** 2))


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("criterion", ["forward", "centered", "backward"])
def test_forty_digits_against_mpmath(name: str, criterion: str) -> None:
    if (name, criterion) == ("selu", "backward"):
        pytest.skip("a numerical derivative is no reference")
    ball = gd.gain(name, criterion, digits=40).enclosure
    assert ball is not None
    expected = reference(name, criterion)
    with mpmath.workdps(60):
        slack = mpmath.mpf(10) ** -50
        assert mpmath.mpf(str(ball.lower)) - slack <= expected <= mpmath.mpf(str(ball.upper)) + slack
    assert ball.rad <= abs(ball.mid) * Decimal(10) ** -40


@given(st.fractions(min_value=-5, max_value=5, max_denominator=1000))
def test_every_slope_of_leaky_relu(slope: Fraction) -> None:
    gain = gd.gain("leaky_relu", negative_slope=slope, digits=40)
    exact = sqrt(2 / (1 + Rational(slope.numerator, slope.denominator) ** 2))
    assert gain.exact is not None
    assert gain.enclosure is not None
    assert (gain.exact - exact).equals(0)
    assert gain.enclosure.contains(exact)
    assert gain.status == "proved"


@pytest.mark.parametrize("name", TABLE)
def test_all_five_criteria_are_answered(name: str) -> None:
    table = gd.gains(name)
    assert list(table) == ["forward", "centered", "activation", "backward", "linearized"]
    for answer in table.values():
        assert isinstance(answer, (gd.Gain, gd.NoSuchGain))


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_the_activation_criterion_is_unreachable_with_a_proof(name: str) -> None:
    with pytest.raises(gd.NoSuchGain, match="stays below 1") as refusal:
        gd.gain(name, "activation")
    assert refusal.value.proof.check() is gd.Status.PROVED


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "selu"])
def test_no_tangent_at_a_kink(name: str) -> None:
    with pytest.raises(gd.NoSuchGain, match="kink"):
        gd.gain(name, "linearized")


def test_a_slope_of_one_has_no_kink() -> None:
    assert gd.gain("leaky_relu", "linearized", negative_slope=1).exact == 1


def test_selu_is_exactly_self_normalising() -> None:
    assert gd.gain("selu").exact == gd.gain("selu", "centered").exact == 1
    root = gd.gain("selu", "activation", digits=25).enclosure
    assert root is not None
    assert root.contains(1)


def test_several_roots_are_all_reported() -> None:
    with pytest.raises(gd.SeveralGains) as refusal:
        gd.gain("4*x*exp(-x**2)", "activation")
    small, large = refusal.value.roots
    for root in (small, large):
        # E phi(g z)^2 = 16 g^2 / (1 + 4 g^2)^(3/2)
        assert 16 * root.value**2 / (1 + 4 * root.value**2) ** 1.5 == pytest.approx(1, abs=1e-12)


def test_two_roots_between_grid_points_are_found_and_a_touching_maximum_is_not_guessed_at() -> None:
    # E phi(g z)^2 = c^2 16 g^2 / (1 + 4 g^2)^(3/2) has its maximum 8 c^2/sqrt(27) at g = 1/sqrt(2).
    with pytest.raises(gd.SeveralGains) as refusal:
        gd.gain("4*x*exp(-x**2)*sqrt(sqrt(27)/8*(1 + 10**-9))", "activation")
    low, high = (root.value for root in refusal.value.roots)
    assert low < 2**-0.5 < high < low + 1e-3
    with pytest.raises(gd.Undecided, match="whether it touches 1 there"):
        gd.gain("4*x*exp(-x**2)*sqrt(sqrt(27)/8)", "activation")
    with pytest.raises(gd.NoSuchGain):
        gd.gain("4*x*exp(-x**2)*sqrt(sqrt(27)/8*(1 - 10**-9))", "activation")


def test_a_gain_says_what_it_does_not_mean() -> None:
    for jumping in ("hardshrink", "heaviside(x) + x"):
        gain = gd.gain(jumping, "backward")
        assert gain.remark is not None
        assert "jumps at x = " in str(gain)
        assert gain.to_dict()["remark"] == gain.remark
        assert gain.remark in str(gd.gains(jumping))
    assert gd.gain("relu", "backward").remark is None
    assert gd.gain("hardshrink").remark is None
    assert "remark" not in gd.gain("relu").to_dict()
    only = gd.gain("gelu", "activation").remark
    assert only is not None
    assert "the only one for every g" in only
    assert gd.gain("relu", "activation").remark is None


def test_a_function_of_sympy_is_applied() -> None:
    assert gd.gain(sympy.tanh).enclosure == gd.gain("tanh(x)").enclosure


def test_every_gain_satisfies_the_activation_criterion_of_sign() -> None:
    with pytest.raises(gd.SeveralGains, match="every g"):
        gd.gain("sign(x)", "activation")


def test_names_expressions_and_objects_agree() -> None:
    piecewise = Piecewise((0, x < 0), (x, True))
    for what in ("relu", "max(x, 0)", piecewise, sympy.Max(sympy.Integer(0), x)):
        assert gd.gain(what).exact == sqrt(2)


def test_parameters_may_be_symbols() -> None:
    b = parameter("b")
    gain = gd.gain("leaky_relu", negative_slope=b)
    assert gain.value is None
    assert gain.enclosure is None
    assert gain.exact == sqrt(2) / sqrt(b**2 + 1)
    with pytest.raises(TypeError, match="symbolic"):
        float(gain)


@pytest.mark.parametrize(
    "slope", [0.2, np.float64(0.2), np.float32(0.2), Fraction(1, 5), Rational(1, 5), Decimal("0.2")]
)
def test_numbers_of_any_library_mean_what_they_say(slope: object) -> None:
    assert gd.gain("leaky_relu", negative_slope=slope).exact == 5 * sqrt(13) / 13


def test_formula_keeps_parameters_symbolic() -> None:
    formula = gd.gain("leaky_relu").formula
    assert formula is not None
    (a,) = formula.free_symbols
    assert formula.subs(a, 0) == sqrt(2)


def test_published_gains_carry_their_id_and_derivation() -> None:
    gain = gd.gain("relu")
    assert gain.id == "GD-0005" == gain.derivation.id
    assert gain.derivation.check() is gain.status
    assert gd.gain("leaky_relu", negative_slope=3).id == "GD-0006"
    assert gd.gain("tanh(x) + x/5").id is None


def test_statuses_are_computed() -> None:
    assert {gd.gain(name).status for name in ("relu", "selu", "linear")} == {gd.Status.PROVED}
    assert {gd.gain(name).status for name in ("tanh", "sigmoid")} == {gd.Status.ENCLOSED}


@pytest.mark.parametrize(
    ("call", "error", "hint"),
    [
        (lambda: gd.gain("rleu"), gd.UnknownActivation, "relu"),
        (lambda: gd.gain("relu", "forwards"), gd.UnknownCriterion, "forward"),
        (lambda: gd.gain("relu", slope=1), gd.BadParameter, "none at all"),
        (lambda: gd.gain("leaky_relu", negativeslope=1), gd.BadParameter, "negative_slope"),
        (lambda: gd.gain("leaky_relu", negative_slope=float("nan")), gd.BadParameter, "finite"),
        (lambda: gd.gain("leaky_relu", negative_slope=True), gd.BadParameter, "boolean"),
        (lambda: gd.gain("relu", digits=0), gd.BadDigits, "between 1"),
        (lambda: gd.gain("relu", digits=10**9), gd.BadDigits, "100000"),
        (lambda: gd.gain("exp(x**2)"), gd.MomentDiverges, "infinite"),
        (lambda: gd.gain("sqrt(x)"), gd.BadExpression, "not real"),
        (lambda: gd.gain("x + y"), gd.BadExpression, "'y'"),
        (lambda: gd.gain(np.float64(2)), gd.BadExpression, "float64"),
        (lambda: gd.gain(True), gd.BadExpression, "bool"),
        (lambda: gd.gain("0*x"), gd.NoSuchGain, "it is 0"),
        (lambda: gd.gain("3", "centered"), gd.NoSuchGain, "constant"),
        (lambda: gd.gain("heaviside(x)", "backward"), gd.NoSuchGain, "derivative is 0"),
    ],
)
def test_bad_input_gets_an_error_that_helps(call: object, error: type[Exception], hint: str) -> None:
    with pytest.raises(error, match=hint.replace("(", r"\(")) as refusal:
        call()  # type: ignore[operator]
    assert isinstance(refusal.value, gd.GainderiveError)


def test_json_keeps_every_digit() -> None:
    record = gd.gain("tanh", digits=50).to_dict()
    assert Decimal(record["enclosure"]["upper"]) - Decimal(record["enclosure"]["lower"]) < Decimal("1e-49")


def test_a_closed_form_at_the_defaults_is_found_where_symbols_leave_the_order_open() -> None:
    derivation = gd.derive("hardtanh")
    assert derivation.check() is gd.Status.PROVED
    assert gd.derive("hardtanh").claim.rhs == gd.gain("hardtanh").exact


def test_a_closed_form_that_the_check_refuses_is_not_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from gainderive.facade import _derive, _find

    def wrong(lower: object, upper: object, q: object) -> Rational:
        return Rational(51, 100)

    monkeypatch.setattr("gainderive.exact.moments._probability", wrong)
    from gainderive import exact

    for cache in (exact._apply, _derive._found, _find._formula, _find._gain, _find._asked):
        cache.cache_clear()
    try:
        gain = gd.gain("relu")
        assert gain.exact is None
        assert gain.status is gd.Status.ENCLOSED
        assert gain.value == pytest.approx(2**0.5, abs=1e-15)
    finally:
        monkeypatch.undo()
        for cache in (exact._apply, _derive._found, _find._formula, _find._gain, _find._asked):
            cache.cache_clear()


def test_the_order_of_parameters_is_known_from_their_relation() -> None:
    low, high = parameter("min_val"), parameter("max_val")
    formula = gd.gain("hardtanh").formula
    assert formula.free_symbols == {low, high}
    given = gd.gain("hardtanh", min_val=-2, max_val=3)
    assert given.status is gd.Status.PROVED
    assert gd.gain("where(x < -2, -2, where(x < 3, x, 3))", digits=25).enclosure.contains(
        formula.subs({low: -2, high: 3})
    )
    assert gd.gain("threshold").formula.free_symbols == {parameter("t"), parameter("v")}


@pytest.mark.parametrize(
    "text", ["where(x < 2.391, x, 1)", "exp(1.23*x)*sin(0.7*x)", "sin(100*x)", "where(x < 22/7, x, 1)"]
)
def test_decimals_do_not_blow_up_closed_forms(text: str) -> None:
    # Powers of one exponential in the hundreds of thousands were once factored, which took for ever.
    gain = gd.gain(text, digits=30)
    assert gain.status is gd.Status.PROVED
    assert gain.derivation.check() is gd.Status.PROVED


def test_a_gain_with_symbolic_parameters_is_a_closed_form_or_none_found() -> None:
    answers = gd.gains("elu", alpha=parameter("a", positive=True))
    assert answers["forward"].exact.free_symbols == {parameter("a", positive=True)}
    assert isinstance(answers["activation"], gd.NoClosedForm)
    assert gd.gain("leaky_relu", negative_slope=0.2).to_dict()["parameters"] == {"negative_slope": "1/5"}
