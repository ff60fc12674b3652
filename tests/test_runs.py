"""Real networks do what was derived: their signals and gradients in depth, and whether they learn.

Seeds are fixed, so a run that is red stays red. Probabilities in the comments are those with which a right prediction
would have been refused when the seeds were chosen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

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
