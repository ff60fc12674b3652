"""Every activation's file: its formula is torch's, its parameters have exact defaults, its gains are consistent."""

from __future__ import annotations

from decimal import Decimal

import mpmath
import numpy as np
import pytest
from sympy import Rational, lambdify

import gainderive as gd
from gainderive import quadrature
from gainderive.activations import load, names
from gainderive.errors import MomentDiverges, Undecided
from gainderive.facade import solution
from gainderive.symbols import x

POINTS = np.concatenate([np.linspace(-7, 7, 281), [-20.5, -0.5, 0.5, 15.25]])


@pytest.mark.parametrize("name", names())
def test_the_file_is_complete(name: str) -> None:
    activation = load(name)
    assert activation.name == name
    assert activation.title
    assert activation.source
    assert activation.at().is_closed
    for parameter in activation.parameters:
        assert parameter.default.is_Rational


def torchs(name: str) -> object:
    torch = pytest.importorskip("torch")
    if name == "prelu":
        return torch.nn.PReLU(dtype=torch.float64)
    found = getattr(torch.nn.functional, name, None) or getattr(torch, name, None)
    if not callable(found) or name in ("square",):
        return torch.square if name == "square" else pytest.skip("torch has no such function")
    return found


@pytest.mark.parametrize("name", names())
def test_the_formula_is_torchs(name: str) -> None:
    function = torchs(name)
    torch = pytest.importorskip("torch")
    if name in ("heaviside", "threshold"):
        pytest.skip("torch's function needs a value at the step")
    with torch.no_grad():
        expected = function(torch.tensor(POINTS, dtype=torch.float64)).numpy()  # type: ignore[operator]
    formula = lambdify(x, load(name).at().numeric, "mpmath")
    with mpmath.workdps(30):
        ours = np.array([float(formula(mpmath.mpf(float(p)))) for p in POINTS])
    # torch's softplus is the identity beyond 20.
    slack = 3e-9 if name == "softplus" else 0.0
    assert np.all(np.abs(ours - expected) <= 64 * np.finfo(float).eps * np.maximum(np.abs(expected), 1) + slack)


@pytest.mark.parametrize("name", names())
def test_steps_enclosure_and_quadrature_agree(name: str) -> None:
    gain = gd.gain(name, digits=20)
    assert gain.enclosure is not None
    assert gain.enclosure.rad <= abs(gain.enclosure.mid) * Decimal(10) ** -20
    mean = solution(gain.activation, gain.criterion) ** -2
    node = next(iter(mean.atoms(gd.GaussMean)))
    estimate = quadrature.mean(node.integrand)
    assert abs(estimate.value - float(gain.enclosure) ** -2) <= estimate.error + 4e-16 * estimate.value
    if gain.status is gd.Status.PROVED:
        assert gain.enclosure.contains(gain.exact)
        assert gain.derivation.check() is gd.Status.PROVED


@pytest.mark.parametrize("name", names())
def test_all_five_criteria_have_an_answer(name: str) -> None:
    for answer in gd.gains(name).values():
        assert isinstance(answer, (gd.Gain, gd.NoSuchGain, gd.SeveralGains))
        assert not isinstance(answer, (Undecided, MomentDiverges))


PROVED = [
    "abs",
    "celu",
    "cos",
    "elu",
    "exponential",
    "gaussian",
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "heaviside",
    "identity",
    "leaky_relu",
    "prelu",
    "relu",
    "relu6",
    "relu_squared",
    "selu",
    "sign",
    "sin",
    "snake",
    "softshrink",
    "square",
    "star_relu",
]


@pytest.mark.parametrize("name", PROVED)
def test_closed_forms_are_found_where_the_engine_has_the_class(name: str) -> None:
    assert gd.gain(name).status is gd.Status.PROVED


def test_parameters_are_used() -> None:
    for name, parameters in (("elu", {"alpha": Rational(1, 3)}), ("hardtanh", {"min_val": -2, "max_val": 3})):
        assert gd.gain(name, **parameters).value != gd.gain(name).value
    with pytest.raises(gd.BadParameter, match="positive"):
        gd.gain("celu", alpha=-1)
