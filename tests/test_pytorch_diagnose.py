"""The diagnosis of PyTorch models: planted faults, healthy models, measured numbers, and models that stay untouched.

What is random is seeded; the planted faults are far from the thresholds, so that no false alarm is a matter of chance.
"""

from __future__ import annotations

import copy
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


# A model comes back untouched ------------------------------------------------------------------------------------------


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
