"""Real networks do what was derived: their signals and gradients in depth, and whether they learn.

Seeds are fixed, so a run that is red stays red. Probabilities in the comments are those with which a right prediction
would have been refused when the seeds were chosen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import gainderive as gd
from gainderive import activations, examples, montecarlo, quadrature

torch = pytest.importorskip("torch")
nn = torch.nn

Array = NDArray[np.float64]


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks of this size are slower on several threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


# -- thirty layers of tanh -------------------------------------------------------------------

DEPTH, WIDTH, NETWORKS = 30, 256, 48
GAINS = {"1": 1.0, "derived": float(gd.gain("tanh")), "torch's": gd.pytorch.calculate_gain("tanh")}
ALPHA = 1e-9
"""For each of the 180 comparisons."""


@dataclass(frozen=True)
class Depths:
    """Second moments layer by layer: of the preactivations, and of the gradient by them; a row for each network."""

    signal: Array
    gradient: Array


@cache
def measured(gain: float) -> Depths:
    signal, gradient = [], []
    for seed in range(NETWORKS):
        model, batch = examples.deep_tanh(gain, depth=DEPTH, width=WIDTH, seed=seed)
        seen, x = [], batch
        for module in model:
            x = module(x)
            if isinstance(module, nn.Linear):
                x.retain_grad()
                seen.append(x)
        *seen, output = seen
        # The output's weights have second moment 1/width, so each unit of the last tanh is given a gradient of 1.
        scale = (WIDTH / output.shape[1]) ** 0.5
        output.backward(scale * torch.randn(output.shape, generator=torch.Generator().manual_seed(seed)))
        signal.append([u.detach().double().square().mean().item() for u in seen])
        gradient.append([u.grad.double().square().mean().item() for u in seen])
    return Depths(np.array(signal), np.array(gradient))


@cache
def predicted(gain: float) -> tuple[Array, Array]:
    """Return the length map's second moments, and those of the gradient, for infinite width."""
    tanh = activations.load("tanh")
    signal = [gain**2]
    for _ in range(DEPTH - 1):
        signal.append(gain**2 * quadrature.mean(tanh.expression**2, signal[-1]).value)
    slopes = [quadrature.mean(tanh.derivative**2, q).value for q in signal]
    gradient = [slopes[-1]]
    for slope in slopes[-2::-1]:
        gradient.append(gradient[-1] * gain**2 * slope)
    return np.array(signal), np.array(gradient[::-1])


def is_met(values: Array, expected: Array, passed: Array) -> list[bool]:
    """Compare means over networks with their expectation, layer by layer.

    A width that is finite shifts the means by relative amounts of the order of 1/width for each layer `passed`.
    """
    tests = [montecarlo.cluster_test(column, e, ALPHA) for column, e in zip(values.T, expected, strict=True)]
    slack = expected * passed / WIDTH
    return [abs(test.mean - test.expected) <= test.bound + more for test, more in zip(tests, slack, strict=True)]


@pytest.mark.parametrize("name", GAINS)
def test_signals_and_gradients_are_what_the_length_map_predicts(name: str) -> None:
    found, (signal, gradient) = measured(GAINS[name]), predicted(GAINS[name])
    layers = np.arange(DEPTH)
    assert all(is_met(found.signal, signal, layers))
    assert all(is_met(found.gradient, gradient, DEPTH - layers))


@pytest.mark.parametrize("name", GAINS)
def test_the_prediction_of_a_gain_two_percent_larger_is_refused(name: str) -> None:
    found, (signal, gradient) = measured(GAINS[name]), predicted(1.02 * GAINS[name])
    layers = np.arange(DEPTH)
    assert not all(is_met(found.signal, signal, layers))
    assert not all(is_met(found.gradient, gradient, DEPTH - layers))


def test_one_gain_keeps_the_signal_one_lets_it_die_and_one_keeps_more_of_it() -> None:
    last = {name: measured(gain).signal[:, -1].mean() for name, gain in GAINS.items()}
    assert last["1"] < 0.03
    assert last["derived"] == pytest.approx(1, abs=0.05)
    assert last["torch's"] > 1.1


# -- a model of characters -------------------------------------------------------------------


def losses(model: Any, seed: int, steps: int = 300) -> tuple[float, float]:
    """Return the loss on all letters at the beginning, and after some hundred steps."""
    contexts, letters = examples.characters()
    source = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def on_all() -> float:
        with torch.no_grad():
            return nn.functional.cross_entropy(model(contexts), letters).item()

    begin = on_all()
    for _ in range(steps):
        batch = torch.randint(len(contexts), (32,), generator=source)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(contexts[batch]), letters[batch]).backward()
        optimizer.step()
    return begin, on_all()


@pytest.mark.parametrize("seed", range(5))
def test_the_model_of_characters_learns_when_it_is_initialised(seed: int) -> None:
    as_made, _ = examples.character_mlp(seed=seed)
    repaired, batch = examples.character_mlp(seed=seed)
    gd.pytorch.initialize_(repaired, batch, generator=torch.Generator().manual_seed(seed))
    wrong, right = losses(as_made, seed), losses(repaired, seed)
    guessing = np.log(27)
    assert wrong[0] > 5 * guessing
    assert right[0] < 1.2 * guessing
    # Three hundred steps do not make good what the scale spoiled: it is still worse than guessing.
    assert right[1] < 0.8 * guessing < guessing < wrong[1]
    assert wrong[1] - right[1] > 2


# -- residual sums ---------------------------------------------------------------------------


def outputs(model: Any, batch: Any, parts: Any) -> list[float]:
    """Return the second moments of what the `parts` of a model give, in the order in which they are called."""
    found: list[float] = []
    hooks = [part.register_forward_hook(lambda *call: found.append(call[2].square().mean().item())) for part in parts]
    with torch.no_grad():
        model(batch)
    for hook in hooks:
        hook.remove()
    return found


@pytest.mark.parametrize("seed", range(3))
def test_a_residual_network_without_normalisation_keeps_its_signal(seed: int) -> None:
    model, batch = examples.resnet(blocks=6, normalised=False, seed=seed)
    torchs = outputs(model, batch, model.blocks)
    gd.pytorch.initialize_(model, batch, generator=torch.Generator().manual_seed(seed))
    derived = outputs(model, batch, model.blocks)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for module in model.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight)
    he = outputs(model, batch, model.blocks)
    assert torchs[-1] < 0.05
    assert he[-1] > 1e4
    assert 0.3 < min(derived) <= max(derived) < 3


@pytest.mark.parametrize("depth", [4, 16])
@pytest.mark.parametrize("name", ["transformer", "pre_norm_transformer"])
def test_the_stream_of_a_transformer_does_not_grow_with_its_depth(name: str, depth: int) -> None:
    model, batch = getattr(examples, name)(depth=depth)
    layers = model[1].layers if name == "transformer" else model.layers
    gd.pytorch.initialize_(model, batch, generator=torch.Generator().manual_seed(0))
    derived = outputs(model, batch, layers)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        for module in model.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_normal_(module.weight)
    xavier = outputs(model, batch, layers)
    # It begins with 1, and all branches together add at most 1: an attention averages, so its part is smaller.
    assert 1 < derived[-1] < 2
    assert xavier[-1] > 1 + depth / 2


# -- what the diagnosis says of them ---------------------------------------------------------


def test_the_model_of_characters_has_weights_too_large_until_it_is_initialised() -> None:
    model, batch = examples.character_mlp()
    found = gd.pytorch.diagnose(model, batch).findings
    assert [(finding.cause, finding.layer) for finding in found] == [
        ("weights_too_large", "2"),
        ("weights_too_large", "4"),
    ]
    gd.pytorch.initialize_(model, batch, generator=torch.Generator().manual_seed(0))
    assert gd.pytorch.diagnose(model, batch).findings == ()


def test_a_deep_rectified_network_as_torch_makes_it_has_weights_too_small() -> None:
    model, batch = examples.mlp("relu")
    (finding,) = gd.pytorch.diagnose(model, batch).findings
    assert (finding.cause, finding.result_id) == ("weights_too_small", "GD-0018")
    gd.pytorch.initialize_(model, batch, generator=torch.Generator().manual_seed(0))
    assert gd.pytorch.diagnose(model, batch).findings == ()


@pytest.mark.parametrize("name", ["resnet", "siren", "transformer", "pre_norm_transformer"])
def test_healthy_models_are_found_healthy_before_and_after_initialisation(name: str) -> None:
    model, batch = getattr(examples, name)()
    assert gd.pytorch.diagnose(model, batch).findings == ()
    gd.pytorch.initialize_(model, batch, generator=torch.Generator().manual_seed(0))
    assert gd.pytorch.diagnose(model, batch).findings == ()


def test_the_second_moments_of_residual_sums_are_those_of_the_model() -> None:
    model, batch = examples.resnet()
    seen: list[float] = []
    block = model.blocks[2]

    def watch(*call: Any) -> None:
        branch = block.norm2(block.conv2(nn.functional.relu(block.norm1(block.conv1(call[1][0])))))
        seen.append((block.shortcut(call[1][0]) + branch).square().mean().item())

    handle = block.register_forward_hook(watch)
    with torch.no_grad():
        model(batch)
    handle.remove()
    model, batch = examples.resnet()
    report = gd.pytorch.diagnose(model, batch)
    (layer,) = (layer for layer in report.layers if layer.name == "blocks.2.shortcut")
    assert layer.u.second_moment == pytest.approx(seen[0], rel=1e-5)
