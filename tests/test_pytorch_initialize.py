r"""The initialization of models: what is set, by which rule, with which law, and what it makes of the second moment.

**Laws.** The sum of squares of `n` normal weights over their variance is :math:`\chi^2_n`; it has to lie between the
quantiles at ``ALARM / 2`` and ``1 - ALARM / 2``. Of other laws the support is checked too.

**Propagation.** Several expected values are exact at any width, because given its inputs of mean square 1 a layer with
normal weights has normal preactivations: those of the layer after it, of a residual sum of homogeneous branches, of a
gated unit, of a head's scores. One fresh draw of all weights is a cluster; the mean over ``CLUSTERS`` of them has to
lie within as many standard errors of the expected one as Student's law gives for ``ALARM``. A wrong rule is planted
each time, and has to be refused by the same interval. The seeds are fixed, so that whatever passes once passes always.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import gainderive as gd
from gainderive.pytorch import initialize_
from gainderive.pytorch.initialization import _changes
from gainderive.pytorch.initialization._draw import CUT, truncated_share

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Let small tensors not wait for threads on a machine that is busy."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


ALARM = 1e-9
"""Probability that a right law, or a right mean, is refused by one comparison; there are some hundreds in this file."""
CLUSTERS = 16


def seeded(seed: int) -> Any:
    return torch.Generator().manual_seed(seed)


def mean_square(values: Any) -> float:
    return float(values.detach().double().square().mean())


def normalised(*shape: int) -> Any:
    """Return inputs whose rows have mean square 1 exactly."""
    x = torch.randn(*shape)
    return x / x.square().mean(-1, keepdim=True).sqrt()


def interval(values: Any) -> tuple[float, float]:
    """Return where the mean of the clusters may lie."""
    sample = np.asarray(values)
    reach = stats.t.ppf(1 - ALARM / 2, len(sample) - 1) * sample.std(ddof=1) / math.sqrt(len(sample))
    return sample.mean() - reach, sample.mean() + reach


def clusters(measure: Callable[[], float]) -> tuple[float, float]:
    torch.manual_seed(0)
    return interval([measure() for _ in range(CLUSTERS)])


def state(model: Any) -> dict[str, Any]:
    return {key: value.clone() for key, value in model.state_dict().items()}


def unchanged(model: Any, before: dict[str, Any]) -> bool:
    after = model.state_dict()
    return before.keys() == after.keys() and all(torch.equal(before[key], after[key]) for key in before)


# Models ---------------------------------------------------------------------------------------------------------------


class Branch(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x: Any) -> Any:
        return x + self.second(F.relu(self.first(x)))


class Normed(nn.Module):
    """A branch that ends in a normalisation, as in a ResNet."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(width, width), nn.Linear(width, width)
        self.norm1, self.norm2 = nn.BatchNorm1d(width), nn.BatchNorm1d(width)

    def forward(self, x: Any) -> Any:
        return F.relu(x + self.norm2(self.second(F.relu(self.norm1(self.first(x))))))


class Gated(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.up, self.gate, self.down = (nn.Linear(width, width) for _ in range(3))

    def forward(self, x: Any) -> Any:
        return self.down(self.up(x) * F.silu(self.gate(x)))


class Scores(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(width, width) for _ in range(3))

    def scores(self, x: Any) -> Any:
        q, k = (layer(x).unflatten(-1, (4, -1)).transpose(1, 2) for layer in (self.q, self.k))
        return q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])

    def forward(self, x: Any) -> Any:
        v = self.v(x).unflatten(-1, (4, -1)).transpose(1, 2)
        return (self.scores(x).softmax(-1) @ v).transpose(1, 2).flatten(2)


class Words(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(50, 64, padding_idx=3), nn.Embedding(8, 64)
        self.head = nn.Linear(64, 50)

    def embedded(self, i: Any) -> Any:
        return self.words(i) + self.places(torch.arange(8))

    def forward(self, i: Any) -> Any:
        return self.head(self.embedded(i))


class Siren(nn.Module):
    def __init__(self, width: int = 128) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2, width), nn.Linear(width, width), nn.Linear(width, width)])
        self.last = nn.Linear(width, 1)

    def forward(self, x: Any) -> Any:
        for layer in self.layers:
            x = torch.sin(30 * layer(x))
        return self.last(x)


def mlp(*activations: Any, width: int = 64) -> Any:
    layers = [part for activation in activations for part in (nn.Linear(width, width), activation)]
    return nn.Sequential(*layers, nn.Linear(width, width))


# The rules ------------------------------------------------------------------------------------------------------------


def test_each_layer_gets_the_gain_of_its_follower() -> None:
    plan = initialize_(mlp(nn.Tanh(), nn.LeakyReLU(0.2), nn.GELU()), dry_run=True)
    gains = [float(gd.gain("tanh")), float(gd.gain("leaky_relu", negative_slope=0.2)), float(gd.gain("gelu")), 1.0]
    assert [setting.gain for setting in plan] == gains
    assert [setting.after for setting in plan] == [gain / 8 for gain in gains]
    assert [setting.id for setting in plan] == ["GD-0008", "GD-0006", "GD-0031", "GD-0004"]
    assert plan.biases == ("0.bias", "2.bias", "4.bias", "6.bias")


def test_or_of_its_feeder() -> None:
    plan = initialize_(mlp(nn.Tanh(), nn.SELU()), convention="feeder", dry_run=True)
    assert [setting.gain for setting in plan] == [1.0, float(gd.gain("tanh")), float(gd.gain("selu"))]


@pytest.mark.parametrize(("mode", "fan"), [("fan_in", 18), ("fan_out", 36), ("fan_avg", 27)])
def test_modes_and_criteria(mode: str, fan: float) -> None:
    model = nn.Sequential(nn.Conv2d(2, 4, 3), nn.SiLU())
    plan = initialize_(model, criterion="backward", mode=mode, dry_run=True)
    assert plan["0"].after == pytest.approx(float(gd.gain("silu", "backward")) / math.sqrt(fan))


def test_branches_share_what_they_add() -> None:
    model = nn.Sequential(nn.Linear(32, 32), *(Branch(32) for _ in range(5)), nn.Linear(32, 3))
    plan = initialize_(model, dry_run=True)
    assert [plan[f"{i}.second"].gain for i in range(1, 6)] == [1 / math.sqrt(5)] * 5
    assert [plan[f"{i}.first"].gain for i in range(1, 6)] == [math.sqrt(2)] * 5
    assert "5 branches" in plan["1.second"].why
    assert plan["1.second"].ids == ("GD-0004", "GD-0057")


def test_a_normalisation_at_the_end_of_a_branch_carries_its_scale() -> None:
    model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), Normed(8), Normed(8))
    model(torch.randn(16, 8))
    plan = initialize_(model)
    assert plan["2.second"].gain == 1.0
    assert "taken out by normalisation" in plan["2.second"].why
    assert model[2].norm2.weight.tolist() == pytest.approx([1 / math.sqrt(2)] * 8)
    assert model[2].norm1.weight.tolist() == [1.0] * 8
    assert plan.statistics == ("2.norm1", "2.norm2", "3.norm1", "3.norm2")
    assert model[2].norm1.running_mean.abs().max() == 0
    assert model[2].norm1.num_batches_tracked == 0


def test_sine_networks_follow_their_paper() -> None:
    model = Siren()
    plan = initialize_(model, generator=seeded(1))
    bounds = [1 / 2, math.sqrt(6 / 128) / 30, math.sqrt(6 / 128) / 30, math.sqrt(6 / 128) / 30]
    for layer, bound in zip([*model.layers, model.last], bounds, strict=True):
        assert bound * 0.95 < layer.weight.abs().max() <= bound
    assert [setting.law for setting in plan] == ["uniform"] * 4


def test_a_plain_sine_has_an_ordinary_gain() -> None:
    class Plain(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(4, 4)

        def forward(self, x: Any) -> Any:
            return torch.sin(self.layer(x))

    assert initialize_(Plain(), dry_run=True)["layer"].gain == pytest.approx(float(gd.gain("sin")))


def test_embeddings_begin_the_stream_and_padding_stays_0() -> None:
    model = Words()
    plan = initialize_(model, torch.randint(50, (2, 8)))
    assert [plan[name].after for name in ("words", "places")] == [1 / math.sqrt(2)] * 2
    assert model.words.weight[3].abs().max() == 0
    assert model.words.weight[4].abs().max() > 0


def test_tied_weights_are_set_once_as_an_output() -> None:
    model = Words()
    model.head.weight = model.words.weight
    plan = initialize_(model, torch.randint(50, (2, 8)))
    assert [setting.parameter for setting in plan] == ["head.weight", "places.weight"]
    assert plan["head"].after == pytest.approx(1 / 8)
    assert "words.weight" in plan["head"].why
    assert model.head.weight is model.words.weight


def test_layers_that_are_called_twice_are_set_once() -> None:
    shared = nn.Linear(8, 8)
    plan = initialize_(nn.Sequential(shared, nn.ReLU(), shared, nn.Tanh(), nn.Linear(8, 1)), dry_run=True)
    assert [setting.parameter for setting in plan] == ["0.weight", "4.weight"]
    assert "called 2 times" in plan["0"].why


@pytest.mark.parametrize("frozen", ["0.weight", "0.bias"])
def test_what_is_frozen_is_left_and_named(frozen: str) -> None:
    model = mlp(nn.ReLU())
    model.get_parameter(frozen).requires_grad_(False)
    before = state(model)
    plan = initialize_(model)
    assert plan.left == (f"{frozen}: frozen (requires_grad is False)",)
    changed = [key for key, value in model.state_dict().items() if not torch.equal(value, before[key])]
    assert sorted([*changed, frozen]) == sorted(before)


def test_what_is_no_weight_of_a_layer_is_left_and_named() -> None:
    class Extra(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer, self.token = nn.Linear(4, 4), nn.Parameter(torch.randn(4))
            self.cell = nn.GRU(4, 4)

        def forward(self, x: Any) -> Any:
            return self.cell(torch.relu(self.layer(x) + self.token))[0]

    plan = initialize_(Extra(), torch.randn(3, 2, 4))
    assert plan.left[0].startswith("cell.weight_ih_l0: no rule is derived for recurrent weights")
    assert plan.left[-1] == "token: no layer's weight or bias, and no normalisation's"
    assert [setting.parameter for setting in plan] == ["layer.weight"]


def test_parametrized_weights() -> None:
    from torch.nn.utils.parametrizations import spectral_norm, weight_norm

    model = nn.Sequential(weight_norm(nn.Linear(64, 64)), nn.ReLU(), spectral_norm(nn.Linear(64, 64)))
    before = model[2].parametrizations.weight.original.clone()
    plan = initialize_(model, generator=seeded(3))
    twin = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64))
    initialize_(twin, generator=seeded(3))
    torch.testing.assert_close(model[0].weight, twin[0].weight)
    assert plan.left == ("2.weight: its weight is computed by SpectralNorm, which settles its scale",)
    assert torch.equal(model[2].parametrizations.weight.original, before)


def test_every_result_that_a_rule_cites_exists() -> None:
    root = Path(__file__).parents[1]
    sources = "".join(path.read_text() for path in (root / "gainderive/pytorch/initialization").glob("*.py"))
    cited = set(re.findall(r"GD-(\d{4})", sources))
    assert len(cited) > 8
    assert cited <= {path.name[2:6] for path in (root / "derivations").glob("gd*.py")}


# What there is no gain for --------------------------------------------------------------------------------------------


class Applied(nn.Module):
    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self.layer, self.last, self.function = nn.Linear(4, 4), nn.Linear(4, 4), function

    def forward(self, x: Any) -> Any:
        return self.last(self.function(self.layer(x)))


def test_the_forward_gain_stands_in_for_one_that_is_not_there() -> None:
    setting = initialize_(Applied(torch.tanh), criterion="activation", dry_run=True)["layer"]
    assert setting.gain == float(gd.gain("tanh"))
    assert "its forward gain, because tanh has no activation gain" in setting.why


def test_of_several_gains_the_one_nearest_to_the_forward_gain() -> None:
    with pytest.raises(gd.SeveralGains) as several:
        gd.gain("exp(-x**2)*6*x**2", "activation")
    setting = initialize_(Applied(lambda u: torch.exp(-(u**2)) * 6 * u**2), criterion="activation", dry_run=True)[
        "layer"
    ]
    forward = float(gd.gain("exp(-x**2)*6*x**2"))
    roots = [float(root) for root in several.value.roots]
    assert setting.gain == pytest.approx(min(roots, key=lambda root: abs(math.log(root / forward))))
    assert f"{len(roots)} activation gains" in setting.why


def test_1_stands_in_where_there_is_no_gain_at_all() -> None:
    setting = initialize_(Applied(lambda u: torch.exp(u**2)), dry_run=True)["layer"]
    assert setting.gain == 1.0
    assert "1 stands in for its gain" in setting.why


def test_a_function_without_a_formula_has_an_estimated_gain() -> None:
    setting = initialize_(Applied(torch.special.bessel_j1), dry_run=True)["layer"]
    assert setting.gain == pytest.approx(float(gd.gain(torch.special.bessel_j1)))
    assert "estimated" in setting.why


# Laws -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("law", ["normal", "uniform", "truncated_normal", "orthogonal"])
@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16", "float16"])
def test_laws_have_the_second_moment_that_was_asked_for(law: str, dtype: str) -> None:
    model = nn.Sequential(nn.Linear(300, 200), nn.ReLU()).to(getattr(torch, dtype))
    plan = initialize_(model, distribution=law, generator=seeded(5))
    weight = model[0].weight.detach().double()
    assert model[0].weight.dtype == getattr(torch, dtype)
    std = plan["0"].after
    assert std == pytest.approx(math.sqrt(2 / 300))
    total, count = float(weight.square().sum()) / std**2, weight.numel()
    rounding = 2 * float(torch.finfo(getattr(torch, dtype)).eps)
    low, high = (float(stats.chi2.ppf(p, count)) for p in (ALARM / 2, 1 - ALARM / 2))
    # The square of every other law here varies less than that of a normal one.
    assert low * (1 - rounding) <= total <= high * (1 + rounding)
    assert not low <= total * 1.1**2 <= high
    assert not low <= total / 1.1**2 <= high
    if law == "uniform":
        assert weight.abs().max() <= math.sqrt(3) * std * (1 + rounding)
    if law == "truncated_normal":
        assert 0.99 < weight.abs().max() * truncated_share() / (CUT * std) <= 1 + rounding
    if law == "orthogonal":
        product = weight @ weight.T * (200 / float(weight.square().sum()))
        assert (product - torch.eye(200)).abs().max() < 1e-5 + 20 * rounding


def test_the_truncated_share_is_that_of_scipy() -> None:
    assert truncated_share() == pytest.approx(stats.truncnorm(-CUT, CUT).std(), rel=1e-12)


@pytest.mark.parametrize(
    ("law", "reference"), [("normal", stats.norm()), ("uniform", stats.uniform(-(3**0.5), 12**0.5))]
)
def test_laws_are_what_they_are_called(law: str, reference: Any) -> None:
    model = nn.Linear(100, 100)
    plan = initialize_(model, distribution=law, generator=seeded(7))
    sample = model.weight.detach().double().numpy().ravel() / plan.settings[0].after
    assert stats.kstest(sample, reference.cdf).pvalue > ALARM
    assert stats.kstest(1.2 * sample, reference.cdf).pvalue < ALARM


def test_queries_keys_and_values_are_orthogonal_matrices_each() -> None:
    model = nn.MultiheadAttention(16, 2)
    plan = initialize_(model, (torch.randn(3, 2, 16),) * 3, distribution="orthogonal")
    assert plan["in_proj"].after == pytest.approx(1 / 4)
    for part in model.in_proj_weight.chunk(3):
        torch.testing.assert_close(part @ part.T, torch.eye(16), atol=1e-5, rtol=0)


# What becomes of the second moment ------------------------------------------------------------------------------------

HOMOGENEOUS = [nn.ReLU(), nn.LeakyReLU(0.3), nn.PReLU(init=0.5), nn.Identity()]


@settings(max_examples=6)
@given(
    activations=st.lists(st.sampled_from(HOMOGENEOUS), min_size=1, max_size=4),
    convention=st.sampled_from(["follower", "feeder"]),
    law=st.sampled_from(["normal", "uniform"]),
)
def test_homogeneous_chains_keep_the_second_moment(activations: list[Any], convention: str, law: str) -> None:
    model = mlp(*activations, width=96)
    layers = [layer for layer in model if isinstance(layer, nn.Linear)]
    found: dict[Any, list[float]] = {layer: [] for layer in layers}
    torch.manual_seed(0)
    for layer in layers:
        layer.register_forward_hook(lambda layer, _, output: found[layer].append(mean_square(output)))
    for _ in range(CLUSTERS):
        # Of these functions only the symmetry of the preactivations' law is asked, which all laws here have.
        plan = initialize_(model, convention=convention, distribution=law)
        model(normalised(4, 96))
    for layer, setting in zip(layers, plan, strict=True):
        expected = setting.gain**2 if convention == "follower" else 1.0
        low, high = interval(found[layer])
        assert low < expected < high
        assert not low < 4 * expected < high


@pytest.mark.parametrize("activation", [nn.Tanh(), nn.GELU(), nn.Softplus(2.0), nn.ELU(0.5), nn.Sigmoid()])
def test_the_second_layer_has_second_moment_1(activation: Any) -> None:
    model = nn.Sequential(nn.Linear(64, 400), activation, nn.Linear(400, 400))

    def measure(factor: float = 1.0) -> float:
        initialize_(model, convention="feeder")
        return mean_square(model(normalised(32, 64))) * factor

    low, high = clusters(measure)
    assert low < 1 < high
    low, high = clusters(lambda: measure(2.0))
    assert not low < 1 < high


def test_a_residual_stream_grows_by_less_than_e() -> None:
    blocks = 5
    model = nn.Sequential(*(Branch(64) for _ in range(blocks)))

    def measure(factor: float = 1.0) -> float:
        initialize_(model)
        for block in model:
            block.second.weight.data.mul_(factor)
        return mean_square(model(normalised(8, 64)))

    low, high = clusters(measure)
    assert low < (1 + 1 / blocks) ** blocks < math.e
    assert high > (1 + 1 / blocks) ** blocks
    low, high = clusters(lambda: measure(math.sqrt(blocks)))  # Without the rule it doubles with every block.
    assert low < 2**blocks < high


def test_a_gated_unit_keeps_the_second_moment() -> None:
    model = Gated(128)

    def measure(factor: float = 1.0) -> float:
        plan = initialize_(model)
        assert plan["down"].id == "GD-0041"
        return mean_square(model(normalised(16, 128))) * factor

    low, high = clusters(measure)
    assert low < 1 < high
    low, high = clusters(lambda: measure(float(gd.gain("silu")) ** 2))
    assert not low < 1 < high


def test_scores_of_an_attention_have_second_moment_1() -> None:
    model = Scores(64)

    def measure(factor: float = 1.0) -> float:
        x = normalised(4, 8, 64)
        assert {setting.role for setting in initialize_(model, x)} == {"query_key", "value"}
        return mean_square(model.scores(x)) * factor

    low, high = clusters(measure)
    assert low < 1 < high
    low, high = clusters(lambda: measure(4.0))
    assert not low < 1 < high


def test_embeddings_add_up_to_second_moment_1() -> None:
    model, inputs = Words(), torch.randint(4, 50, (16, 8))

    def measure(factor: float = 1.0) -> float:
        initialize_(model, inputs)
        return mean_square(model.embedded(inputs)) * factor

    low, high = clusters(measure)
    assert low < 1 < high
    low, high = clusters(lambda: measure(2.0))
    assert not low < 1 < high


# Nothing else happens -------------------------------------------------------------------------------------------------


def test_a_dry_run_changes_nothing_and_draws_nothing() -> None:
    model = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(), nn.Linear(8, 1))
    model(torch.randn(4, 8))
    before, random = state(model), torch.get_rng_state()
    plan = initialize_(model, torch.randn(4, 8, generator=seeded(0)), dry_run=True)
    assert unchanged(model, before)
    assert torch.equal(random, torch.get_rng_state())
    assert not plan.applied
    assert all(module.training for module in model.modules())
    applied = initialize_(model)
    assert applied.applied
    assert not unchanged(model, before)
    assert [vars(s) | {"before": 0} for s in plan] == [vars(s) | {"before": 0} for s in applied]


def test_equal_seeds_give_equal_weights() -> None:
    one, other = mlp(nn.GELU()), mlp(nn.GELU())
    initialize_(one, generator=seeded(11))
    initialize_(other, generator=seeded(11))
    assert unchanged(one, state(other))
    torch.manual_seed(11)
    initialize_(other)
    assert unchanged(one, state(other))
    initialize_(other, generator=seeded(12))
    assert not unchanged(one, state(other))


def test_parameters_stay_the_same_objects() -> None:
    model = mlp(nn.GELU())
    before = list(map(id, model.parameters()))
    initialize_(model)
    assert list(map(id, model.parameters())) == before


def test_an_error_while_drawing_leaves_the_model_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    model = mlp(nn.ReLU(), nn.ReLU())
    before, calls = state(model), []
    real = _changes.drawn

    def breaks(*args: Any) -> Any:
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError("out of memory")
        return real(*args)

    monkeypatch.setattr(_changes, "drawn", breaks)
    with pytest.raises(RuntimeError, match="out of memory"):
        initialize_(model)
    assert unchanged(model, before)


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"criterion": "fordward"}, gd.UnknownCriterion, "Did you mean 'forward'"),
        ({"mode": "fanin"}, gd.BadParameter, "mode is 'fan_in' or .* Did you mean 'fan_in'"),
        ({"distribution": "gauss"}, gd.BadParameter, "'normal' or 'uniform'"),
        ({"convention": None}, gd.BadParameter, "not None"),
        ({"generator": 3}, gd.BadParameter, r"torch.Generator\(\).manual_seed\(0\), not int"),
        ({"example": (torch.randn(2, 3),)}, gd.BadModel, "cannot be multiplied"),
    ],
)
def test_bad_input_is_refused_and_changes_nothing(options: dict[str, Any], error: type[Exception], match: str) -> None:
    model = mlp(nn.ReLU())
    before = state(model)
    with pytest.raises(error, match=match):
        initialize_(model, **options)
    assert unchanged(model, before)


def test_models_without_values_are_refused() -> None:
    with pytest.raises(gd.BadModel, match="meta device"):
        initialize_(nn.Linear(2, 2, device="meta"))
    with pytest.raises(gd.BadModel, match="lazy"):
        initialize_(nn.Sequential(nn.LazyConv2d(2, 3)))


@pytest.mark.parametrize("example", [torch.ones(2, 64), (torch.ones(2, 64),), {"input": torch.ones(2, 64)}])
def test_examples_are_one_input_several_or_named_ones(example: Any) -> None:
    assert initialize_(mlp(nn.ReLU()), example, dry_run=True).how == "run"


# The plan as people read it -------------------------------------------------------------------------------------------


def test_a_plan_prints_as_a_table_with_reasons() -> None:
    plan = initialize_(mlp(nn.Tanh()), dry_run=True, generator=seeded(0))
    text = str(plan)
    assert "would be initialised (nothing has been changed)" in text
    assert "0.weight  linear  64 → 64       tanh      1.5925  GD-0008  normal" in text
    assert "  1. followed by tanh" in text
    assert "0: 0.bias, 2.bias" in text
    assert repr(plan) == text
    assert max(map(len, text.splitlines())) <= 120
    assert "<table" in plan._repr_html_()
    assert json.loads(plan.to_json())["settings"][0]["ids"] == ["GD-0008"]
    with pytest.raises(KeyError):
        plan["nowhere"]


def test_a_model_without_layers_has_an_empty_plan() -> None:
    plan = initialize_(nn.Sequential(nn.ReLU()))
    assert plan.settings == ()
    assert "Sequential is initialised" in str(plan)
