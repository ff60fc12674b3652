"""Modules and functions of torch and jax: known ones are catalogue entries, others estimates, and none is touched."""

from __future__ import annotations

import copy
import functools
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import Rational, sqrt

import gainderive as gd
from gainderive import activations, modules
from gainderive.callables import elementwise
from gainderive.modules import Recognised

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional

ROOT = Path(__file__).parent.parent


class Own(nn.Module):
    """A user's module: its parameter is in single precision."""

    def __init__(self) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(0.25))

    def forward(self, t: Any) -> Any:
        return torch.relu(t) ** 2 + self.slope * t


# --- known objects ---------------------------------------------------------------------------------------

KNOWN: dict[str, tuple[Callable[[], Any], str, dict[str, Any]]] = {
    "ReLU": (nn.ReLU, "relu", {}),
    "ReLU in place": (lambda: nn.ReLU(inplace=True), "relu", {}),
    "LeakyReLU": (nn.LeakyReLU, "leaky_relu", {}),
    "LeakyReLU(0.2)": (lambda: nn.LeakyReLU(0.2), "leaky_relu", {"negative_slope": Rational(1, 5)}),
    "PReLU": (nn.PReLU, "prelu", {}),
    "PReLU(init=0.1)": (lambda: nn.PReLU(init=0.1), "prelu", {"weight": Rational(1, 10)}),
    "PReLU of equal channels": (lambda: nn.PReLU(3, init=0.5), "prelu", {"weight": Rational(1, 2)}),
    "Tanh": (nn.Tanh, "tanh", {}),
    "GELU": (nn.GELU, "gelu", {}),
    "SiLU": (nn.SiLU, "silu", {}),
    "ELU(0.5)": (lambda: nn.ELU(0.5), "elu", {"alpha": Rational(1, 2)}),
    "Softplus(2)": (lambda: nn.Softplus(2), "softplus", {"beta": Rational(2)}),
    "Hardtanh(-2, 1)": (lambda: nn.Hardtanh(-2, 1), "hardtanh", {"min_val": Rational(-2)}),
    "Hardshrink": (nn.Hardshrink, "hardshrink", {}),
    "Identity": (nn.Identity, "identity", {}),
    "Dropout in evaluation": (lambda: nn.Dropout().eval(), "identity", {}),
    "Dropout(0)": (lambda: nn.Dropout(0.0), "identity", {}),
    "torch.tanh": (lambda: torch.tanh, "tanh", {}),
    "functional.gelu": (lambda: F.gelu, "gelu", {}),
    "functional.leaky_relu": (lambda: F.leaky_relu, "leaky_relu", {}),
    "a partial": (
        lambda: functools.partial(F.leaky_relu, negative_slope=0.2),
        "leaky_relu",
        {"negative_slope": Rational(1, 5)},
    ),
    "numpy.tanh": (lambda: np.tanh, "tanh", {}),
    "one module in a Sequential": (
        lambda: nn.Sequential(nn.LeakyReLU(0.2), nn.Identity()),
        "leaky_relu",
        {"negative_slope": Rational(1, 5)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_object_is_its_entry_with_its_parameters(name: str) -> None:
    make, entry, parameters = KNOWN[name]
    found = modules.understand(make())
    assert isinstance(found, Recognised)
    assert found.entry.name == entry
    assert found.activation.at().numeric == activations.load(entry).at(**parameters).numeric
    gain = gd.gain(make())
    assert gain.status > gd.Status.ESTIMATED
    assert gain.value == gd.gain(entry, **parameters).value


def test_a_known_module_is_derived_as_its_entry() -> None:
    assert gd.derive(nn.LeakyReLU(0.2)).claim.rhs == gd.gain("leaky_relu", negative_slope=0.2).exact
    assert gd.derive(nn.ReLU()).claim.rhs == sqrt(2)
    assert gd.derive(F.leaky_relu).claim == gd.derive("leaky_relu").claim
    assert gd.verify(nn.ReLU()).ok
    assert gd.gain(nn.LeakyReLU(0.2)).formula == gd.gain("leaky_relu").formula


def test_parameters_given_beside_a_module_win() -> None:
    assert gd.gain(nn.LeakyReLU(0.2), negative_slope=0).exact == sqrt(2)


def test_an_entry_whose_values_differ_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A default, a threshold or a whole definition that differs from ours is seen in the values."""
    assert not isinstance(modules.understand(nn.Softplus(beta=1, threshold=2.0)), Recognised)
    gelu = modules.understand(nn.GELU(approximate="tanh"))
    assert not isinstance(gelu, Recognised) or gelu.activation.name == "gelu_tanh"
    wrong = elementwise([lambda t: 1.01 * np.maximum(t, 0)], "f")
    from gainderive.modules._known import known

    assert known(nn.ReLU(), wrong) is None
    assert known(nn.ReLU(), elementwise([lambda t: np.maximum(t, 0)], "f")) is not None


# --- every activation module of torch ----------------------------------------------------------------------

NOT_ELEMENTWISE = {"GLU", "MultiheadAttention", "Softmin", "Softmax", "Softmax2d", "LogSoftmax"}
MODULES = sorted(set(torch.nn.modules.activation.__all__))


def instance(name: str) -> Any:
    match name:
        case "Threshold":
            return nn.Threshold(0.5, 0.1)
        case "MultiheadAttention":
            return nn.MultiheadAttention(4, 2)
        case _:
            return getattr(nn, name)().eval()


@pytest.mark.parametrize("name", MODULES)
def test_every_activation_module_has_its_gain_or_is_refused_with_the_reason(name: str) -> None:
    module = instance(name)
    if name in NOT_ELEMENTWISE:
        with pytest.raises(gd.BadCallable, match=rf"torch.nn.{name} is not one elementwise function: it"):
            gd.gain(module)
        return
    z = torch.special.ndtri((torch.arange(400_000, dtype=torch.float64) + 0.5) / 400_000)
    moment = (copy.deepcopy(module).double()(z) ** 2).mean().item()
    assert gd.gain(module).value == pytest.approx(moment**-0.5, rel=1e-4)


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "BatchNorm": (lambda: nn.BatchNorm1d(3), "normalises over the batch"),
    "LayerNorm": (lambda: nn.LayerNorm(4), "normalises over several units"),
    "RMSNorm": (lambda: nn.RMSNorm(4), "normalises over several units"),
    "Linear": (lambda: nn.Linear(2, 2), "linear map"),
    "Conv1d": (lambda: nn.Conv1d(1, 1, 1), "convolution"),
    "MaxPool1d": (lambda: nn.MaxPool1d(2), "several inputs"),
    "Dropout": (nn.Dropout, r"random; call \.eval\(\)"),
    "AlphaDropout": (nn.AlphaDropout, r"random; call \.eval\(\)"),
    "RReLU": (nn.RReLU, r"slope is random: see gain\('rrelu'\)"),
    "PReLU of several slopes": (lambda: prelu(0.1, 0.2), "different slope for each channel"),
    "a part of a Sequential": (lambda: nn.Sequential(nn.ReLU(), nn.Softmax(-1)), "Softmax is not one"),
    "functional.dropout": (lambda: F.dropout, "random"),
    "functional.softmax": (lambda: functools.partial(F.softmax, dim=-1), "by itself"),
    "functional.glu": (lambda: F.glu, "glu"),
    "noise": (lambda: lambda t: torch.relu(t) + torch.randn_like(t), "random"),
    "a class": (lambda: nn.ReLU, r"ReLU is a class; pass an object of it, such as ReLU\(\)"),
}


def prelu(*slopes: float) -> Any:
    module = nn.PReLU(len(slopes))
    module.weight.data = torch.tensor(slopes)
    return module


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_elementwise_is_refused_with_the_reason(name: str) -> None:
    make, reason = REFUSED[name]
    with pytest.raises(gd.BadCallable, match=reason):
        gd.gain(make())


# --- Sequential and modules of one's own ----------------------------------------------------------------


def test_a_sequential_of_known_modules_is_composed() -> None:
    gain = gd.gain(nn.Sequential(nn.Softplus(), nn.Tanh()))
    assert gain.status is gd.Status.ENCLOSED
    assert gain.activation.title == "softplus then tanh"
    reference = gd.gain(lambda t: np.tanh(np.log1p(np.exp(np.minimum(t, 700)))))
    assert gain.value == pytest.approx(reference.value, abs=reference.error)


def test_a_sequential_with_an_unknown_module_is_estimated() -> None:
    gain = gd.gain(nn.Sequential(Own(), nn.Tanh()))
    assert gain.status is gd.Status.ESTIMATED
    reference = gd.gain(lambda t: np.tanh(np.maximum(t, 0) ** 2 + 0.25 * t))
    assert gain.value == pytest.approx(reference.value, abs=1e-13)


def test_a_module_of_ones_own_is_estimated_in_double_precision() -> None:
    gain = gd.gain(Own())
    # E (relu(z)^2 + z/4)^2 = 3/2 + 1/16 + 2 * sqrt(2/pi) / 4
    assert gain.value == pytest.approx((1.5 + 1 / 16 + math.sqrt(2 / math.pi) / 2) ** -0.5, abs=gain.error)
    assert gain.error < 1e-14
    with pytest.raises(gd.BadCallable, match="without a formula"):
        gd.derive(Own())


@pytest.mark.parametrize("make", [Own, nn.GELU, lambda: nn.PReLU(init=0.3), lambda: nn.Sequential(Own(), nn.Tanh())])
def test_a_module_is_left_as_it_was(make: Callable[[], Any]) -> None:
    module = make()
    module.train()
    loss = module(torch.ones(5)).sum()
    if loss.requires_grad:
        loss.backward()
    before = [
        (name, p.detach().clone(), None if p.grad is None else p.grad.clone()) for name, p in module.named_parameters()
    ]
    torch.manual_seed(3)
    state, python_mode = torch.random.get_rng_state(), torch.is_grad_enabled()
    gd.gains(module)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert torch.is_grad_enabled() is python_mode
    assert module.training
    for (name, value, grad), parameter in zip(before, module.parameters(), strict=True):
        assert parameter.dtype == value.dtype, name
        assert torch.equal(parameter, value), name
        assert parameter.grad is None if grad is None else torch.equal(parameter.grad, grad), name


def test_a_counter_inside_a_module_is_refused_and_not_moved() -> None:
    class Counting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.calls = 0

        def forward(self, t: Any) -> Any:
            self.calls += 1
            return torch.tanh(t) * self.calls

    module = Counting()
    with pytest.raises(gd.BadCallable, match="keeps a state"):
        gd.gain(module)
    assert module.calls == 0


def test_functions_that_use_torch() -> None:
    assert gd.gain(lambda t: torch.relu(t) ** 2).value == pytest.approx(1.5**-0.5, abs=1e-14)
    single = gd.gain(lambda t: torch.tanh(t.float()))
    assert single.error is not None
    assert 1e-8 < single.error < 1e-5
    assert single.value == pytest.approx(gd.gain("tanh").value, abs=single.error)
    half = gd.gain(lambda t: torch.tanh(t.bfloat16()))
    assert half.value == pytest.approx(gd.gain("tanh").value, abs=half.error)


# --- jax ------------------------------------------------------------------------------------------------


def test_jax_functions_in_double_precision() -> None:
    jax = pytest.importorskip("jax")
    before = jax.config.jax_enable_x64
    silu, leaky = modules.understand(jax.nn.silu), modules.understand(jax.nn.leaky_relu)
    assert isinstance(silu, Recognised)
    assert isinstance(leaky, Recognised)
    assert (silu.entry.name, leaky.entry.name) == ("silu", "leaky_relu")
    cube = gd.gain(lambda t: jax.numpy.maximum(t, 0) ** 3)
    assert cube.value == pytest.approx(7.5**-0.5, abs=cube.error)
    assert cube.error < 1e-14
    compiled = gd.gain(jax.jit(lambda t: t * jax.numpy.tanh(t)))
    assert compiled.value == pytest.approx(gd.gain("x*tanh(x)").value, abs=compiled.error)
    with pytest.raises(gd.BadCallable, match="by itself"):
        gd.gain(jax.nn.softmax)
    assert jax.config.jax_enable_x64 is before
    assert jax.numpy.ones(1).dtype == jax.numpy.float32


# --- nothing is imported that is not there ----------------------------------------------------------------


def test_a_numpy_function_loads_no_framework() -> None:
    code = (
        "import sys, numpy as np, gainderive as gd;"
        "gd.gain(np.cbrt); gd.gain(lambda t: max(t, 0));"
        "print(*[name for name in ('torch', 'jax', 'keras') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert run.stdout.split() == []
