"""The structure of models: what a run and what torch.fx see of them, and that they are as before."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gainderive as gd
from gainderive.pytorch import structure
from gainderive.pytorch._untouched import untouched
from gainderive.pytorch.graph import Structure
from gainderive.quadrature import Compiled

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Let small tensors not wait for threads on a machine that is busy."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


WIDTH = 8


# Models ---------------------------------------------------------------------------------------------------------------


class HandWritten(nn.Module):
    """Activations as functions, methods and formulas; one layer is called twice."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.c, self.d = (nn.Linear(WIDTH, WIDTH) for _ in range(4))

    def forward(self, x: Any) -> Any:
        h = F.leaky_relu(self.a(x), 0.2)
        h = F.dropout(self.b(h), 0.5, self.training).tanh()
        h = torch.relu_(self.b(h))
        u = self.c(h)
        return self.d(0.5 * u * (1 + torch.tanh(0.7978845608 * (u + 0.044715 * u**3))))


class Sine(nn.Module):
    def __init__(self, omega: float) -> None:
        super().__init__()
        self.omega = omega

    def forward(self, x: Any) -> Any:
        return torch.sin(self.omega * x)


class Residual(nn.Module):
    """A block of a ResNet, whose shortcut is a projection where the shape changes."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(after)
        self.down = nn.Conv2d(before, after, 1, stride) if stride > 1 else nn.Identity()

    def forward(self, x: Any) -> Any:
        h = F.relu(self.norm1(self.conv1(x)))
        h = self.norm2(self.conv2(h))
        h += self.down(x)
        return F.relu(h, inplace=True)


class ResNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, WIDTH, 3, padding=1)
        self.blocks = nn.Sequential(Residual(WIDTH, WIDTH, 1), Residual(WIDTH, 2 * WIDTH, 2))
        self.head = nn.Linear(2 * WIDTH, 5)

    def forward(self, x: Any) -> Any:
        h = F.max_pool2d(torch.relu(self.stem(x)), 2)
        return self.head(F.adaptive_avg_pool2d(self.blocks(h), 1).flatten(1))


class RootMeanSquare(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x: Any) -> Any:
        return self.weight * x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6)


class Attention(nn.Module):
    """Attention and a gated network as they are written by hand, each added to the stream."""

    def __init__(self, packed: bool) -> None:
        super().__init__()
        self.packed = packed
        self.norm1, self.norm2 = RootMeanSquare(), RootMeanSquare()
        self.q, self.k, self.v, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.gate = nn.Linear(WIDTH, (2 if packed else 1) * WIDTH)
        self.up, self.down = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Any) -> Any:
        h = self.norm1(x)
        q, k, v = (layer(h).unflatten(-1, (2, -1)).transpose(1, 2) for layer in (self.q, self.k, self.v))
        scores = (q @ k.transpose(-2, -1) / 2).softmax(-1)
        x = x + self.out((scores @ v).transpose(1, 2).flatten(2))
        h = self.norm2(x)
        u, g = self.gate(h).chunk(2, -1) if self.packed else (self.up(h), self.gate(h))
        return x + self.down(u * F.silu(g))


class Language(nn.Module):
    """Torch's own transformer layers between an embedding and a head with the same weights."""

    def __init__(self, norm_first: bool) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(11, WIDTH), nn.Embedding(4, WIDTH)
        layer = nn.TransformerEncoderLayer(
            WIDTH, 2, 16, activation="gelu", norm_first=norm_first, batch_first=True, dropout=0.1
        )
        self.body = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(WIDTH, 11, bias=False)
        self.head.weight = self.words.weight

    def forward(self, i: Any) -> Any:
        return self.head(self.body(self.words(i) + self.places(torch.arange(4))))


class Functional(nn.Module):
    """Weights that are no modules."""

    def __init__(self) -> None:
        super().__init__()
        self.w1 = nn.Parameter(torch.randn(WIDTH, 16))
        self.w2 = nn.Parameter(torch.randn(5, 16))
        self.w3 = nn.Parameter(torch.randn(3, 5))
        self.b2 = nn.Parameter(torch.zeros(5))

    def forward(self, x: Any) -> Any:
        h = F.elu(x @ self.w1, alpha=0.5)
        h = F.softplus(F.linear(h, self.w2, self.b2), 2)
        return h @ self.w3.t()


class Characters(nn.Module):
    """As lectures write it: a table, two matrices and two vectors of parameters."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.randn(11, 3))
        self.w1, self.b1 = nn.Parameter(torch.randn(12, 9)), nn.Parameter(torch.randn(9))
        self.w2, self.b2 = nn.Parameter(torch.randn(9, 11)), nn.Parameter(torch.randn(11))

    def forward(self, i: Any) -> Any:
        h = torch.tanh(self.table[i].view(-1, 12) @ self.w1 + self.b1)
        return h @ self.w2 + self.b2


class Squeezed(nn.Module):
    """A branch that is multiplied by a gate made of itself."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(WIDTH, WIDTH, 3, padding=1, groups=4)
        self.narrow, self.wide = nn.Linear(WIDTH, 2), nn.Linear(2, WIDTH)

    def forward(self, x: Any) -> Any:
        h = self.conv(x)
        gate = torch.sigmoid(self.wide(F.relu(self.narrow(h.mean((2, 3))))))
        return x + h * gate[:, :, None, None]


class UNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.down = nn.Conv2d(4, 6, 3, 2, 1)
        self.up = nn.ConvTranspose2d(6, 4, 4, 2, 1)
        self.last = nn.Conv2d(8, 3, 1)

    def forward(self, x: Any) -> Any:
        h = F.silu(self.first(x))
        return self.last(torch.cat([h, F.silu(self.up(F.silu(self.down(h))))], 1))


@dataclass(frozen=True)
class Case:
    """A model, inputs, and what is expected of each layer: role, follower, and what made its input."""

    make: Callable[[], Any]
    inputs: Callable[[], Any]
    layers: dict[str, tuple[str, str, str]]


def rows() -> Any:
    return torch.randn(3, WIDTH)


CASES = {
    "sequential": Case(
        lambda: nn.Sequential(
            nn.Linear(WIDTH, 9),
            nn.BatchNorm1d(9),
            nn.GELU(approximate="tanh"),
            nn.Dropout(),
            nn.Linear(9, 9),
            nn.ReLU(inplace=True),
            nn.Linear(9, 1),
        ),
        rows,
        {
            "0": ("first", "gelu_tanh", ""),
            "4": ("hidden", "relu", "gelu_tanh"),
            "6": ("output", "", "relu"),
        },
    ),
    "hand-written": Case(
        HandWritten,
        rows,
        {
            "a": ("first", "leaky_relu(negative_slope=0.2)", ""),
            "b": ("hidden", "tanh", "leaky_relu(negative_slope=0.2)"),
            "c": ("hidden", "gelu_tanh", "relu"),
            "d": ("output", "", "gelu_tanh"),
        },
    ),
    "sine": Case(
        lambda: nn.Sequential(
            nn.Linear(WIDTH, 9), Sine(30.0), nn.Linear(9, 9), Sine(7.5), nn.Linear(9, 9), Sine(1.0), nn.Linear(9, 1)
        ),
        rows,
        {
            "0": ("first", "sin(omega=30)", ""),
            "2": ("hidden", "sin(omega=7.5)", "sin(omega=30)"),
            "4": ("hidden", "sin", "sin(omega=7.5)"),
            "6": ("output", "", "sin"),
        },
    ),
    "residual": Case(
        ResNet,
        lambda: torch.randn(2, 3, 8, 8),
        {
            "stem": ("first", "relu", ""),
            "blocks.0.conv1": ("hidden", "relu", "relu"),
            "blocks.0.conv2": ("branch_end", "", "relu"),
            "blocks.1.conv1": ("hidden", "relu", "relu"),
            "blocks.1.conv2": ("branch_end", "", "relu"),
            "blocks.1.down": ("shortcut", "relu", "relu"),
            "head": ("output", "", "relu"),
        },
    ),
    "attention": Case(
        lambda: nn.Sequential(nn.Linear(WIDTH, WIDTH), Attention(packed=False)),
        lambda: torch.randn(2, 4, WIDTH),
        {
            "0": ("first", "", ""),
            "1.q": ("query_key", "", ""),
            "1.k": ("query_key", "", ""),
            "1.v": ("value", "", ""),
            "1.out": ("branch_end", "", ""),
            "1.up": ("gated", "", ""),
            "1.gate": ("gate", "silu", ""),
            "1.down": ("branch_end", "", "swiglu"),
        },
    ),
    "packed gate": Case(
        lambda: nn.Sequential(nn.Linear(WIDTH, 2 * WIDTH), nn.GLU(), nn.Linear(WIDTH, 1)),
        rows,
        {"0": ("gated", "", ""), "2": ("output", "", "glu")},
    ),
    "transformer": Case(
        lambda: Language(norm_first=True),
        lambda: torch.randint(11, (2, 4)),
        {
            "head": ("output", "", ""),
            "places": ("embedding", "", ""),
            **{
                f"body.layers.{i}.{name}": expected
                for i in range(2)
                for name, expected in {
                    "self_attn.in_proj": ("query_key_value", "", ""),
                    "self_attn.out_proj": ("branch_end", "", ""),
                    "linear1": ("hidden", "gelu", ""),
                    "linear2": ("branch_end", "", "gelu"),
                }.items()
            },
        },
    ),
    "functional": Case(
        Functional,
        rows,
        {
            "w1": ("first", "elu(alpha=0.5)", ""),
            "w2": ("hidden", "softplus(beta=2)", "elu(alpha=0.5)"),
            "w3": ("output", "", "softplus(beta=2)"),
        },
    ),
    "characters": Case(
        Characters,
        lambda: torch.randint(11, (2, 4)),
        {"table": ("embedding", "", ""), "w1": ("hidden", "tanh", ""), "w2": ("output", "", "tanh")},
    ),
    "squeezed": Case(
        Squeezed,
        lambda: torch.randn(2, WIDTH, 4, 4),
        {
            "conv": ("branch_end", "", ""),
            "narrow": ("hidden", "relu", ""),
            "wide": ("hidden", "sigmoid", "relu"),
        },
    ),
    "u-net": Case(
        UNet,
        lambda: torch.randn(1, 3, 8, 8),
        {
            "first": ("first", "silu", ""),
            "down": ("hidden", "silu", "silu"),
            "up": ("hidden", "silu", "silu"),
            "last": ("output", "", "silu"),
        },
    ),
}


def told(found: Structure) -> dict[str, tuple[str, str, str]]:
    return {layer.name: (layer.role, str(layer.follower or ""), str(layer.feeds or "")) for layer in found.layers}


# What is found --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
def test_a_run_tells_the_structure(name: str) -> None:
    case = CASES[name]
    found = structure(case.make(), case.inputs())
    assert (found.how, found.remarks) == ("run", ())
    assert told(found) == case.layers


@pytest.mark.parametrize("name", CASES)
def test_symbols_tell_the_same_as_a_run(name: str) -> None:
    model = CASES[name].make()
    traced, seen = structure(model), structure(model, CASES[name].inputs())
    assert (traced.how, traced.remarks) == ("fx", ())
    assert told(traced) == told(seen)
    for one, other in zip(traced, seen, strict=True):
        assert (one.kind, one.fan_in, one.fan_out, one.normalised, one.calls, one.tied, one.terms) == (
            (other.kind, other.fan_in, other.fan_out, other.normalised, other.calls, other.tied, other.terms)
        )
    assert [vars(sum_) for sum_ in traced.residuals] == [vars(sum_) for sum_ in seen.residuals]
    assert traced.norms == seen.norms


class AsksForTheType(nn.Module):
    """Goes another way with symbols than with tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)

    def forward(self, x: Any) -> Any:
        h = self.a(x)
        return self.b(torch.tanh(h) if isinstance(h, torch.Tensor) else torch.relu(h))


def test_where_symbols_and_a_run_disagree_inputs_tell_the_truth() -> None:
    model = AsksForTheType()
    assert [str(structure(model).layers[0].follower), str(structure(model, rows()).layers[0].follower)] == [
        "relu",
        "tanh",
    ]


class AsksForAValue(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)

    def forward(self, x: Any) -> Any:
        h = torch.tanh(self.a(x))
        return self.b(h if h.sum() > 1e9 else F.mish(h))


class TakesTwo(AsksForAValue):
    def forward(self, x: Any, y: Any) -> Any:
        return super().forward(x) + super().forward(y)


def test_what_symbols_cannot_pass_runs_on_an_input_made_up() -> None:
    found = structure(AsksForAValue())
    assert found.how == "run"
    assert "control flow" in found.remarks[0]
    assert f"(2, {WIDTH})" in found.remarks[0]
    assert found["b"].role == "output"
    assert structure(TakesTwo()).how == "order"


def test_the_last_resort_says_so() -> None:
    found = structure(TakesTwo())
    assert [layer.calls for layer in found] == [0, 0]
    assert "order" in found.remarks[0]
    assert "Example inputs" in found.remarks[0]
    assert structure(TakesTwo(), rows(), y=rows())["a"].calls == 2


def test_residual_sums_their_streams_and_their_ends() -> None:
    found = structure(ResNet(), torch.randn(2, 3, 8, 8))
    assert [(r.where, r.ends, r.norms, r.shortcuts, r.stream) for r in found.residuals] == [
        ("blocks.0", ("blocks.0.conv2",), ("blocks.0.norm2",), (), 0),
        ("blocks.1", ("blocks.1.conv2",), ("blocks.1.norm2",), ("blocks.1.down",), 0),
    ]
    assert found.branches(found["blocks.1.conv2"]) == 2
    assert found.branches(found["stem"]) == 0
    two = structure(nn.Transformer(WIDTH, 2, 1, 2, 16, batch_first=True), *[torch.randn(3, 2, WIDTH)] * 2)
    assert [two.branches_at(residual) for residual in two.residuals] == [2, 2, *[6] * 6]


def test_fans_are_those_of_torch_with_groups_and_strides_counted() -> None:
    shared = nn.Linear(WIDTH, WIDTH)
    models = {
        nn.Conv2d(6, 8, (3, 5)): (torch.randn(1, 6, 9, 9), (90, 120)),
        nn.Conv1d(6, 8, 3, groups=2): (torch.randn(1, 6, 9), (9, 12)),
        nn.ConvTranspose2d(6, 8, 4, stride=2): (torch.randn(1, 6, 9, 9), (24, 128)),
        nn.ConvTranspose1d(6, 8, 3, stride=2): (torch.randn(1, 6, 9), (9.0, 24)),
        nn.Embedding(50, 7): (torch.arange(3), (1, 7)),
        nn.MultiheadAttention(6, 2): ((torch.randn(3, 1, 6),) * 3, (6, 6)),
        nn.Bilinear(3, 4, 5): ((torch.randn(2, 3), torch.randn(2, 4)), (12, 5)),
    }
    for model, (inputs, fans) in models.items():
        layer = structure(model, *(inputs if isinstance(inputs, tuple) else (inputs,))).layers[0]
        assert (layer.fan_in, layer.fan_out) == fans
        if isinstance(model, (nn.Conv2d, nn.Bilinear)):
            assert (
                layer.fan_in == torch.nn.init._calculate_fan_in_and_fan_out(model.weight)[0] or layer.kind == "bilinear"
            )
    assert structure(nn.Sequential(shared, nn.Tanh(), shared), rows()).layers[0].calls == 2


def test_parameters_without_modules_have_fans_and_biases() -> None:
    for found in (structure(Characters(), torch.randint(11, (2, 4))), structure(Characters())):
        assert [(layer.kind, layer.fan_in, layer.fan_out, layer.bias) for layer in found] == [
            ("embedding", 1, 3, None),
            ("matmul", 12, 9, "b1"),
            ("matmul", 9, 11, "b2"),
        ]
    found = structure(Functional(), rows())
    assert [(layer.fan_in, layer.fan_out, layer.bias) for layer in found] == [
        (8, 16, None),
        (16, 5, "b2"),
        (5, 3, None),
    ]


def test_tied_weights_are_one_layer_and_an_output() -> None:
    found = structure(Language(norm_first=False), torch.randint(11, (2, 4)))
    head = found["head"]
    assert (head.kind, head.role, head.tied, head.fan_in) == ("linear", "output", ("words.weight",), WIDTH)
    assert len(found.layers) == len({layer.weight for layer in found.layers})


def test_parametrized_weights_are_named() -> None:
    from torch.nn.utils.parametrizations import spectral_norm, weight_norm

    model = nn.Sequential(weight_norm(nn.Linear(WIDTH, WIDTH)), nn.ReLU(), spectral_norm(nn.Linear(WIDTH, 1)))
    for found in (structure(model), structure(model, rows())):
        assert [layer.parametrized for layer in found] == ["WeightNorm", "SpectralNorm"]
        assert [str(layer.follower) for layer in found] == ["relu", "None"]
        assert found.remarks == ()


class Between(nn.Module):
    """A function between two layers."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self.first, self.last, self.function = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1), function

    def forward(self, x: Any) -> Any:
        return self.last(self.function(self.first(x)))


WRITTEN: dict[str, list[Callable[[Any], Any]]] = {
    "relu": [
        lambda x: x.clamp(min=0),
        lambda x: torch.maximum(x, torch.zeros_like(x)),
        lambda x: x * (x > 0),
        torch.Tensor.relu_,
    ],
    "relu_squared": [lambda x: F.relu(x) ** 2, lambda x: torch.relu(x).square()],
    "leaky_relu(negative_slope=0.3)": [partial(F.leaky_relu, negative_slope=0.3), lambda x: F.leaky_relu(x, 0.3)],
    "leaky_relu": [lambda x: torch.where(x > 0, x, 0.01 * x)],
    "silu": [lambda x: x * x.sigmoid(), lambda x: x / (1 + (-x).exp())],
    "silu(beta=1.5)": [lambda x: x * torch.sigmoid(1.5 * x)],
    "hardswish": [lambda x: x * F.relu6(x + 3) / 6],
    "gelu": [lambda x: 0.5 * x * (1 + torch.erf(x / 2**0.5)), F.gelu],
    "gelu_tanh": [partial(F.gelu, approximate="tanh")],
    "mish": [lambda x: x * torch.tanh(F.softplus(x))],
    "lecun_tanh": [lambda x: 1.7159 * torch.tanh(2 / 3 * x)],
    "sin(omega=30)": [lambda x: torch.sin(30 * x), lambda x: (30.0 * x).sin_()],
    "hardtanh(min_val=-2, max_val=2)": [lambda x: F.hardtanh(x, -2.0, 2.0)],
    "square": [lambda x: x**2, lambda x: x * x],
    "heaviside": [lambda x: (x > 0).float()],
    "tanh(2*x)": [lambda x: x.mul_(2).tanh_()],
    "None": [
        lambda x: -x,
        lambda x: F.dropout(x, 0.5),
        lambda x: F.softmax(x, -1),
        lambda x: torch.cumsum(x, -1),
        lambda x: x.double().float(),
    ],
}


@pytest.mark.parametrize(
    ("name", "number"), [(name, number) for name, ways in WRITTEN.items() for number in range(len(ways))]
)
def test_a_function_is_known_in_whatever_way_it_is_written(name: str, number: int) -> None:
    model = Between(WRITTEN[name][number])
    assert [str(structure(model, *inputs)["first"].follower) for inputs in ((rows(),), ())] == [name, name]


class Hidden(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        return torch.from_numpy(np.arctan(x.numpy()) + 0.25 * x.numpy() ** 2)


class Opaque(nn.Module):
    def forward(self, x: Any) -> Any:
        return Hidden.apply(x)


def test_a_function_that_torch_does_not_show_is_known_by_its_values() -> None:
    model = nn.Sequential(nn.Linear(WIDTH, WIDTH), Opaque(), nn.Linear(WIDTH, 1))
    follower = structure(model, rows())["0"].follower
    assert follower is not None
    expected = gd.gain("arctan(x) + x**2/4")
    assert follower.gain().value == pytest.approx(expected.value, rel=1e-6)
    assert follower.gain().status == gd.Status.ESTIMATED


@settings(max_examples=20)
@given(data=st.data())
def test_formulas_are_put_together_from_operations(data: st.DataObject) -> None:
    a, b = (data.draw(st.sampled_from([-1.5, -0.25, 0.5, 2.0, 3.0]), label=name) for name in "ab")
    inner = data.draw(st.sampled_from([torch.tanh, torch.sigmoid, torch.sin, torch.abs, torch.exp]), label="inner")
    outer = data.draw(
        st.sampled_from(
            [
                lambda x, f: b * f + x / 4,
                lambda x, f: f - x * f,
                lambda x, f: torch.where(x > b, f, 0.5 * x),
                lambda x, f: torch.clamp(f, min=-0.5, max=0.75) * b,
                lambda x, f: 1 - f,
                lambda x, f: x / (2 + f.square()),
            ]
        ),
        label="outer",
    )

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.last = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, 1)

        def forward(self, x: Any) -> Any:
            u = self.first(x)
            return self.last(outer(u, inner(a * u)))

    for found in (structure(Net(), rows()), structure(Net())):
        follower = found["first"].follower
        assert follower is not None
        assert isinstance(follower.activation, gd.Activation)
        z = np.random.default_rng(1).standard_normal(4_000)
        there = torch.from_numpy(z)
        assert Compiled(follower.activation.numeric).values(z) == pytest.approx(outer(there, inner(a * there)).numpy())


# Nothing is touched ---------------------------------------------------------------------------------------------------


class Stateful(nn.Module):
    """Does what a forward should not do, and raises where told to."""

    def __init__(self, fails: bool = False) -> None:
        super().__init__()
        self.layer = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.BatchNorm1d(WIDTH)
        self.register_buffer("count", torch.zeros(()))
        self.calls, self.seen, self.fails = 0, [], fails
        self.layer.weight.requires_grad_(False)

    def forward(self, x: Any) -> Any:
        self.calls += 1
        self.count += 1
        self.last = x
        self.seen.append(x)
        random.random()
        np.random.rand()  # noqa: NPY002 (what others do)
        h = F.batch_norm(self.layer(x), self.norm.running_mean, self.norm.running_var, training=True)
        if self.fails:
            raise RuntimeError("on purpose")
        return F.dropout(torch.tanh(h) + torch.randn_like(h), 0.5, training=True)


def state(model: Any) -> Any:
    return {
        "tensors": {key: value.clone() for key, value in model.state_dict().items()},
        "modes": [module.training for module in model.modules()],
        "attributes": [sorted(vars(module)) for module in model.modules()],
        "own": (model.calls, len(model.seen)),
        "hooks": [
            len(getattr(module, name))
            for module in model.modules()
            for name in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_forward_hooks_with_kwargs")
        ],
        "requires": [p.requires_grad for p in model.parameters()],
        "grads": [p.grad for p in model.parameters()],
        "random": (torch.get_rng_state(), random.getstate(), str(np.random.get_state())),  # noqa: NPY002
    }


def same(one: Any, other: Any) -> bool:
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and one and not isinstance(one[0], int):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("with_inputs", [False, True])
def test_the_model_and_the_random_states_are_as_before(fails: bool, with_inputs: bool) -> None:
    model, inputs = Stateful(fails), [rows()] if with_inputs else []
    model.norm.eval()
    before = state(model)
    if fails and with_inputs:
        with pytest.raises(gd.BadModel, match=r"Stateful.forward raises RuntimeError .* on purpose"):
            structure(model, *inputs)
    else:
        structure(model, *inputs)
    after = state(model)
    assert [key for key in before if not same(before[key], after[key])] == []


def test_a_state_that_is_not_put_back_would_be_noticed() -> None:
    model = Stateful()
    before = state(model)
    model(rows())
    after = state(model)
    assert [key for key in before if not same(before[key], after[key])] == ["tensors", "attributes", "own", "random"]
    with untouched(model):
        model(rows())
    assert same({**state(model), "random": 0}, {**after, "random": 0})


def test_the_fast_path_of_torch_is_enabled_again() -> None:
    structure(nn.TransformerEncoderLayer(WIDTH, 2, 16), torch.randn(3, 2, WIDTH))
    assert torch.backends.mha.get_fastpath_enabled()
    with pytest.raises(gd.BadModel):
        structure(nn.TransformerEncoderLayer(WIDTH, 2, 16), torch.randn(3, 2, WIDTH + 1))
    assert torch.backends.mha.get_fastpath_enabled()


# Refusals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: nn.Linear(2, 2, device="meta"), "weight is on the meta device.*to_empty"),
        (lambda: nn.Sequential(nn.LazyLinear(3)), "0.weight is lazy.*call the model once"),
        (lambda: nn.Linear, "not Linear; make one first"),
        (lambda: torch.relu, "not builtin_function_or_method"),
    ],
)
def test_what_is_no_model_with_values_is_refused(make: Callable[[], Any], match: str) -> None:
    with pytest.raises(gd.BadModel, match=match):
        structure(make())


def test_wrong_inputs_are_refused_with_the_reason() -> None:
    with pytest.raises(gd.BadModel, match="mat1 and mat2 shapes cannot be multiplied"):
        structure(nn.Linear(3, 4), rows())
