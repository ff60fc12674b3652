r"""What the published results say of depth, layers and remedies, measured on real PyTorch layers.

Every expected value is the right-hand side of a result's claim, with numbers put in, and is exact at the width that is
tested: there is no limit in it. One fresh draw of all weights (and masks, and inputs where they are random) is a
*cluster*; its mean square, or whatever the result is about, is one value, and values of several clusters are
independent. Their number is planned from a pilot, so that a claim that is off by the relative `shift` of its case is
refused with probability above ``POWER``, while a right claim is refused with probability at most ``BUDGET`` *in the
whole file*. The same clusters are then compared with spoiled claims, which have to be refused.
"""

from __future__ import annotations

import inspect
import math
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2, skew
from sympy import Expr, Symbol, pi
from sympy.core.function import AppliedUndef

from gainderive import catalog, montecarlo
from gainderive.derivation import items
from gainderive.probability import Mean

torch = pytest.importorskip("torch")
nn, init = torch.nn, torch.nn.init

BUDGET = 1e-7
"""Probability that any right claim in this file is refused."""
POWER = 0.99
"""Probability with which each spoiled claim is refused."""
PILOT, PILOT_DOUBT = 200, 1e-4
"""Clusters in a pilot, and the probability that the variance is larger than the pilot is taken to say."""


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Layers of this size are slower on several threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def claimed(id: str, **values: Any) -> float:
    """Return the right-hand side of a result's claim at values of its symbols, with second moment 1 at the start."""
    expr: Expr = items(catalog.result(id).derivation.claim)[-1].args[1]
    expr = expr.xreplace(dict.fromkeys(expr.atoms(AppliedUndef, Mean), 1))
    named: dict[Symbol, Any] = {symbol: values[symbol.name] for symbol in expr.free_symbols}
    return float(expr.subs(named))


def mean_square(values: Any) -> float:
    return float(values.detach().double().square().mean())


def linear(inputs: int, outputs: int, gain: float = 1.0) -> Any:
    """Return a layer without bias whose weights are drawn by Kaiming's initializer for fan_in."""
    layer = nn.Linear(inputs, outputs, bias=False)
    init.kaiming_normal_(layer.weight, nonlinearity="linear")
    with torch.no_grad():
        layer.weight *= gain
    return layer


def unit(*shape: int) -> Any:
    """Return inputs of mean square exactly 1 along the last dimension, with a mean of their own."""
    values = torch.randn(shape) + 0.3
    return values * values.square().mean(-1, keepdim=True).rsqrt()


# What is drawn: one cluster ----------------------------------------------------------------------------------------


def squared_norms(width: int, depth: int, slope: float) -> float:
    """Return the square of the squared norm behind layers of (Leaky) ReLU with Kaiming's gain, over its start."""
    layers = [linear(width, width, init.calculate_gain("leaky_relu", slope)) for _ in range(depth)]
    network = nn.Sequential(*(part for layer in layers for part in (layer, nn.LeakyReLU(slope))))
    with torch.no_grad():
        return mean_square(network(unit(width))) ** 2


def truncated(std: float) -> float:
    weight = torch.empty(64, 64)
    return mean_square(init.trunc_normal_(weight, std=std, a=-2 * std, b=2 * std)) / std**2


class Block(nn.Module):
    """A residual block ``s + alpha f(norm(s))``, whose branch keeps the second moment."""

    def __init__(self, width: int, alpha: float = 1.0, norm: Any = None) -> None:
        super().__init__()
        self.norm = nn.Identity() if norm is None else norm
        self.alpha = alpha
        self.branch = nn.Sequential(linear(width, 2 * width), nn.ReLU(), linear(2 * width, width, math.sqrt(2)))

    def forward(self, stream: Any) -> Any:
        return stream + self.alpha * self.branch(self.norm(stream))


def residual(width: int, blocks: int, alpha: float, norm: Callable[[int], Any] = lambda width: None) -> float:
    network = nn.Sequential(*(Block(width, alpha, norm(width)) for _ in range(blocks)))
    with torch.no_grad():
        return mean_square(network(unit(4, width)))


def layer_norm(width: int) -> Any:
    return nn.LayerNorm(width, eps=0, elementwise_affine=False)


def divided_by(width: int) -> float:
    """Return what a post-norm block divides the stream's second moment by."""
    return mean_square(Block(width)(layer_norm(width)(torch.randn(4, width))))


def with_dropout(width: int, depth: int, gain: float, drop: float) -> float:
    layers = [(nn.ReLU(), nn.Dropout(drop), linear(width, width, gain)) for _ in range(depth)]
    network = nn.Sequential(linear(width, width), *(part for layer in layers for part in layer)).train()
    with torch.no_grad():
        return mean_square(network(unit(4, width)))


def scores(width: int, heads: int) -> float:
    """Return the mean square of torch's scores for one pair of tokens, with torch's own initialization."""
    attention = nn.MultiheadAttention(width, heads, bias=False)
    query, key, _ = attention.in_proj_weight.chunk(3)
    size = width // heads
    first, second = unit(2, width)
    with torch.no_grad():
        score = ((query @ first) * (key @ second)).view(heads, size).sum(1) / math.sqrt(size)
    return mean_square(score)


def siren(width: int, omega: float) -> float:
    """Return the second moment of the phases of a hidden layer that is initialised as SIREN's authors do."""
    layer = nn.Linear(width, width, bias=False)
    bound = math.sqrt(6 / width) / omega
    init.uniform_(layer.weight, -bound, bound)
    with torch.no_grad():
        return mean_square(omega * layer(unit(4, width) * math.sqrt(0.5)))


def first_sines(omega: float) -> float:
    return mean_square(torch.sin(omega * (2 * torch.rand(4096) - 1)))


def sines(q: float) -> float:
    return mean_square(torch.sin(math.sqrt(q) * torch.randn(4096)))


def convolved_gradient(stride: int, groups: int, dilation: int) -> float:
    """Return the mean square of the gradient at the inputs of a convolution without a border, weights of 1/108."""
    layer = nn.Conv2d(8, 12, 3, stride, dilation, dilation, groups=groups, bias=False, padding_mode="circular")
    init.normal_(layer.weight, std=108**-0.5)
    signal = torch.randn(1, 8, 12, 12, requires_grad=True)
    output = layer(signal)
    output.backward(torch.randn_like(output))
    return mean_square(signal.grad)


def padded(side: int, taps: int) -> float:
    layer = nn.Conv2d(8, 12, taps, padding=taps // 2, bias=False)
    init.kaiming_normal_(layer.weight, nonlinearity="linear")
    with torch.no_grad():
        return mean_square(layer(torch.randn(1, 8, side, side)))


def missing_taps(radius: int) -> float:
    return claimed("GD-0076", l=radius) - claimed("GD-0076", l=0)


def stepped(width: int, rate: float) -> float:
    """Return the mean square of a layer's outputs behind a step of SGD with standard normal gradients."""
    layer, inputs = linear(width, width), unit(width)
    (layer(inputs) * torch.randn(width)).sum().backward()
    torch.optim.SGD(layer.parameters(), rate).step()
    with torch.no_grad():
        return mean_square(layer(inputs))


def pooled(pool: Any, activation: Any) -> float:
    return mean_square(pool(activation(torch.randn(1, 4, 32, 32))))


@dataclass(frozen=True)
class Case:
    """What is drawn, what a result says its mean is, and by which relative shift a claim is spoiled."""

    draw: Callable[[], float]
    expected: Callable[[], float]
    shift: float = 0.05


CASES = {
    "GD-0051": Case(lambda: squared_norms(32, 1, 0.0), lambda: claimed("GD-0051", a=0, n=32), shift=0.1),
    "GD-0051 leaky": Case(lambda: squared_norms(24, 1, 0.5), lambda: claimed("GD-0051", a=0.5, n=24)),
    "GD-0052": Case(lambda: squared_norms(32, 3, 0.0), lambda: claimed("GD-0052", a=0, n=32, l=3), shift=0.2),
    "GD-0052 linear": Case(lambda: squared_norms(32, 3, 1.0), lambda: claimed("GD-0052", a=1, n=32, l=3), shift=0.1),
    "GD-0046": Case(lambda: truncated(0.02), lambda: claimed("GD-0046", b=2)),
    "GD-0056": Case(lambda: residual(48, 3, 1.0), lambda: claimed("GD-0056", alpha=1, l=3)),
    "GD-0056 scaled": Case(lambda: residual(48, 4, 0.5), lambda: claimed("GD-0056", alpha=0.5, l=4)),
    "GD-0058": Case(lambda: residual(48, 4, 1.0, layer_norm), lambda: claimed("GD-0058", m=1, l=4)),
    "GD-0059": Case(lambda: divided_by(48), lambda: 1 / claimed("GD-0059", m=1, alpha=1, l=1)),
    "GD-0061": Case(lambda: with_dropout(64, 1, math.sqrt(2), 0.5), lambda: claimed("GD-0061", p=0.5)),
    "GD-0062": Case(lambda: with_dropout(64, 3, claimed("GD-0062", p=0.75), 0.25), lambda: 1.0),
    "GD-0063": Case(lambda: scores(64, 4), lambda: claimed("GD-0063", d_k=1, v_q=2, M_2=2) ** 2),
    "GD-0064": Case(lambda: sines(0.5), lambda: claimed("GD-0064", q=0.5)),
    "GD-0065": Case(lambda: siren(64, 30), lambda: 1.0),
    "GD-0067": Case(lambda: first_sines(2), lambda: claimed("GD-0067", omega=2)),
    "GD-0071": Case(
        lambda: mean_square(linear(48, 48)(1 + 0.5 * torch.randn(4, 48))),
        lambda: claimed("GD-0071", n_in=48, v=1 / 48, mu=1, sigma=0.5),
    ),
    "GD-0075": Case(
        lambda: convolved_gradient(stride=2, groups=2, dilation=3),
        lambda: claimed("GD-0075", C_out=12, K=9, G=2, S=4) / 108,
    ),
    "GD-0076": Case(lambda: padded(4, 3), lambda: (1 - missing_taps(1) / (3 * 4)) ** 2),
    "GD-0076 wide": Case(lambda: padded(6, 5), lambda: (1 - missing_taps(2) / (5 * 6)) ** 2),
    "GD-0077": Case(lambda: mean_square(nn.Embedding(50, 8)(torch.arange(50))), lambda: claimed("GD-0077", v=1)),
    "GD-0078": Case(lambda: stepped(24, 0.05), lambda: 1 + 0.05**2 * 24**2),
    "GD-0068": Case(
        lambda: pooled(nn.AvgPool2d(2), nn.ReLU()), lambda: 1 / (2 * math.pi) + (1 / 2 - 1 / (2 * math.pi)) / 4
    ),
    "GD-0069": Case(lambda: pooled(nn.MaxPool2d(2), nn.Identity()), lambda: claimed("GD-0069", q=1)),
}
ALPHA = BUDGET / len(CASES)


@cache
def clusters(name: str) -> np.ndarray:
    """Return as many values as catch the case's shift, as a pilot plans it."""
    case = CASES[name]
    torch.manual_seed(zlib.crc32(name.encode()))
    pilot = np.array([case.draw() for _ in range(PILOT)])
    relative = pilot.var(ddof=1) / pilot.mean() ** 2 * (PILOT - 1) / chi2.ppf(PILOT_DOUBT, PILOT - 1)
    size = montecarlo.planned_size(relative, case.shift, ALPHA, POWER, float(skew(pilot)))
    return np.array([case.draw() for _ in range(size)])


@pytest.mark.parametrize("name", CASES)
def test_a_real_layer_does_what_the_result_says(name: str) -> None:
    test = montecarlo.cluster_test(clusters(name), CASES[name].expected(), ALPHA)
    assert test.ok, test


@pytest.mark.parametrize("name", CASES)
def test_a_spoiled_claim_is_refused(name: str) -> None:
    case = CASES[name]
    for spoiled in (1 - case.shift, 1 + 1.2 * case.shift):
        assert not montecarlo.cluster_test(clusters(name), spoiled * case.expected(), ALPHA).ok


@pytest.mark.parametrize(("inputs", "outputs"), [(48, 48), (24, 48)])
def test_an_orthogonal_layer_keeps_every_norm(inputs: int, outputs: int) -> None:
    layer = nn.Linear(inputs, outputs, bias=False, dtype=torch.double)
    init.orthogonal_(layer.weight)
    signal = torch.randn(16, inputs, dtype=torch.double)
    assert torch.allclose(layer(signal).norm(dim=1), signal.norm(dim=1), rtol=1e-12)
    assert mean_square(layer.weight) == pytest.approx(1 / max(inputs, outputs), rel=1e-12)


# What is true in a limit: compared with a stated tolerance instead -------------------------------------------------


def test_batch_norm_makes_the_gradient_grow_as_claimed() -> None:
    """At width 512 and batch 512 the mean of 20 networks is within 2 % per layer of the claim for infinite ones."""
    torch.manual_seed(60)
    width, depth, skipped = 512, 12, 4
    growth = []
    for gain in (0.3, 1.0, 3.0) * 6:
        signal, norms = torch.randn(512, width), []
        for _ in range(depth):
            layer, norm = linear(width, width, gain), nn.BatchNorm1d(width, eps=1e-12)
            normalised = norm(layer(signal)).requires_grad_()
            normalised.retain_grad()
            norms.append(normalised)
            signal = torch.relu(normalised)
        signal.backward(torch.randn_like(signal))
        squares = [mean_square(normalised.grad) for normalised in norms]
        growth += [earlier / later for earlier, later in pairwise(squares[skipped:])]
    assert np.exp(np.mean(np.log(growth))) == pytest.approx(claimed("GD-0060", a=0), rel=0.02)
    assert claimed("GD-0060", a=0) == pytest.approx(float(pi / (pi - 1)), rel=1e-15)


def test_deep_sine_networks_come_to_rest_where_claimed() -> None:
    """At width 2048 one network's second moment is within 3 % of the fixed point, far from 1."""
    torch.manual_seed(66)
    width = 2048
    signal = torch.sin(30 * (2 * torch.rand(8, width) - 1))
    with torch.no_grad():
        for _ in range(8):
            phases = linear(width, width, math.sqrt(2))(signal)
            signal = torch.sin(phases)
    (rest,) = (item.args[1] for item in catalog.result("GD-0066").derivation.claim if item.args[0].name == "q")
    assert mean_square(phases) == pytest.approx(float(rest.start), rel=0.03)


def test_the_published_correction_of_a_truncated_normal_is_the_claimed_one_as_a_double() -> None:
    initializers = pytest.importorskip("jax._src.nn.initializers")
    constant = 0.87962566103423978
    assert "87962566103423978" in inspect.getsource(initializers)
    assert math.sqrt(claimed("GD-0046", b=2)) == pytest.approx(constant, rel=2**-52)
