"""Where length maps come to rest: against a plain iteration, and with refusals when nothing is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from flint import arb, fmpq
from sympy import Abs, Contains, Expr, Heaviside, Max, Rational, S, exp, sin, sqrt, sympify, tanh

import gainderive as gd
from gainderive import quadrature
from gainderive.charts import Balance, Equation, _equation, certified, chart
from gainderive.enclosure import mean_ball
from gainderive.meanfield import derive_fixed_point
from gainderive.symbols import chi_1, lambda_q, q, second_moment, x


def claimed(derivation: gd.Derivation) -> dict[str, tuple[mpmath.mpf, mpmath.mpf]]:
    """Ends of every interval of the claim, by unknown."""
    ends = {}
    with mpmath.workdps(50):
        for item in derivation.claim.args:
            assert isinstance(item, Contains)
            unknown, interval = item.args
            ends[unknown] = (
                mpmath.mpf(interval.start.p) / interval.start.q,
                mpmath.mpf(interval.end.p) / interval.end.q,
            )
    return ends


def test_tanh_at_five_thirds_against_mpmath() -> None:
    with mpmath.workdps(40):

        def mean(f: object, at: mpmath.mpf) -> mpmath.mpf:
            return mpmath.quad(lambda t: f(mpmath.sqrt(at) * t) * mpmath.npdf(t), [-16, -4, 0, 4, 16])  # type: ignore[operator]

        weight = mpmath.mpf(25) / 9
        rest = mpmath.findroot(lambda at: weight * mean(lambda u: mpmath.tanh(u) ** 2, at) - at, 1.18)
        gradient = weight * mean(lambda u: (1 - mpmath.tanh(u) ** 2) ** 2, rest)
        found = claimed(derive_fixed_point("tanh", Rational(5, 3)))
        for unknown, value in ((q, rest), (chi_1, gradient), (second_moment, rest / weight)):
            low, high = found[unknown]
            assert low - mpmath.mpf(10) ** -35 <= value <= high + mpmath.mpf(10) ** -35
        assert found[lambda_q][1] < 1 < found[chi_1][0]


def test_the_lecturers_iteration_ends_at_the_fixed_point() -> None:
    gain = gd.gain("tanh")
    assert gain.value is not None
    for start in (0.01, 1.0, 30.0):
        assert quadrature.iterate_length_map(tanh(x), gain.value, q0=start, steps=60)[-1] == pytest.approx(1, abs=1e-12)
    low, _high = claimed(derive_fixed_point("tanh", Rational(5, 3)))[q]
    assert quadrature.iterate_length_map(tanh(x), 5 / 3, q0=1.0, steps=80)[-1] == pytest.approx(float(low), abs=1e-12)


def test_root_finding_agrees_with_the_enclosed_gain() -> None:
    estimate = quadrature.solve_fixed_point_gain(tanh(x))
    ball = gd.gain("tanh", digits=25).enclosure
    assert ball is not None
    assert abs(estimate.value - float(ball)) <= estimate.error


def test_no_fixed_point_is_said_so() -> None:
    with pytest.raises(gd.GainderiveError):
        derive_fixed_point("tanh", Rational(1, 2))
    with pytest.raises(gd.BadParameter):
        derive_fixed_point("tanh", float("nan"))


# -- all fixed points ---------------------------------------------------------------------------------------


Function = Callable[[Any], Any]
STEP = mpmath.mpf(1) / 8


def gaussian_mean(f: Function, q: mpmath.mpf) -> mpmath.mpf:
    """E f(sqrt(q) z) of an analytic function to about 30 digits, by the trapezoid rule."""
    root = mpmath.sqrt(q)
    return STEP * mpmath.fsum(f(root * k * STEP) * mpmath.npdf(k * STEP) for k in range(-112, 113))


def gelu(u: Any) -> Any:
    return u * mpmath.ncdf(u)


def silu(u: Any) -> Any:
    return u / (1 + mpmath.exp(-u))


def logistic(u: Any) -> Any:
    return 1 / (1 + mpmath.exp(-u))


FUNCTIONS: dict[str, tuple[Function, Function]] = {
    "tanh": (mpmath.tanh, lambda u: mpmath.sech(u) ** 2),
    "gelu": (gelu, lambda u: mpmath.ncdf(u) + u * mpmath.npdf(u)),
    "silu": (silu, lambda u: logistic(u) * (1 + u * (1 - logistic(u)))),
    "erf": (mpmath.erf, lambda u: 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-(u**2))),
    "sin(x) + x/2": (lambda u: mpmath.sin(u) + u / 2, lambda u: mpmath.cos(u) + mpmath.mpf(1) / 2),
}


def reference(name: str, q: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
    """M_2(q) and D(q), by a route that shares nothing with ours."""
    phi, slope = FUNCTIONS[name]
    return gaussian_mean(lambda u: phi(u) ** 2, q), gaussian_mean(lambda u: slope(u) ** 2, q)


@pytest.mark.parametrize(
    ("name", "sigma_w", "sigma_b", "near"),
    [
        ("tanh", "3/2", "1/5", [0.8]),
        ("gelu", "5/3", "0", [0.377]),
        ("silu", "5/3", "1/5", [0.178, 0.792]),
        ("erf", "2", "1/10", [2.525]),
        ("sin(x) + x/2", "4/5", "3/10", [0.836]),
    ],
)
def test_fixed_points_against_mpmath(name: str, sigma_w: str, sigma_b: str, near: list[float]) -> None:
    with mpmath.workdps(34):
        w, b = (mpmath.mpf(Rational(s).p) / Rational(s).q for s in (sigma_w, sigma_b))
        found = gd.fixed_points(name, sigma_w=sigma_w, sigma_b=sigma_b, digits=25)
        assert found.are_all
        positive = [point for point in found if point.q.lower > 0]
        assert len(positive) == len(near)
        for point, start in zip(positive, near, strict=True):
            rest = mpmath.findroot(lambda q: w**2 * reference(name, q)[0] + b**2 - q, start)
            chi = w**2 * reference(name, rest)[1]
            assert abs(rest - mpmath.mpf(str(point.q.mid))) < rest * mpmath.mpf(10) ** -24
            assert abs(chi - mpmath.mpf(str(point.chi_1.mid))) < chi * mpmath.mpf(10) ** -23
            step = mpmath.mpf(10) ** -8
            slope = w**2 * (reference(name, rest + step)[0] - reference(name, rest - step)[0]) / (2 * step)
            assert abs(slope - mpmath.mpf(str(point.slope.mid))) < mpmath.mpf(10) ** -12
            assert point.stable is bool(abs(slope) < 1)


@pytest.mark.parametrize(
    ("what", "sigma_w", "sigma_b", "fate", "exact"),
    [
        ("relu", "sqrt(2)", 0, gd.Fate.RESTS, []),
        ("relu", "sqrt(2)", "1/10", gd.Fate.DIVERGES, []),
        ("relu", "3/2", 0, gd.Fate.DIVERGES, ["0"]),
        ("relu", 1, 0, gd.Fate.COLLAPSES, ["0"]),
        ("relu", 1, 1, gd.Fate.SETTLES, ["2"]),
        ("leaky_relu", "6/5", "1/2", gd.Fate.SETTLES, ["31250/34991"]),
        ("identity", 1, 0, gd.Fate.RESTS, []),
        ("square", "3/10", "3/10", gd.Fate.SETTLES, ["50/27 - sqrt(2257)/27", "50/27 + sqrt(2257)/27"]),
        ("cube", "1/2", 0, gd.Fate.SEPARATES, ["0", "2/sqrt(15)"]),
        ("sign", 1, "1/2", gd.Fate.SETTLES, ["5/4"]),
        ("tanh", 1, 0, gd.Fate.COLLAPSES, ["0"]),
        ("gelu", 2, 0, gd.Fate.DIVERGES, ["0"]),
        ("gelu", "sqrt(2)", 0, gd.Fate.COLLAPSES, ["0"]),
        ("softplus", "sqrt(2)", 0, gd.Fate.DIVERGES, []),
    ],
)
def test_where_the_second_moment_goes(
    what: str, sigma_w: object, sigma_b: object, fate: gd.Fate, exact: list[str]
) -> None:
    found = gd.fixed_points(what, sigma_w=sigma_w, sigma_b=sigma_b)
    assert found.fate is fate
    assert found.are_all
    assert [sympify(point.exact - sympify(value)).simplify() for point, value in zip(found, exact, strict=True)] == [
        0
    ] * len(exact)
    assert all(point.status is gd.Status.PROVED for point in found)


def test_0_attracts_where_the_map_is_below_the_diagonal_beside_it_also_at_slope_1() -> None:
    for what, sigma_w, stable in (
        ("gelu", "5/3", True),
        ("silu", "5/3", True),
        ("tanh", "5/3", False),
        ("tanh", 1, True),
    ):
        zero = gd.fixed_points(what, sigma_w=sigma_w)[0]
        assert zero.q.lower == zero.q.upper == 0
        assert zero.stable is stable


def test_two_fixed_points_near_a_tangency_are_told_apart() -> None:
    # q = w (2 E x^4 ...) for x^2: w 3 q^2 + b = q has two roots while 12 w b < 1.
    found = gd.fixed_points("square", sigma_w="1/2", sigma_b="sqrt(1/3 - 10**-9)", digits=20)
    assert [point.stable for point in found] == [True, False]
    assert gd.fixed_points("square", sigma_w="1/2", sigma_b="sqrt(1/3 + 10**-9)").fate is gd.Fate.DIVERGES


def test_what_is_beyond_reach_is_said_to_be() -> None:
    found = gd.fixed_points("x*cos(x)", sigma_w="6/5")
    assert not found.are_all
    assert "no others for q between 0 and" in str(found)


def test_an_interval_newton_step_refuses_an_interval_without_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    equation = Balance(tanh(x) ** 2, Rational(25, 9), Rational(0), 1).equation
    assert certified(equation, 1.17, 20).enclosure(20).contains(Rational("1.17848049038590771739653872851508578385"))
    monkeypatch.setattr(_equation, "_newton", lambda *_: fmpq(119, 100))
    with pytest.raises(gd.Undecided, match="could not be proved"):
        certified(equation, 1.17, 20)


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        ({"sigma_w": -1}, gd.BadParameter),
        ({"sigma_w": float("nan")}, gd.BadParameter),
        ({"sigma_w": 1, "sigma_b": -0.1}, gd.BadParameter),
        ({"sigma_w": 1, "sigma_b": float("inf")}, gd.BadParameter),
        ({"sigma_w": 1, "digits": 0}, gd.BadDigits),
        ({"sigma_w": 1, "slope": 2}, gd.BadParameter),
    ],
)
def test_bad_input_is_refused(bad: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        gd.fixed_points("tanh", **bad)


# -- charts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("f", [tanh(x) ** 2, Max(x, 0) ** 2, Heaviside(Abs(x) - 1), exp(x), sin(3 * x) ** 2])
def test_a_chart_holds_the_mean_everywhere_in_it_and_refuses_a_wrong_one(f: Expr) -> None:
    one = chart(Equation(S.Zero, ((S.One, f),)), fmpq(1, 3), fmpq(1))
    for k in range(-9, 10):
        u = arb(fmpq(1, 3) + fmpq(k, 9))
        exact = mean_ball(f, u.exp(), 90)
        value, slope = one(u)
        assert value.overlaps(exact)
        assert not value.overlaps(exact * arb("1.000001"))
        assert slope.overlaps(mean_ball(f * x**2, u.exp(), 90) / (2 * u.exp()) - exact / 2)


# -- the edge of chaos --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sigma_b", "start"), [("tanh", "3/10", 0.76), ("gelu", "1/2", 6.4), ("erf", "3/10", 0.69)]
)
def test_the_edge_of_chaos_against_mpmath(name: str, sigma_b: str, start: float) -> None:
    with mpmath.workdps(34):
        b = mpmath.mpf(Rational(sigma_b).p) / Rational(sigma_b).q

        def condition(q: mpmath.mpf) -> mpmath.mpf:
            moment, slope = reference(name, q)
            return (q - b**2) * slope - moment

        rest = mpmath.findroot(condition, start)
        edge = gd.edge_of_chaos(name, sigma_b=sigma_b, digits=25)
        assert abs(rest - mpmath.mpf(str(edge.q.mid))) < mpmath.mpf(10) ** -22
        critical = 1 / mpmath.sqrt(reference(name, rest)[1])
        assert abs(critical - mpmath.mpf(str(edge.sigma_w.mid))) < mpmath.mpf(10) ** -22


def test_critical_points_of_the_literature() -> None:
    assert gd.edge_of_chaos("relu").exact == sqrt(2)  # Hayou et al. 2019: (sigma_b, sigma_w) = (0, sqrt 2)
    assert gd.edge_of_chaos("tanh").exact == 1  # Poole et al. 2016
    assert gd.edge_of_chaos("gelu").exact == 2
    # The Principles of Deep Learning Theory, section 5.3.4: GELU is critical, with slope 1 as well, at these.
    edge = gd.edge_of_chaos("gelu", sigma_b="sqrt(0.17292239)")
    assert float(edge.sigma_w) ** 2 == pytest.approx(1.98305826, abs=5e-9)
    assert float(edge.slope) == pytest.approx(1, abs=1e-8)


def test_no_edge_and_a_curve_of_edges() -> None:
    with pytest.raises(gd.NoSuchEdge, match="between 0 and"):
        gd.edge_of_chaos("relu", sigma_b="1/10")
    curve = gd.edge_of_chaos("tanh", sigma_b=[0, 0.1, 0.2, 0.3])
    assert len(curve) == 4
    assert sorted(curve.sigma_w) == list(curve.sigma_w)
    assert gd.fixed_points("tanh", sigma_w=curve[3].sigma_w.mid, sigma_b=0.3)[0].chi_1.contains(1)
    with pytest.raises(gd.BadParameter):
        gd.edge_of_chaos("tanh", sigma_b=-1)
