"""What the testing room offers: initializers of any framework, assertions, strategies, and its rates."""

from __future__ import annotations

import functools
import json
import math
import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from scipy.stats import binom

import gainderive as gd
from gainderive.errors import BadCallable, BadParameter, MissingExtra
from gainderive.testing import (
    assert_gain,
    assert_initializer,
    assert_preserves_second_moment,
    check_initializer,
    conformance_table,
    strategies,
)
from gainderive.testing._bounds import chernoff_intervals
from gainderive.testing._laws import Normal, Truncated, Uniform

# Keras reads its backend when it is first imported; without TensorFlow its own default is none.
os.environ.setdefault("KERAS_BACKEND", "torch" if find_spec("torch") else "jax")

ROOT = Path(__file__).parent.parent
DOUBT = 1e-8
"""Probability that a test of a rate in this file refuses a rate that is right."""
RELU = math.sqrt(2)

torch = pytest.importorskip("torch")
init = torch.nn.init


def he(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    return rng.normal(0, math.sqrt(2 / math.prod(shape[1:])), shape)


def he_uniform(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    bound = math.sqrt(6 / math.prod(shape[1:]))
    return rng.uniform(-bound, bound, shape)


def haar(shape: tuple[int, ...], rng: np.random.Generator) -> Any:
    q, r = np.linalg.qr(rng.normal(size=(max(shape), min(shape))))
    q = q * np.sign(np.diag(r))
    return q if shape[0] >= shape[1] else q.T


# -- the rates that are stated -------------------------------------------------------------------------------

RUNS = 400
RATE = 0.05
SIMULATED: dict[str, tuple[Callable[..., Any], tuple[int, ...], dict[str, Any]]] = {
    "normal": (he, (12, 8), {"gain": RELU, "distribution": "normal"}),
    "normal, tiny": (he, (2, 3), {"gain": RELU, "distribution": "normal"}),
    "uniform": (he_uniform, (12, 8), {"gain": RELU, "distribution": "uniform"}),
    "uniform, half precision": (
        lambda shape, rng: he_uniform(shape, rng).astype(np.float16),
        (16, 16),
        {"gain": RELU, "distribution": "uniform"},
    ),
    "orthogonal": (haar, (6, 6), {"distribution": "orthogonal"}),
    "any distribution": (he_uniform, (12, 8), {"gain": RELU, "error": 0.03}),
    "any distribution, skewed": (
        lambda shape, rng: (rng.exponential(size=shape) - 1) * math.sqrt(2 / shape[1]),
        (12, 8),
        {"gain": RELU, "error": 0.03},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SIMULATED)
def test_false_alarms_are_as_rare_as_stated(name: str) -> None:
    fn, shape, promise = SIMULATED[name]
    refused = sum(not check_initializer(fn, shape, **promise, alpha=RATE, seed=seed).ok for seed in range(RUNS))
    # The stated rate is refused where so many alarms would be improbable under it: an exact binomial bound.
    assert binom.sf(refused - 1, RUNS, RATE) > DOUBT


@pytest.mark.slow
@pytest.mark.parametrize("factor", [0.98, 1.02])
@pytest.mark.parametrize("law", ["normal", "uniform", None])
def test_an_error_is_caught_as_surely_as_stated(law: str | None, factor: float) -> None:
    draw, runs, power = {"uniform": he_uniform}.get(law or "", he), 300, 0.9
    caught = sum(
        not check_initializer(
            lambda shape, rng: factor * draw(shape, rng),
            (16, 16),
            gain=RELU,
            distribution=law,
            alpha=1e-4,
            power=power,
            error=0.02,
            seed=seed,
        ).ok
        for seed in range(runs)
    )
    assert binom.cdf(caught, runs, power) > DOUBT


def test_a_rate_that_is_too_high_would_be_noticed() -> None:
    assert binom.sf(3 * RATE * RUNS - 1, RUNS, RATE) < DOUBT


@pytest.mark.parametrize("law", [Normal(), Uniform(), Truncated(2.0), Truncated(0.5)])
def test_intervals_hold_what_they_should(law: Any) -> None:
    draws = {
        "normal": lambda g, s: g.normal(size=s),
        "uniform": lambda g, s: g.uniform(-1, 1, s) * math.sqrt(3),
        "truncated normal": lambda g, s: _truncated(g, s, getattr(law, "cut", 2.0)),
    }
    x = draws[law.name](np.random.default_rng(1), (20_000, 20))
    assert abs(np.mean(x**2) - 1) < 0.02
    for values, (lower, upper) in (
        (np.mean(x, axis=1), law.mean_interval(20, RATE)),
        (np.mean(x**2, axis=1), law.square_interval(20, RATE)),
    ):
        missed = int(np.sum((values < lower) | (values > upper)))
        assert binom.sf(missed - 1, len(values), RATE) > DOUBT
        assert missed > 0.001 * len(values)
    scores = law.scores(x)
    assert abs(np.mean(scores**2) - 1) < 0.02
    assert abs(np.mean(scores**4) - 3) < 0.1


def _truncated(generator: np.random.Generator, shape: tuple[int, ...], cut: float) -> Any:
    from scipy.stats import truncnorm

    law = truncnorm(-cut, cut)
    return law.rvs(shape, random_state=generator) / law.std()


def test_chernoff_is_never_narrower_than_the_exact_interval() -> None:
    lower, upper = chernoff_intervals(np.array([[0.0, 1.0]]), np.array([0.7, 0.3]), 50, 0.01)
    exact = binom(50, 0.3)
    assert exact.cdf(math.floor(50 * lower[0] - 1e-9)) <= 0.005
    assert exact.sf(math.ceil(50 * upper[0] + 1e-9) - 1) <= 0.005


# -- what an initializer may be ----------------------------------------------------------------------------------------

IN_TORCH: dict[str, Any] = {
    "the function": init.kaiming_normal_,
    "a partial": functools.partial(init.kaiming_normal_, nonlinearity="relu"),
    "a lambda": lambda w: init.kaiming_normal_(w),
    "a function that returns nothing": lambda w: (init.kaiming_normal_(w), None)[1],
    "a generator": lambda w, generator: init.kaiming_normal_(w, generator=generator),
    "a method": lambda w: w.normal_(0, math.sqrt(2 / w.shape[1])),
    "a shape": lambda shape: init.kaiming_normal_(torch.empty(shape)),
    "a parameter": lambda shape: torch.nn.Parameter(init.kaiming_normal_(torch.empty(shape))),
    "bfloat16": lambda shape: init.kaiming_normal_(torch.empty(shape)).bfloat16(),
    "float16": lambda shape: init.kaiming_normal_(torch.empty(shape)).half(),
}


@pytest.mark.parametrize("name", IN_TORCH)
def test_torchs_initializers_are_recognised(name: str) -> None:
    promise = {"gain": "relu", "distribution": "normal"}
    assert check_initializer(IN_TORCH[name], (48, 32), "fan_in", **promise).ok
    assert not check_initializer(IN_TORCH[name], (48, 32), "fan_out", **promise).ok


def test_torchs_orthogonal_convolution() -> None:
    assert check_initializer(init.orthogonal_, (16, 8, 3, 3), distribution="orthogonal").ok


def test_jax_initializers_are_recognised() -> None:
    jax = pytest.importorskip("jax")
    promise: dict[str, Any] = {"mode": "fan_in", "gain": "relu", "distribution": "truncated_normal"}
    made = jax.nn.initializers.he_normal()
    assert check_initializer(made, (32, 48), **promise).ok
    assert not check_initializer(made, (32, 48), **promise, layout="oi").ok
    fixed = check_initializer(lambda shape: made(jax.random.key(0), shape), (32, 48), **promise, layout="io")
    assert "exactly the same weights" in fixed.reasons[0]


def test_keras_initializers_are_recognised() -> None:
    keras = pytest.importorskip("keras")
    promise: dict[str, Any] = {"mode": "fan_avg", "gain": 1, "distribution": "uniform"}
    for initializer in (keras.initializers.GlorotUniform, keras.initializers.GlorotUniform(seed=3)):
        assert check_initializer(initializer, (32, 48), **promise).ok
    one = keras.initializers.GlorotUniform()
    assert not check_initializer(lambda shape: one(shape), (32, 48), **promise, layout="io").ok


@pytest.mark.parametrize(
    ("fn", "message"),
    [
        (3, "cannot be called"),
        (lambda shape: 1 / 0, "ZeroDivisionError"),
        (lambda shape: "weights", "weights are numbers"),
        (lambda shape, other, third: np.zeros(shape), "cannot be called with the shape"),
    ],
)
def test_what_is_no_initializer_is_refused(fn: Any, message: str) -> None:
    with pytest.raises(BadCallable, match=message):
        check_initializer(fn, (4, 4))


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "fan"},
        {"gain": 0},
        {"gain": -1},
        {"gain": math.nan},
        {"distribution": "gauss"},
        {"alpha": 0},
        {"power": 1},
        {"error": 0},
        {"layout": "hwio"},
        {"truncation": 0},
        {"shape": (4,)},
        {"shape": 4},
        {"shape": (4, 0)},
        {"shape": ()},
        {"shape": (4.5, 2)},
    ],
    ids=str,
)
def test_a_promise_that_is_none_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadParameter):
        check_initializer(**({"fn": he, "shape": (4, 4)} | change))


def test_an_equal_seed_gives_an_equal_verdict_and_no_generator_is_touched() -> None:
    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()  # noqa: NPY002
    verdicts = [check_initializer(init.kaiming_normal_, (8, 8), gain="relu", distribution="normal") for _ in range(2)]
    globals_ = [check_initializer(lambda s: np.random.randn(*s), (8, 8), "none") for _ in range(2)]  # noqa: NPY002
    assert verdicts[0] == verdicts[1]
    assert globals_[0] == globals_[1]
    assert before == (random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist())  # noqa: NPY002


def test_a_verdict_says_everything_once_more_as_json() -> None:
    verdict = check_initializer(he, (32, 16), gain="tanh", distribution="normal")
    read = json.loads(verdict.to_json())
    assert read["ok"] is verdict.ok is bool(verdict) is False
    assert tuple(read["reasons"]) == verdict.reasons
    assert read["gain_id"] == "GD-0008"
    assert verdict.gain is not None
    assert verdict.gain.measured == pytest.approx(RELU, rel=0.05)
    assert str(verdict).startswith("he does not keep its promise")


def test_gross_errors_are_decided_early() -> None:
    right = check_initializer(he, (16, 16), gain=RELU, distribution="normal")
    wrong = check_initializer(he, (16, 16), gain=1, distribution="normal")
    assert wrong.looks == 1 < right.looks
    assert wrong.weights < right.weights / 4


def test_initializers_of_one_shape_are_tested_on_it_alone() -> None:
    alone = check_initializer(lambda rng: he((16, 16), rng), (16, 16), gain=RELU, distribution="normal")
    assert alone.ok
    assert "takes no shape" in alone.notes[0]


# -- assertions --------------------------------------------------------------------------------------------------------


def test_a_failed_assertion_says_what_one_needs_to_know() -> None:
    with pytest.raises(AssertionError) as raised:
        assert_initializer(he, (32, 16), gain="tanh", distribution="normal", seed=7)
    message = str(raised.value)
    assert re.search(
        r"gain measured .*is 1\.\d+, expected 1\.59254 \(accepted 1\.\d+ to 1\.\d+, from [\d,]+ weights", message
    )
    assert "GD-0008" in message
    assert "at most 1e-06" in message
    assert "seed=7" in message


GAINS = ["linear", "relu", "leaky_relu", "sigmoid", "tanh", "selu"]


@pytest.mark.parametrize("name", GAINS)
def test_torchs_table_is_asserted_as_it_is_derived(name: str) -> None:
    agrees = math.isclose(init.calculate_gain(name), float(gd.gain(name)), rel_tol=1e-12)
    if agrees:
        assert_gain(init.calculate_gain, name)
    else:
        with pytest.raises(AssertionError, match=r"expected .* \(accepted within"):
            assert_gain(init.calculate_gain, name)


@given(slope=st.floats(-3, 3, allow_subnormal=False))
@settings(max_examples=20)
def test_a_gain_function_is_called_with_parameters(slope: float) -> None:
    assert_gain(init.calculate_gain, "leaky_relu", negative_slope=slope)
    wrong = lambda name, a: math.sqrt(2 / (1 + a)) if a > 0 else 2.0  # noqa: E731
    if abs(slope - slope**2) > 1e-6:
        with pytest.raises(AssertionError, match="negative_slope"):
            assert_gain(wrong, "leaky_relu", negative_slope=slope)


@pytest.mark.parametrize(
    ("measured", "activation", "settings"),
    [
        (np.float32(RELU), "relu", {}), (torch.tensor(RELU), "relu", {}), (np.array(RELU), "relu", {}),
        ("sqrt(2)", "relu", {}), (1.59, "tanh", {"error": 0.005}),
        (gd.gain("gelu", "backward").value, "gelu", {"criterion": "backward"}),
        (lambda phi: RELU, "max(x, 0)", {}),
    ],
)  # fmt: skip
def test_gains_that_are_right(measured: Any, activation: str, settings: dict[str, Any]) -> None:
    assert_gain(measured, activation, **settings)


@pytest.mark.parametrize("factor", [1.01, 0.99, 1 + 1e-12])
def test_gains_that_are_wrong(factor: float) -> None:
    with pytest.raises(AssertionError, match="expected"):
        assert_gain(RELU * factor, "relu")


def test_a_gain_that_does_not_exist_is_wrong_whatever_it_is() -> None:
    with pytest.raises(AssertionError, match="expected none"):
        assert_gain(1.337, "tanh", "activation")


def test_a_gain_function_may_take_keywords() -> None:
    anyinit = pytest.importorskip("anyinit")
    assert_gain(anyinit.gain, "leaky_relu", "activation", negative_slope=0.2, error=1e-9)
    assert_gain(anyinit.gain, "gelu", "activation", error=1e-9)


def test_a_gain_function_that_fails_is_no_wrong_gain() -> None:
    with pytest.raises(BadCallable, match="KeyError"):
        assert_gain({"relu": RELU}.__getitem__, "tanh")
    with pytest.raises(BadCallable, match="negative_slope"):
        assert_gain(lambda name: 1.0, "leaky_relu", negative_slope=0.2)


def _linear(gain: float, width: int = 128) -> Callable[[], Any]:
    def make() -> Any:
        layer = torch.nn.Linear(64, width, bias=False)
        init.normal_(layer.weight, std=gain / 8)
        return layer

    return make


PRESERVING: dict[str, tuple[Callable[[float], Any], tuple[int, ...], dict[str, Any]]] = {
    "a factory of torch modules": (_linear, (16, 64), {"activation": "relu"}),
    "a function of NumPy": (
        lambda gain: lambda h, rng: h @ rng.normal(0, gain / 8, (64, 128)), (16, 64), {"activation": "relu"},
    ),
    "a factory with a seed": (
        lambda gain: lambda seed: lambda h: h @ np.random.default_rng(seed).normal(0, gain / 8, (64, 128)), (16, 64),
        {"activation": torch.relu, "second_moment": 3.0},
    ),
    "a convolution": (
        lambda gain: lambda: _filled(torch.nn.Conv2d(8, 64, 3, bias=False), gain / math.sqrt(72)), (4, 8, 6, 6),
        {"activation": "max(x, 0)"},
    ),
    "a block": (
        lambda gain: lambda: torch.nn.Sequential(
            _linear(1.0)(), torch.nn.ReLU(), _filled(torch.nn.Linear(128, 128, bias=False), gain / math.sqrt(128))
        ), (16, 64), {},
    ),
}  # fmt: skip


def _filled(layer: Any, std: float) -> Any:
    init.normal_(layer.weight, std=std)
    return layer


@pytest.mark.parametrize("name", PRESERVING)
def test_layers_that_preserve_the_second_moment_and_layers_that_do_not(name: str) -> None:
    layer, shape, settings = PRESERVING[name]
    assert_preserves_second_moment(layer(RELU), shape, **settings, error=0.05, alpha=1e-9)
    with pytest.raises(AssertionError, match=r"expected [\d.]+ \(accepted .*fresh layers"):
        assert_preserves_second_moment(layer(RELU * 1.05), shape, **settings, error=0.05, power=0.999999)


def test_a_function_of_jax_preserves_the_second_moment() -> None:
    jax = pytest.importorskip("jax")

    def layer(h: Any, key: Any) -> Any:
        return h @ (jax.random.normal(key, (64, 256)) / 8)

    assert_preserves_second_moment(layer, (16, 64), error=0.1)
    with pytest.raises(AssertionError, match="GD-0005"):
        assert_preserves_second_moment(layer, (16, 64), activation="relu", error=0.1)


def test_a_module_is_initialized_anew_and_stays_as_it_is() -> None:
    layer = torch.nn.Linear(64, 64, bias=False)
    before = layer.weight.detach().clone()
    with pytest.raises(AssertionError, match=r"1\.7"):
        assert_preserves_second_moment(layer, (8, 64))
    assert torch.equal(layer.weight, before)
    with pytest.raises(BadCallable, match="reset_parameters"):
        assert_preserves_second_moment(torch.nn.ReLU(), (8, 64))


def test_a_layer_that_needs_too_many_draws_is_refused_with_advice() -> None:
    with pytest.raises(BadParameter, match="wider"):
        assert_preserves_second_moment(lambda h, rng: h @ rng.normal(size=(1, 1)), (1, 1), error=0.001)


# -- strategies --------------------------------------------------------------------------------------------------------


@given(name=strategies.activations(criterion="backward"))
@settings(max_examples=10)
def test_activations_have_the_gain_that_is_asked_for(name: str) -> None:
    assert float(gd.gain(name, "backward")) > 0


@given(phi=strategies.piecewise_activations(degree=2), x=strategies.inputs(shape=(50,)))
@settings(max_examples=20)
def test_random_activations_are_what_their_expression_says(phi: strategies.Piecewise, x: Any) -> None:
    gain = gd.gain(phi.expression)
    assert gain.enclosure is not None
    values = np.array([_at(phi, float(point)) for point in x])
    np.testing.assert_allclose(phi(x), values, rtol=1e-12, atol=1e-12)
    for kink, left, right in zip(phi.kinks, phi.pieces[:-1], phi.pieces[1:], strict=True):
        assert left(float(kink)) == pytest.approx(right(float(kink)), abs=1e-9)


def _at(phi: strategies.Piecewise, point: float) -> float:
    index = sum(point >= float(kink) for kink in phi.kinks)
    return float(phi.pieces[index](point))


@given(shape=strategies.layer_shapes(kernels=(2,), smallest=3, largest=7, largest_kernel=2))
def test_shapes_keep_to_their_bounds(shape: tuple[int, ...]) -> None:
    assert len(shape) == 4
    assert all(3 <= n <= 7 for n in shape[:2])
    assert all(1 <= n <= 2 for n in shape[2:])


@given(gain=strategies.gains(smallest=0.5, largest=0.6))
def test_gains_keep_to_their_bounds(gain: float) -> None:
    assert 0.5 <= gain <= 0.6


def test_examples_shrink_to_simple_ones() -> None:
    quick = settings(database=None, derandomize=True)
    anything = lambda drawn: True  # noqa: E731
    assert find(strategies.activations(), anything, settings=quick) == "identity"
    assert find(strategies.layer_shapes(), anything, settings=quick) == (1, 1)
    assert find(strategies.gains(), anything, settings=quick) == 1.0
    assert find(strategies.piecewise_activations(), anything, settings=quick).expression == "(1)*x"
    kinked = find(strategies.piecewise_activations(), lambda phi: len(phi.kinks) == 2, settings=quick)
    assert set(map(abs, kinked.kinks)) == {0, 1}


@pytest.mark.parametrize(
    "vacuous",
    [
        lambda: strategies.activations(where=lambda name: False),
        lambda: strategies.layer_shapes(smallest=5, largest=4),
        lambda: strategies.layer_shapes(kernels=()),
        lambda: strategies.gains(smallest=1.001, largest=1.002),
        lambda: strategies.gains(smallest=-1.0, largest=0.0),
        lambda: strategies.inputs(mean=2.0, second_moment=3.0),
        lambda: strategies.inputs(shape=(1,), mean=0.0, second_moment=1.0, exact=True),
        lambda: strategies.piecewise_activations(degree=0),
        lambda: strategies.piecewise_activations(kinks=-1),
    ],
)
def test_a_strategy_with_nothing_to_draw_is_an_error(vacuous: Callable[[], object]) -> None:
    with pytest.raises(BadParameter):
        vacuous()


def test_importing_the_room_loads_no_framework() -> None:
    heavy = ("torch", "hypothesis", "pytest", "jax", "keras")
    code = f"import sys, gainderive.testing; print(*[name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert run.stdout.split() == []


def test_strategies_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(MissingExtra, match=r"gainderive\[testing\]"):
        strategies.gains()


# -- the table of frameworks -------------------------------------------------------------------------------------------


def test_the_table_finds_torchs_initializers_and_what_is_behind_a_name() -> None:
    table = conformance_table("torch")
    rows = {str(row.found): row for row in table.rows}
    tested = {name for name in dir(init) if name.endswith("_") and not name.startswith("_")}
    unread = {name.split(": ")[1] for name in table.unread}
    assert {row.found.name for row in table.rows} | unread == tested
    assert rows["xavier_normal_"].verdict.ok
    assert not rows["trunc_normal_"].verdict.ok
    assert rows["trunc_normal_"].follows is not None
    assert not rows["trunc_normal_"].follows.corrected


def test_a_framework_that_is_unknown_is_refused() -> None:
    with pytest.raises(MissingExtra):
        conformance_table("tensorflow")


@pytest.mark.slow
def test_the_page_holds_the_table_of_the_packages_that_it_names() -> None:
    page = (ROOT / "docs" / "authors" / "conformance.md").read_text(encoding="utf-8")
    stated = dict(re.findall(r"^\* (\w+) (\S+)$", page, flags=re.MULTILINE))
    if any(find_spec(name) is None or version(name) != number for name, number in stated.items()):
        pytest.skip("other versions are installed than those of the page")
    if os.environ["KERAS_BACKEND"] != "torch":
        pytest.skip("the page shows Keras on torch")
    assert conformance_table(*stated).to_markdown() in page


def test_a_shape_by_keyword_or_as_single_lengths() -> None:
    """Functions that take the shape as a keyword only, or each axis' length as an argument, are called so."""

    def by_keyword(*, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
        return rng.normal(0, np.sqrt(2 / shape[1]), shape)

    def by_lengths(*shape: int, rng: np.random.Generator) -> np.ndarray:
        return rng.normal(0, np.sqrt(2 / shape[1]), shape)

    for fn in (by_keyword, by_lengths):
        assert check_initializer(fn, (32, 16), gain="relu", distribution="normal").ok
        assert not check_initializer(fn, (32, 16), mode="fan_out", gain="relu", distribution="normal").ok
