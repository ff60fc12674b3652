"""Where length maps come to rest: against a plain iteration, and with refusals when nothing is there."""

from __future__ import annotations

import mpmath
import pytest
from sympy import Contains, Rational, tanh

import gainderive as gd
from gainderive import quadrature
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
