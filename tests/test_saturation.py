"""Where an activation is flat, how many preactivations are there, and its mean logarithmic slope: against mpmath."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import pytest

import gainderive as gd
from gainderive.errors import BadExpression, BadParameter, GainderiveError, MomentDiverges

SLOPES: dict[str, tuple[Callable[[mpmath.mpf], mpmath.mpf], float]] = {
    "tanh": (lambda u: mpmath.sech(u) ** 2, 1),
    "sigmoid": (lambda u: mpmath.sech(u / 2) ** 2 / 4, 0.25),
    "erf": (lambda u: 2 / mpmath.sqrt(mpmath.pi) * mpmath.exp(-(u**2)), float(2 / mpmath.sqrt(mpmath.pi))),
    "arctan": (lambda u: 1 / (1 + u**2), 1),
    "softsign": (lambda u: 1 / (1 + abs(u)) ** 2, 1),
    "lecun_tanh": (lambda u: mpmath.mpf("1.7159") * 2 / 3 * mpmath.sech(2 * u / 3) ** 2, 1.7159 * 2 / 3),
}
"""The slope of activations that rise, by hand, and its largest value, at 0."""


@pytest.mark.parametrize("name", SLOPES)
@pytest.mark.parametrize(("q", "bias", "level"), [(1, 0, "1/100"), (3, "-1/2", "1/20")])
def test_threshold_share_and_mean_logarithm_are_what_mpmath_finds(name: str, q: int, bias: str, level: str) -> None:
    slope, largest = SLOPES[name]
    found = gd.saturation(name, q=q, bias=bias, level=level)
    with mpmath.workdps(25):
        shift, share = mpmath.mpf(as_number(str(bias))), mpmath.mpf(as_number(level))
        edge = bisected(lambda u: slope(u) - share * slope(mpmath.mpf(0)), mpmath.mpf(0), mpmath.mpf(64))
        scale = mpmath.sqrt(q)
        outside = mpmath.ncdf((-edge - shift) / scale) + mpmath.ncdf((shift - edge) / scale)
        kink = -shift / scale
        mean_log = mpmath.quad(lambda z: mpmath.log(slope(scale * z + shift)) * mpmath.npdf(z), [-12, kink, 12])
    assert float(found.largest_slope) == pytest.approx(largest, rel=1e-9)
    (_, below), (above, _) = found.intervals
    assert float(gd.enclose(above, 12)) == pytest.approx(float(edge), rel=1e-9) == -float(gd.enclose(below, 12))
    assert float(found.share) == pytest.approx(float(outside), rel=1e-9)
    assert float(found.mean_log_slope) == pytest.approx(float(mean_log), rel=1e-9)


def bisected(falling: Callable[[mpmath.mpf], mpmath.mpf], low: mpmath.mpf, high: mpmath.mpf) -> mpmath.mpf:
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > 0 else (low, middle)
    return low


def as_number(text: str) -> mpmath.mpf:
    numerator, _, denominator = text.partition("/")
    return mpmath.mpf(int(numerator)) / int(denominator or 1)


def test_half_of_relu_is_saturated_and_its_typical_slope_is_zero() -> None:
    found = gd.saturation("relu")
    assert [tuple(map(str, ends)) for ends in found.intervals] == [("-oo", "0")]
    assert float(found.share) == 0.5
    assert isinstance(found.mean_log_slope, MomentDiverges)


def test_a_bias_shifts_preactivations_into_saturation() -> None:
    shares = [float(gd.saturation("tanh", bias=bias).share) for bias in (0, 1, 2, 4)]
    assert shares == sorted(shares)
    assert shares[0] < 0.01 < 0.8 < shares[-1]
    assert float(gd.saturation("tanh", bias=-1).share) == shares[1]


def test_a_slope_that_vanishes_inside_counts_as_flat_around_it() -> None:
    found = gd.saturation("gaussian")
    assert len(found.intervals) == 3
    assert found.intervals[1][0] < 0 < found.intervals[1][1]


def test_an_activation_that_never_saturates_has_no_interval() -> None:
    assert gd.saturation("tanh(x) + x/5").intervals == ()
    assert float(gd.saturation("identity").share) == 0


@pytest.mark.parametrize("settings", [{"q": 0}, {"q": -1}, {"q": "nan"}, {"level": 0}, {"level": 1}, {"bias": "oo"}])
def test_bad_settings_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(BadParameter):
        gd.saturation("tanh", **settings)


@pytest.mark.parametrize("name", ["x**3", "square", "heaviside"])
def test_a_slope_without_a_largest_value_is_refused(name: str) -> None:
    with pytest.raises(BadExpression, match="slope"):
        gd.saturation(name)


def test_a_share_is_stated_in_words_and_as_a_table() -> None:
    found = gd.saturation("tanh", q=4)
    assert "x < -2.993 or x > 2.993" in str(found)
    assert "<table" in found._repr_html_()
    assert not isinstance(found.mean_log_slope, GainderiveError)
