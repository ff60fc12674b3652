"""The diagnosis of PyTorch models: planted faults, healthy models, measured numbers, and models that stay untouched.

What is random is seeded; the planted faults are far from the thresholds, so that no false alarm is a matter of chance.
"""

from __future__ import annotations

import itertools
import json
import math
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gainderive as gd

torch = pytest.importorskip("torch")
nn, functional = torch.nn, torch.nn.functional

from gainderive.pytorch import diagnose  # noqa: E402
from gainderive.pytorch.diagnosis._apart import apart  # noqa: E402


@pytest.fixture(autouse=True)
def _one_thread_one_seed() -> Any:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(threads)


# A model comes back untouched ----------------------------------------------------------------------------------------


def _bits(value: Any) -> Any:
    return value.detach().clone().contiguous().view(torch.uint8) if value.dim() else value.detach().clone()


class _Photograph:
    """Everything of a model and of the surroundings that must not change, and what tells a change."""

    def __init__(self, model: Any) -> None:
        self.parameters = {name: (id(p), _bits(p), p.requires_grad, p.grad) for name, p in model.named_parameters()}
        self.gradients = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
        self.buffers = {name: (id(b), _bits(b)) for name, b in model.named_buffers()}
        self.modes = {name: module.training for name, module in model.named_modules()}
        self.hooks = {
            name: {key: list(value) for key, value in vars(module).items() if "hooks" in key and value is not None}
            for name, module in model.named_modules()
        }
        self.attributes = {name: sorted(vars(module)) for name, module in model.named_modules()}
        self.random = torch.get_rng_state(), np.random.get_state()[1].tolist(), random.getstate()  # noqa: NPY002
        self.precision, self.grad = torch.get_default_dtype(), torch.is_grad_enabled()

    def assert_equal(self, other: _Photograph) -> None:
        assert self.parameters.keys() == other.parameters.keys()
        for name, (identity, bits, needs, grad) in self.parameters.items():
            now = other.parameters[name]
            assert identity == now[0], name
            assert torch.equal(bits, now[1]), name
            assert needs == now[2], name
            assert grad is now[3], name
        for name, gradient in self.gradients.items():
            assert torch.equal(gradient, other.gradients[name]), name
        assert self.buffers.keys() == other.buffers.keys()
        for name, (identity, bits) in self.buffers.items():
            assert identity == other.buffers[name][0], name
            assert torch.equal(bits, other.buffers[name][1]), name
        assert (self.modes, self.hooks, self.attributes) == (other.modes, other.hooks, other.attributes)
        assert torch.equal(self.random[0], other.random[0])
        assert self.random[1:] == other.random[1:]
        assert (self.precision, self.grad) == (other.precision, other.grad)


class _Mutating(nn.Module):
    """Writes to its parameters, its buffers, its input, its mode and the random states; calls one module twice."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.shared = nn.Linear(width, width)
        self.norm = nn.BatchNorm1d(width)
        self.drop = nn.Dropout(0.3)
        self.lookup = nn.Embedding(10, width, max_norm=0.5)
        self.large = nn.Linear(width, 300)
        self.head = nn.Linear(300, 3)
        self.register_buffer("calls", torch.zeros(()))
        self.register_buffer("memory", torch.zeros(200, 200))
        self.seen: list[int] = []
        self.counts = {"calls": 0}

    def forward(self, x: Any) -> Any:
        with torch.no_grad():
            self.shared.weight.clamp_(-0.1, 0.1)
            self.large.weight.data.mul_(0.9)
            self.memory[0] += 1
            self.large.bias.copy_(torch.randn(300))
        self.calls += 1
        self.counts["calls"] += 1
        self.seen.append(len(x))
        self.extra = np.random.rand() + random.random()  # noqa: NPY002
        x.mul_(1.5)
        torch.set_default_dtype(torch.float64)
        torch.set_default_dtype(torch.float32)
        x = self.drop(functional.relu(self.norm(self.shared(x)), inplace=True))
        if x.sum() > -1:
            self.norm.eval()
            x = self.shared(x) + self.lookup(torch.arange(len(x)) % 10)
        return self.head(torch.tanh(self.large(x)))


class _Raising(_Mutating):
    def forward(self, x: Any) -> Any:
        super().forward(x)
        torch.set_default_dtype(torch.float64)
        raise RuntimeError("in the middle")


class _Backwards(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        return x.clone()

    @staticmethod
    def backward(ctx: Any, gradient: Any) -> Any:
        raise RuntimeError("in the middle of backward")


class _RaisingBackward(_Mutating):
    def forward(self, x: Any) -> Any:
        x = _Backwards.apply(self.shared(x))
        return super().forward(x.detach() + 0 * x)


class _Checkpointed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(16, 16), nn.Dropout(0.5), nn.GELU())
        self.head = nn.Linear(16, 2)

    def forward(self, x: Any) -> Any:
        from torch.utils.checkpoint import checkpoint

        return self.head(checkpoint(self.inner, x, use_reentrant=False))


def _hooked() -> Any:
    model = nn.Sequential(nn.Linear(16, 32), nn.ReLU(inplace=True), nn.Linear(32, 2))
    model[0].register_forward_hook(lambda module, given, output: output + 1)
    model[2].register_forward_pre_hook(lambda module, given: None)
    model[2].register_full_backward_hook(lambda module, into, out: None)
    model[0].weight.register_hook(lambda gradient: gradient * 0)
    model[0].weight.register_post_accumulate_grad_hook(lambda parameter: parameter.data.zero_())
    model[2].weight.requires_grad_(False)
    return model


MODELS: dict[str, tuple[Callable[[], Any], Any]] = {
    "mutating": (lambda: _Mutating(16), torch.randn(24, 16)),
    "raising": (lambda: _Raising(16), torch.randn(24, 16)),
    "raising in backward": (lambda: _RaisingBackward(16), torch.randn(24, 16)),
    "checkpointed": (_Checkpointed, torch.randn(24, 16)),
    "hooked": (_hooked, torch.randn(24, 16)),
    "wrong shape": (lambda: nn.Sequential(nn.Linear(16, 4), nn.BatchNorm1d(4), nn.Linear(5, 2)), torch.randn(24, 16)),
    "weight norm": (
        lambda: nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(16, 8)), nn.Tanh(), nn.Linear(8, 2)),
        torch.randn(24, 16),
    ),
    "spectral norm": (
        lambda: nn.Sequential(nn.utils.parametrizations.spectral_norm(nn.Linear(16, 8)), nn.Tanh(), nn.Linear(8, 2)),
        torch.randn(24, 16),
    ),
    "LSTM": (lambda: nn.LSTM(16, 8, batch_first=True), torch.randn(4, 5, 16)),
    "transformer": (
        lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 2, 32, batch_first=True), 2),
        torch.randn(4, 5, 16),
    ),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("training", [True, False])
def test_a_model_comes_back_to_the_last_bit(name: str, training: bool) -> None:
    make, batch = MODELS[name]
    model = make().train(training)
    for parameter in list(model.parameters())[::2]:
        parameter.grad = torch.randn_like(parameter)
    given = batch.clone()
    before = _Photograph(model)
    try:
        diagnose(model, given)
    except gd.BadModel:
        assert "raising" in name or name == "wrong shape"
    before.assert_equal(_Photograph(model))
    assert torch.equal(given, batch)
    assert given.grad is None


@pytest.mark.parametrize("spoil", ["weight", "buffer", "mode"])
def test_the_photograph_sees_a_change(spoil: str) -> None:
    model = _Mutating(16)
    before = _Photograph(model)
    if spoil == "weight":
        model.head.weight.data[0, 0] += 1e-7
    elif spoil == "buffer":
        model.memory[3, 3] = math.nan
    else:
        model.drop.eval()
    with pytest.raises(AssertionError):
        before.assert_equal(_Photograph(model))


def test_what_is_large_is_copied_only_when_it_is_overwritten() -> None:
    layer = nn.Linear(400, 400)
    with apart(layer) as aliases:
        assert aliases["weight"].data_ptr() == layer.weight.data_ptr()
        layer.weight.data[0] = 7.0
    assert layer.weight.detach().abs().max().item() < 1


# Planted faults and healthy models -----------------------------------------------------------------------------------


def _set(layer: Any, gain: float, fan: float | None = None) -> None:
    nn.init.normal_(layer.weight, std=gain / math.sqrt(fan or layer.weight[0].numel()))
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)


def _mlp(activation: str, widths: tuple[int, ...], made: Callable[[], Any]) -> Any:
    layers = [nn.Linear(one, other) for one, other in itertools.pairwise(widths)]
    for layer in layers:
        _set(layer, gd.gain(activation).value or 1.0)
    _set(layers[-1], 1.0)
    return nn.Sequential(*[part for layer in layers[:-1] for part in (layer, made())], layers[-1])


class _Residual(nn.Module):
    def __init__(self, width: int, norm: bool) -> None:
        super().__init__()
        self.one, self.two = nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)
        self.norm_one = nn.BatchNorm2d(width) if norm else nn.Identity()
        self.norm_two = nn.BatchNorm2d(width) if norm else nn.Identity()
        _set(self.one, math.sqrt(2))
        _set(self.two, math.sqrt(2))
        if not norm:
            nn.init.zeros_(self.two.weight)

    def forward(self, x: Any) -> Any:
        return functional.relu(x + self.norm_two(self.two(functional.relu(self.norm_one(self.one(x))))))


class _Image(nn.Module):
    def __init__(self, norm: bool) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        _set(self.stem, math.sqrt(2))
        self.blocks = nn.Sequential(*[_Residual(16, norm) for _ in range(3)])
        self.head = nn.Linear(16, 10)

    def forward(self, x: Any) -> Any:
        return self.head(self.blocks(functional.relu(self.stem(x))).mean((2, 3)))


class _Letters(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed, self.hidden, self.output = nn.Embedding(27, 10), nn.Linear(30, 200), nn.Linear(200, 27)
        _set(self.hidden, 5 / 3)

    def forward(self, letters: Any) -> Any:
        return self.output(torch.tanh(self.hidden(self.embed(letters).flatten(1))))


def _encoder() -> Any:
    return nn.TransformerEncoder(
        nn.TransformerEncoderLayer(32, 4, 64, batch_first=True, norm_first=True), 3, enable_nested_tensor=False
    )


def _default(depth: int, made: Callable[[], Any]) -> Any:
    return nn.Sequential(*[part for _ in range(depth) for part in (nn.Linear(96, 96), made())], nn.Linear(96, 10))


HEALTHY: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "relu": (lambda: _mlp("relu", (64, 256, 96, 128, 10), nn.ReLU), lambda: torch.randn(64, 64)),
    "deep relu": (lambda: _mlp("relu", (128,) * 30, nn.ReLU), lambda: torch.randn(64, 128)),
    "deep tanh": (lambda: _mlp("tanh", (128,) * 30, nn.Tanh), lambda: torch.randn(64, 128)),
    "gelu": (lambda: _mlp("gelu", (64, 256, 64, 256, 10), nn.GELU), lambda: torch.randn(64, 64)),
    "sigmoid": (lambda: _mlp("sigmoid", (64,) * 6, nn.Sigmoid), lambda: torch.randn(64, 64)),
    "selu": (lambda: _mlp("selu", (64,) * 12, nn.SELU), lambda: torch.randn(64, 64)),
    "images in [0, 1]": (lambda: _Image(False), lambda: torch.rand(16, 3, 8, 8)),
    "ResNet": (lambda: _Image(True), lambda: torch.randn(16, 3, 8, 8)),
    "letters": (_Letters, lambda: torch.randint(27, (64, 3))),
    "one-hot": (
        lambda: _mlp("relu", (200, 64, 64, 10), nn.ReLU),
        lambda: functional.one_hot(torch.arange(64), 200).float(),
    ),
    "transformer": (_encoder, lambda: torch.randn(8, 6, 32)),
    "torch's default, shallow": (lambda: _default(3, nn.ReLU), lambda: torch.randn(64, 96)),
    "torch's default, tanh": (lambda: _default(3, nn.Tanh), lambda: torch.randn(64, 96)),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_model_has_no_finding(name: str) -> None:
    make, batch = HEALTHY[name]
    assert diagnose(make(), batch(), switch=False).findings == ()


def _scaled(layer: str, factor: float) -> Callable[[Any], None]:
    def spoil(model: Any) -> None:
        model.get_submodule(layer).weight.data.mul_(factor)

    return spoil


def _biased(layer: str, value: float) -> Callable[[Any], None]:
    def spoil(model: Any) -> None:
        model.get_submodule(layer).bias.data.fill_(value)

    return spoil


def _fanned(layer: str, gain: float) -> Callable[[Any], None]:
    def spoil(model: Any) -> None:
        of = model.get_submodule(layer)
        _set(of, gain, of.weight.shape[0] * of.weight[0, 0].numel())

    return spoil


def _negative(layer: str) -> Callable[[Any], None]:
    def spoil(model: Any) -> None:
        weight = model.get_submodule(layer).weight.data
        weight.copy_(-weight.abs())

    return spoil


FAULTS: list[tuple[str, Callable[[Any], None], str, str]] = [
    ("relu", _scaled("2", 2.0), "wrong_gain", "2"),
    ("deep relu", _scaled("20", 0.5), "wrong_gain", "20"),
    ("deep tanh", _scaled("30", 2.0), "wrong_gain", "30"),
    ("selu", _scaled("8", 0.5), "wrong_gain", "8"),
    ("gelu", _scaled("4", 10.0), "weights_too_large", "4"),
    ("letters", _scaled("hidden", 5.0), "weights_too_large", "hidden"),
    ("deep relu", _scaled("12", 0.05), "weights_too_small", "12"),
    ("relu", _fanned("2", math.sqrt(2)), "wrong_fan", "2"),
    ("gelu", _fanned("4", 1.5335), "wrong_fan", "4"),
    ("deep tanh", _biased("10", 3.0), "bias_shift", "10"),
    ("transformer", _biased("layers.1.linear1", 4.0), "bias_shift", "layers.1.linear1"),
    ("relu", _biased("4", -12.0), "dead_units", "4"),
    ("deep relu", _negative("8"), "dead_units", "8"),
    ("images in [0, 1]", _scaled("blocks.1.one", 6.0), "weights_too_large", "blocks.1.one"),
]


@pytest.mark.parametrize(("name", "spoil", "cause", "layer"), FAULTS)
def test_the_first_finding_names_the_planted_fault(
    name: str, spoil: Callable[[Any], None], cause: str, layer: str
) -> None:
    make, batch = HEALTHY[name]
    model = make()
    spoil(model)
    first = diagnose(model, batch(), switch=False).findings[0]
    assert (first.cause, first.layer) == (cause, layer)
    assert gd.cite(first.result_id)
    assert first.advice
    assert repr(layer) in first.evidence


def test_the_first_layer_tells_which_of_two_hidden_convolutions_is_wrong() -> None:
    """Gains of 0.75 and 0.83 are near the 1 of Xavier with the mean of both fans; the other layers have 5/3."""
    for factor in (0.45, 0.5):
        model = nn.Sequential(
            *(
                part
                for ins, outs in itertools.pairwise((3, 16, 32, 64))
                for part in (nn.Conv2d(ins, outs, 3, padding=1), nn.Tanh())
            ),
            nn.Flatten(),
            nn.Linear(64 * 64, 10),
        )
        for layer in (0, 2, 4):
            _set(model[layer], 5 / 3)
        model[2].weight.data.mul_(factor)
        worst = diagnose(model, torch.randn(32, 3, 8, 8), switch=False).findings[0]
        assert (worst.cause, worst.layer) == ("wrong_gain", "2")


@pytest.mark.parametrize(("name", "layer"), [("relu", "0"), ("deep tanh", "0"), ("ResNet", "stem")])
@pytest.mark.parametrize("spoil", [lambda x: 30 * x, lambda x: x + 50], ids=["scale 30", "mean 50"])
def test_inputs_that_are_not_standardised_come_first(name: str, layer: str, spoil: Callable[[Any], Any]) -> None:
    make, batch = HEALTHY[name]
    first = diagnose(make(), spoil(batch()), switch=False).findings[0]
    assert (first.cause, first.layer) == ("inputs_not_standardised", layer)


def test_features_of_different_scale_are_seen() -> None:
    make, batch = HEALTHY["relu"]
    x = batch()
    x[:, 3] *= 0.001
    assert diagnose(make(), x, switch=False).findings[0].cause == "inputs_not_standardised"


def test_torchs_default_is_too_small_in_a_deep_network() -> None:
    first, *others = diagnose(_default(12, nn.ReLU), torch.randn(64, 96), switch=False).findings
    assert (first.cause, first.result_id, others) == ("weights_too_small", "GD-0018", [])
    assert len(first.others) == 11


# What was measured ---------------------------------------------------------------------------------------------------


def test_the_numbers_are_those_of_the_model() -> None:
    model = nn.Sequential(nn.Linear(32, 64), nn.Tanh(), nn.Linear(64, 48), nn.ReLU(), nn.Linear(48, 3)).double()
    model[0].weight.data.mul_(8)
    x = torch.randn(500, 32, dtype=torch.float64)
    target = torch.randint(3, (500,))
    report = diagnose(model, x, target=target, switch=False)
    u = model[0](x)
    h = torch.tanh(u)
    v = model[2](h)
    functional.cross_entropy(model(x), target).backward()
    first, second, last = report.layers
    assert first.u.second_moment == pytest.approx(u.square().mean().item(), rel=1e-9)
    assert first.u.mean == pytest.approx(u.mean().item(), abs=1e-9)
    assert first.h.variance == pytest.approx(h.var(correction=0).item(), rel=1e-9)
    assert first.saturated == pytest.approx((u.abs() > 3).double().mean().item(), abs=1e-12)
    assert first.banded == pytest.approx((h.abs() >= 0.9).double().mean().item(), abs=1e-12)
    assert second.off == pytest.approx((v < 0).double().mean().item(), abs=1e-12)
    assert second.saturated is None
    assert sum(first.u.histogram.counts) == u.numel()
    assert first.gradient == pytest.approx(model[0].weight.grad.norm().item(), rel=1e-9)
    assert report.gradient_ratio == pytest.approx(first.gradient / last.gradient)
    assert first.weights.gain == pytest.approx(8 / math.sqrt(3), rel=0.05)
    assert abs(first.output - first.predicted_u) < 5 * first.output_error
    assert first.h.second_moment == pytest.approx(first.predicted_h, rel=0.1)


@pytest.mark.parametrize(
    "layer", [nn.Conv2d(4, 64, 3, padding=1), nn.Conv2d(4, 64, 3, padding=2, stride=2, dilation=2)]
)
def test_padding_is_part_of_a_convolutions_prediction(layer: Any) -> None:
    report = diagnose(nn.Sequential(layer, nn.ReLU()), torch.randn(64, 4, 6, 6), switch=False)
    (only,) = report.layers
    assert abs(only.output - only.predicted_u) < 4 * only.output_error
    assert abs(only.output - only.weights.second_moment * only.fan_in) > 4 * only.output_error


@pytest.mark.parametrize(
    ("draw", "name"),
    [
        (lambda w: nn.init.kaiming_uniform_(w, a=math.sqrt(5)), "kaiming_uniform_(a=sqrt(5))"),
        (nn.init.kaiming_normal_, "kaiming_normal_(mode='fan_in', nonlinearity='relu')"),
        (
            lambda w: nn.init.kaiming_uniform_(w, mode="fan_out"),
            "kaiming_uniform_(mode='fan_out', nonlinearity='relu')",
        ),
        (nn.init.xavier_normal_, "xavier_normal_(nonlinearity='linear')"),
        (nn.init.orthogonal_, "orthogonal_(gain=1)"),
        (nn.init.normal_, "normal_(std=1)"),
        (lambda w: nn.init.normal_(w, std=0.02), "normal_(std=0.02)"),
        (nn.init.zeros_, "zeros_()"),
        (lambda w: nn.init.normal_(w, std=0.0567), "none known (normal)"),
        (lambda w: nn.init.constant_(w, 0.1), "none known"),
    ],
)
def test_initializers_are_told_by_their_weights(draw: Callable[[Any], Any], name: str) -> None:
    model = nn.Sequential(nn.Linear(300, 200), nn.ReLU(), nn.Linear(200, 2))
    draw(model[0].weight)
    assert diagnose(model, torch.randn(16, 300), switch=False).layers[0].weights.initializer == name


def test_the_switch_test_cures_a_saturated_model() -> None:
    model = _mlp("tanh", (64,) * 8, nn.Tanh)
    for layer in model[:-1:2]:
        layer.weight.data.mul_(10)
    report = diagnose(model, 30 * torch.randn(128, 64))
    before, after = report.layers[3], report.switch.layers[3]
    assert before.saturated > 0.5 > 0.1 > after.saturated
    normalised = diagnose(model, torch.randn(128, 64), switch="layernorm").switch.layers[3]
    assert normalised.u.second_moment == pytest.approx(1, rel=0.01)


# What is shown -------------------------------------------------------------------------------------------------------


def test_a_report_is_text_json_and_a_page_by_itself() -> None:
    model = nn.Sequential()
    model.add_module("<script>alert(1)</script>", nn.Linear(8, 8))
    model.add_module("phi", nn.Tanh())
    nn.init.normal_(model[0].weight, std=9)
    report = diagnose(model, torch.randn(32, 8))
    assert "weights_too_large" in str(report)
    assert json.loads(report.to_json())["findings"][0]["cause"] == "weights_too_large"
    page = report.to_html()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "://" not in page
    assert "url(" not in page
    assert "<html" not in report._repr_html_()
    assert diagnose(model, torch.ones(32, 8)).to_json() == diagnose(model, torch.ones(32, 8)).to_json()


@pytest.mark.parametrize(
    "batch",
    [
        torch.randn(32, 8),
        np.random.default_rng(0).normal(size=(32, 8)),
        (torch.randn(32, 8),),
        {"input": torch.randn(32, 8)},
    ],
)
def test_a_batch_is_one_argument_or_several_or_named_ones(batch: Any) -> None:
    assert len(diagnose(nn.Sequential(nn.Linear(8, 8), nn.Tanh()), batch).layers) == 1


def test_bad_input_is_refused_with_advice() -> None:
    model = nn.Sequential(nn.Linear(8, 8), nn.Tanh())
    for bad, said in ((3, "tensor"), (torch.empty(0, 8), "no numbers"), (np.array(["a"]), "numbers")):
        with pytest.raises(gd.BadParameter, match=said):
            diagnose(model, bad)
    with pytest.raises(gd.BadParameter, match="layernorm"):
        diagnose(model, torch.randn(4, 8), switch="batchnorm")
    with pytest.raises(gd.BadModel, match="shape"):
        diagnose(nn.Sequential(nn.LazyLinear(8)), torch.randn(4, 8))
    with pytest.raises(gd.BadModel, match="no layer"):
        diagnose(nn.ReLU(), torch.randn(4, 8))
    with pytest.raises(gd.BadModel, match="Module"):
        diagnose(torch.tanh, torch.randn(4, 8))
    with pytest.raises(gd.BadModel, match="raises"):
        diagnose(model, torch.randn(4, 9))


def test_the_bridge_is_imported_without_torch() -> None:
    code = "import sys, gainderive.pytorch as p; assert p.diagnose and 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    name = f"made_{tmp_path.name}"
    source = (
        "import torch\nfrom torch import nn\n"
        "def make():\n    torch.manual_seed(0)\n"
        "    net = nn.Sequential(nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 4))\n"
        "    nn.init.normal_(net[0].weight)\n    return net\n"
        "def both():\n    return make(), torch.randn(32, 64)\n"
        "model = make()\n"
        "def broken():\n    raise OSError('no such thing')\n"
    )
    (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
    np.save(tmp_path / "batch.npy", np.random.default_rng(0).normal(size=(64, 64)))
    torch.save({"input": torch.randn(64, 64)}, tmp_path / "batch.pt")
    (tmp_path / "rubbish.pt").write_bytes(b"rubbish")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "args", [("make", "--input", "batch.npy"), ("model", "--input", "batch.pt"), ("both",), ("both", "--no-switch")]
)
def test_the_command_line_says_what_is_wrong(run: Any, _folder: Path, args: tuple[str, ...]) -> None:  # noqa: PT019
    code, out, err = run("diagnose", f"made_{_folder.name}:{args[0]}", *args[1:], "--json", "--html", "page.html")
    assert (code, err) == (0, "")
    assert json.loads(out)["findings"][0]["layer"] == "0"
    assert (_folder / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    code, out, err = run("diagnose", f"made_{_folder.name}:{args[0]}", *args[1:])
    assert "weights_too_large in '0'" in out


@pytest.mark.parametrize(
    "args",
    [
        ("make",), ("nothing", "--input", "batch.npy"), ("broken", "--input", "batch.npy"),
        ("make", "--input", "missing.npy"), ("make", "--input", "rubbish.pt"), ("make", "--input", "batch.txt"),
    ],
)  # fmt: skip
def test_the_command_line_refuses_with_one_line(run: Any, _folder: Path, args: tuple[str, ...]) -> None:  # noqa: PT019
    code, out, err = run("diagnose", f"made_{_folder.name}:{args[0]}", *args[1:], "--html", "page.html")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert not (_folder / "page.html").exists()
