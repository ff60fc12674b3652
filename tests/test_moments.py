"""Moments and length maps: closed forms worked out by hand, enclosures against mpmath, honest absences."""

from dataclasses import replace
from decimal import Decimal

import mpmath
import pytest
from sympy import Rational, pi, sqrt

import gainderive as gd
from gainderive.errors import MomentDiverges, NoClosedForm, StepRefused
from gainderive.status import Status
from gainderive.symbols import parameter, q

HALF = Rational(1, 2)


def test_moments_of_relu_are_those_of_the_half_normal_distribution():
    found = gd.moments("relu")
    expected = [1 / sqrt(2 * pi), HALF, HALF - 1 / (2 * pi), HALF]
    assert [(m.exact - e).simplify() for m, e in zip(found.values(), expected, strict=True)] == [0, 0, 0, 0]
    assert {m.status for m in found.values()} == {Status.PROVED}
    assert all(m.derivation.check() is Status.PROVED for m in found.values())
    assert all(m.enclosure.contains(m.exact) for m in found.values())


@pytest.mark.parametrize(("name", "f"), [("tanh", mpmath.tanh), ("silu", lambda x: x / (1 + mpmath.exp(-x)))])
def test_an_enclosure_holds_what_another_library_integrates(name, f):
    found = gd.moments(name, digits=25)
    with mpmath.workdps(40):

        def mean(h):
            return mpmath.quad(lambda x: h(x) * mpmath.npdf(x), mpmath.linspace(-14, 14, 29))

        first, second, slope = mean(f), mean(lambda x: f(x) ** 2), mean(lambda x: mpmath.diff(f, x) ** 2)
        expected = [first, second, second - first**2, slope]
        for moment, value in zip(found.values(), expected, strict=True):
            assert mpmath.mpf(str(moment.enclosure.lower)) - mpmath.mpf("1e-28") <= value
            assert value <= mpmath.mpf(str(moment.enclosure.upper)) + mpmath.mpf("1e-28")
            assert moment.enclosure.rad <= abs(moment.enclosure.mid) * Decimal("1e-25") or moment.exact == 0


def test_parameters_are_symbolic_in_the_formula_and_have_values_in_the_number():
    second = gd.moments("leaky_relu", negative_slope=Rational(1, 2))["second moment"]
    a = parameter("a")
    assert (second.formula - (1 + a**2) / 2).expand() == 0
    assert second.exact == Rational(5, 8)
    symbolic = gd.moments("leaky_relu", negative_slope=parameter("s", positive=True))["second moment"]
    assert symbolic.enclosure is None
    assert symbolic.exact is not None


def test_constants_that_cancel_leave_the_number_that_they_were_made_for():
    found = gd.moments("selu")
    assert [found[name].exact for name in ("mean", "second moment", "variance")] == [0, 1, 1]


def test_an_infinite_moment_is_the_error_that_says_so():
    found = gd.moments("exp(x**2/3)")
    assert found["mean"].exact == sqrt(3)
    assert isinstance(found["second moment"], MomentDiverges)
    assert isinstance(found["variance"], MomentDiverges)


@pytest.mark.parametrize(
    ("name", "value"), [("relu", q / 2), ("square", 3 * q**2), ("identity", q), ("gaussian", 1 / sqrt(1 + 4 * q))]
)
def test_a_length_map_in_closed_form_holds_for_every_q(name, value):
    derived = gd.length_map(name)
    assert derived.check() is Status.PROVED
    assert (derived.claim.args[1] - value).simplify() == 0


def test_no_closed_form_of_a_length_map_is_claimed_where_none_is_found():
    with pytest.raises(NoClosedForm, match="none found for the length map of tanh"):
        gd.length_map("tanh")


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("bilinear", {}, [0, 1, 1, 1]),
        ("reglu", {}, [0, HALF, HALF, HALF]),
        # Each output is ReLU; the squared slopes of the two add up to 1.
        ("crelu", {}, [1 / sqrt(2 * pi), HALF, HALF - 1 / (2 * pi), 1]),
        ("maxout", {}, [1 / sqrt(pi), 1, 1 - 1 / pi, HALF]),
        (
            "rrelu",
            {"lower": 0, "upper": 1},
            [1 / sqrt(8 * pi), Rational(2, 3), Rational(2, 3) - 1 / (8 * pi), Rational(2, 3)],
        ),
    ],
)
def test_moments_of_a_unit_are_averages_over_its_outputs(name, parameters, expected):
    found = gd.moments(name, **parameters)
    for moment, value in zip(found.values(), expected, strict=True):
        assert moment.status is moment.derivation.check() is Status.PROVED
        assert moment.enclosure.contains(moment.exact)
        assert (moment.exact - value).simplify() == 0


def test_moments_of_a_unit_without_a_closed_form_are_enclosed():
    found, gains = gd.moments("swiglu", digits=25), gd.gains("swiglu", digits=25)
    for name, criterion in (("second moment", "forward"), ("slope's second moment", "backward")):
        assert found[name].exact is None
        # 1/g^2, in the enclosure of another question.
        assert found[name].enclosure.contains(gains[criterion].enclosure.mid ** -2)


@pytest.mark.parametrize(("name", "value"), [("bilinear", q**2), ("reglu", q**2 / 2), ("crelu", q / 2), ("maxout", q)])
def test_a_length_map_of_a_unit_in_closed_form(name, value):
    derived = gd.length_map(name)
    assert derived.check() is Status.PROVED
    assert (derived.claim.args[1] - value).simplify() == 0


def test_a_spoiled_moment_is_refused():
    derivation = gd.moments("relu")["mean"].derivation
    last = derivation.steps[-1]
    for factor in (Rational(101, 100), -1):
        steps = (*derivation.steps[:-1], replace(last, becomes=factor * last.becomes))
        with pytest.raises(StepRefused):
            replace(derivation, steps=steps).check()
