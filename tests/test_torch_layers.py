r"""Gains tested on real PyTorch layers: fresh weights, forward and backward, at finite width, with stated error rates.

**What is expected.** Let a layer draw independent weights with mean 0 and variance `v` (any distribution), let
`terms` of them meet in one output, and let its input have the mean second moment `s`, independent of the weights.
Then :math:`E u^2 = \sum_{jk} E[W_j W_k]\, E[h_j h_k] = v\,\mathrm{terms}\,s`, *exactly and at any width*: there is no
large-width limit in any expected value of this file. Three claims follow.

1. `preactivation`: inputs of mean square 1 give :math:`E u^2 = v\,\mathrm{terms}`.
2. `length_map`: if the layer before gives preactivations :math:`u_1 \sim N(0, q)` (its inputs have mean square
   exactly 1, its weights are normal of variance `q/fan_in`), then :math:`E u^2 = v\,\mathrm{terms}\,M_2(q)`. For a
   homogeneous activation (:math:`\phi(cu) = c\,\phi(u)`, `c > 0`) any symmetric distribution of these weights will
   do, since then :math:`E\phi(u)^2 = \frac{1}{2}(\phi(1)^2 + \phi(-1)^2) E u^2`.
3. `backward`: with :math:`\delta` independent of everything, :math:`E(\partial L/\partial u_1)^2 =
   v\,\mathrm{terms}'\,D(q)\,\overline{\delta^2}`, with `terms'` the number of outputs that an input meets.

Kaiming initializers have :math:`v = g^2/\mathrm{fan}`, Xavier ones :math:`v = 2 g^2/(\mathrm{fan_{in}} +
\mathrm{fan_{out}})`, with torch's fans.

**What is tested.** Units share their input and samples share the weights, so neither are independent. One fresh draw
of all weights and inputs is a *cluster*; its mean square is one value, and the values of several clusters are
independent. Their number is planned from a pilot so that a gain that is off by 1 % is refused with probability above
``POWER``, while a right gain is refused with probability at most ``BUDGET`` *in the whole file*. Layers compute in
single precision, whose rounding (1e-6 of a mean square at most) is below a thousandth of every bound.
"""

from __future__ import annotations

import inspect
import math
import typing
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any
from unittest import mock

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st
from scipy.stats import chi2, skew
from sympy import Expr, Max, Min, exp, tanh

import gainderive as gd
from gainderive import montecarlo, pieces
from gainderive.symbols import x

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.slow
nn, init, functional = torch.nn, torch.nn.init, torch.nn.functional

BUDGET = 1e-7
"""Probability that any of the right gains in this file is refused."""
POWER = 0.999
"""Probability with which each gain that is off by 1 % is refused."""
ERRORS = (0.99, 1.01)
"""The gains planted in the tests of the tests, relative to the right one."""
SHIFT = min(abs(1 - error**-2) for error in ERRORS)
"""The smaller of the shifts that they cause, relative to the mean that they produce."""
VARIANCE = 3e-3
"""Relative variance of a cluster to aim at by the choice of widths."""
EXAMPLES = 4
"""Cases drawn for each claim and entry."""
PILOT = 200
"""Clusters in a pilot, which the test itself does not use."""
PILOT_DOUBT = 1e-4
"""Probability that the variance is larger than the pilot is taken to say."""


# The activations and layers of torch's table --------------------------------------------------------------------------


@dataclass(frozen=True)
class Layer:
    """A kind of layer: `dims` spatial dimensions (0: fully connected), ordinary or transposed convolution."""

    make: Any
    dims: int = 0
    transposed: bool = False


LAYERS = {
    "linear": Layer(nn.Linear),
    "conv1d": Layer(nn.Conv1d, 1),
    "conv2d": Layer(nn.Conv2d, 2),
    "conv3d": Layer(nn.Conv3d, 3),
    "conv_transpose1d": Layer(nn.ConvTranspose1d, 1, transposed=True),
    "conv_transpose2d": Layer(nn.ConvTranspose2d, 2, transposed=True),
    "conv_transpose3d": Layer(nn.ConvTranspose3d, 3, transposed=True),
}


@dataclass(frozen=True)
class Entry:
    """A row of torch's table: `phi` as an expression and as torch computes it, and the `layers` it is tested on."""

    phi: Callable[[float], Expr]
    module: Callable[[float], Callable[[Any], Any]]
    layers: tuple[str, ...] = ("linear", "conv2d")
    has_slope: bool = False


def _leaky(slope: float) -> Expr:
    return Max(x, 0) + sympy.Float(slope, 30) * Min(x, 0)


def _selu(slope: float) -> Expr:
    scale = sympy.Float("1.0507009873554804934193349852946", 30)
    alpha = sympy.Float("1.6732632423543772848170429916717", 30)
    return sympy.Piecewise((scale * x, x > 0), (scale * alpha * (exp(x) - 1), True))


ENTRIES = {name: Entry(lambda slope: x, lambda slope: nn.Identity(), layers=(name,)) for name in LAYERS} | {
    "sigmoid": Entry(lambda slope: 1 / (1 + exp(-x)), lambda slope: torch.sigmoid),
    "tanh": Entry(lambda slope: tanh(x), lambda slope: torch.tanh),
    "relu": Entry(lambda slope: Max(x, 0), lambda slope: torch.relu),
    "leaky_relu": Entry(_leaky, nn.LeakyReLU, has_slope=True),
    "selu": Entry(_selu, lambda slope: functional.selu),
}
ACTIVATIONS = [name for name in ENTRIES if name not in LAYERS]


@cache
def second_moment(f: Expr, q: float) -> float:
    """Return E f(sqrt(q) z)^2 by tanh-sinh quadrature on both sides of 0 (the tails beyond 14 are below 1e-40)."""
    square = sympy.lambdify(x, f**2, "mpmath")
    with mpmath.workdps(25):
        scale = mpmath.sqrt(q)
        return float(mpmath.quad(lambda z: square(scale * z) * mpmath.npdf(z), [-14, -3, 0, 3, 14]))


def mean_share(f: Expr, q: float) -> float:
    """Return the share of the squared mean, (E f)^2 / E f^2, by Gauss-Hermite: three digits, enough to plan widths."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(101)
    values = np.broadcast_to(sympy.lambdify(x, f, "numpy")(math.sqrt(q) * nodes), nodes.shape)
    return float((weights @ values) ** 2 / (weights @ values**2) / weights.sum())


def is_homogeneous(phi: Expr) -> bool:
    parts = pieces.pieces(phi)
    return all(part.lower in (-sympy.oo, 0) and part.expr.coeff(x) * x - part.expr == 0 for part in parts)


# One experiment -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """Everything that hypothesis draws."""

    entry: str
    layer: str
    widths: tuple[int, int] = (64, 64)
    groups: int = 1
    kernel: int = 3
    initializer: str = "kaiming_normal_"
    mode: str = "fan_in"
    first: str = "normal_"
    inputs: str = "rademacher"
    q: float = 1.0
    slope: float = 0.01
    seed: int = 0

    @property
    def phi(self) -> Expr:
        return ENTRIES[self.entry].phi(self.slope)

    @property
    def dims(self) -> int:
        return LAYERS[self.layer].dims

    @property
    def taps(self) -> int:
        return int(self.kernel**self.dims)

    @property
    def terms(self) -> int:
        """Weights that meet in one output, counted by hand."""
        return self.widths[0] // self.groups * self.taps

    @property
    def terms_back(self) -> int:
        """Outputs that one input meets, counted by hand."""
        return self.widths[1] // self.groups * self.taps

    @property
    def fans(self) -> tuple[int, int]:
        """The fans that torch uses: size 1, and size 0, of the weight times the taps.

        A convolution's weight has shape ``(out, in/groups, ...)``, so fan_in is `terms`; a transposed one's has shape
        ``(in, out/groups, ...)``: its fan_in is the number of outputs that an input meets.
        """
        rows, columns = self.widths[::-1] if not LAYERS[self.layer].transposed else self.widths
        return columns // self.groups * self.taps, rows * self.taps

    @property
    def variance(self) -> float:
        """Variance of a weight for gain 1."""
        fan_in, fan_out = self.fans
        if self.initializer.startswith("xavier"):
            return 2 / (fan_in + fan_out)
        return 1 / (fan_in if self.mode == "fan_in" else fan_out)

    def torch_gain(self) -> float:
        return float(init.calculate_gain(self.entry, self.slope if ENTRIES[self.entry].has_slope else None))

    def initialize(self, weight: Any) -> None:
        """Call torch's own initializer as a user would."""
        if self.initializer.startswith("xavier"):
            getattr(init, self.initializer)(weight, gain=self.torch_gain())
        else:
            getattr(init, self.initializer)(weight, a=self.slope, mode=self.mode, nonlinearity=self.entry)

    def build(self) -> Any:
        layer = LAYERS[self.layer]
        if layer.dims == 0:
            return layer.make(*self.widths, bias=False)
        padding = {} if layer.transposed else {"padding": self.kernel // 2, "padding_mode": "circular"}
        return layer.make(*self.widths, self.kernel, groups=self.groups, bias=False, **padding)

    def shape(self, channels: int) -> tuple[int, ...]:
        """Shape of a batch: as many samples as make good use of one draw of the weights."""
        side = {0: 1, 1: 8, 2: 4, 3: 3}[self.dims] + LAYERS[self.layer].transposed
        samples = {0: 64, 1: 8, 2: 4, 3: 2}[self.dims]
        return (samples, channels, *[side] * self.dims)

    def interior(self, output: Any) -> Any:
        """Outputs that all taps reach: all under circular padding, the inner ones of a transposed convolution."""
        if not LAYERS[self.layer].transposed:
            return output
        inner = slice(self.kernel - 1, 1 - self.kernel or None)
        return output[(..., *[inner] * self.dims)]


INITIALIZERS = ("kaiming_normal_", "kaiming_uniform_", "xavier_normal_", "xavier_uniform_")

INPUTS: dict[str, Callable[[tuple[int, ...]], Any]] = {
    "rademacher": lambda shape: torch.randint(0, 2, shape).float() * 2 - 1,
    "uniform": lambda shape: torch.rand(shape) * 2 - 1,
    "normal": torch.randn,
    "sparse": lambda shape: torch.where(torch.rand(shape) < 0.25, 2.0, -0.3),
    "shifted": lambda shape: torch.randn(shape) + 0.4,
}
"""Distributions of a batch, before every sample is scaled to mean square 1; the last two have a mean other than 0."""


def batch(kind: str, shape: tuple[int, ...], groups: int = 1) -> Any:
    """Return a batch in which, at each position, the channels of each group have mean square exactly 1."""
    values = INPUTS[kind](shape)
    grouped = values.unflatten(1, (groups, shape[1] // groups))
    return (grouped * grouped.square().mean(2, keepdim=True).rsqrt()).flatten(1, 2)


def mean_square(values: Any) -> float:
    return float(values.detach().double().square().mean())


Experiment = tuple[Callable[[], float], float]
"""Draws one cluster's mean square; and the mean of that for gain 1."""


def preactivation(case: Case) -> Experiment:
    layer = case.build()

    def draw() -> float:
        case.initialize(layer.weight)
        with torch.no_grad():
            return mean_square(case.interior(layer(batch(case.inputs, case.shape(case.widths[0]), case.groups))))

    return draw, case.variance * case.terms


class _Before:
    """The layer before, mixing the channels at each position, so that its preactivations have second moment `q`."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.channels = 64
        make = LAYERS[f"conv{case.dims}d" if case.dims else "linear"].make
        self.layer = make(self.channels, case.widths[0], *[1] * (case.dims > 0), bias=False)
        self.activation = ENTRIES[case.entry].module(case.slope)

    def __call__(self) -> Any:
        std = math.sqrt(self.case.q / self.channels)
        if self.case.first == "normal_":
            init.normal_(self.layer.weight, std=std)
        else:
            init.uniform_(self.layer.weight, -math.sqrt(3) * std, math.sqrt(3) * std)
        return self.layer(batch(self.case.inputs, self.case.shape(self.channels)))


def length_map(case: Case) -> Experiment:
    before, layer = _Before(case), case.build()

    def draw() -> float:
        case.initialize(layer.weight)
        with torch.no_grad():
            return mean_square(case.interior(layer(before.activation(before()))))

    return draw, case.variance * case.terms * second_moment(case.phi, case.q)


def backward(case: Case) -> Experiment:
    before, layer = _Before(case), case.build()

    def draw() -> float:
        case.initialize(layer.weight)
        u = before().detach().requires_grad_()
        output = layer(before.activation(u))
        output.backward(batch("normal", tuple(output.shape), case.groups))
        return mean_square(u.grad)

    return draw, case.variance * case.terms_back * second_moment(pieces.derivative(case.phi), case.q)


@st.composite
def cases(draw: st.DrawFn, name: str) -> Case:
    """Cases of one entry, wide enough that some thousand clusters show an error of 1 %."""
    entry = ENTRIES[name]
    layer = draw(st.sampled_from(entry.layers))
    least = {0: 32, 1: 20, 2: 16, 3: 10}[LAYERS[layer].dims]
    slope = draw(st.floats(-1, 1.5)) if entry.has_slope else 0.0
    q = draw(st.floats(0.25, 4))
    phi = entry.phi(slope)
    # Units share the mean activation: alone it gives the cluster a relative variance of 2 share^2 / outputs.
    outputs = max(least, math.ceil(mean_share(phi, q) ** 2 / VARIANCE))
    return Case(
        entry=name,
        layer=layer,
        widths=(2 * draw(st.integers(least, 2 * least)), 2 * draw(st.integers(outputs, max(2 * least, outputs)))),
        groups=draw(st.sampled_from((1, 2))) if LAYERS[layer].dims else 1,
        kernel=draw(st.sampled_from((1, 3))),
        initializer=draw(st.sampled_from(INITIALIZERS)),
        mode=draw(st.sampled_from(("fan_in", "fan_out"))),
        first=draw(st.sampled_from(("normal_", "uniform_"))) if is_homogeneous(phi) else "normal_",
        inputs=draw(st.sampled_from(sorted(INPUTS))),
        q=q,
        slope=slope,
        seed=draw(st.integers(0, 2**32 - 1)),
    )


CLAIMS = {claim.__name__: claim for claim in (preactivation, length_map, backward)}
COMPARISONS = len(CLAIMS) * EXAMPLES * len(ENTRIES) + 2 * len(ACTIVATIONS)
"""At most this many right gains are tested."""
ALPHA = BUDGET / COMPARISONS


@dataclass(frozen=True)
class Evidence:
    """A test's verdict on a gain, and the probability with which it refuses a gain that is off by 1 %."""

    test: montecarlo.ClusterTest
    power: float


def measure(claim: str, case: Case, gain: float) -> Evidence:
    """Plan the number of clusters from a pilot, draw them afresh, and compare with the mean expected for `gain`."""
    torch.manual_seed(case.seed)
    draw, at_one = CLAIMS[claim](case)
    expected = gain**2 * at_one
    pilot = np.array([draw() for _ in range(PILOT)])
    relative = pilot.var(ddof=1) / pilot.mean() ** 2 * (PILOT - 1) / chi2.ppf(PILOT_DOUBT, PILOT - 1)
    size = montecarlo.planned_size(relative, SHIFT, ALPHA, 1 - (1 - POWER) / 2, float(skew(pilot)))
    values = np.array([draw() for _ in range(size)])
    test = montecarlo.cluster_test(values, expected, ALPHA)
    relative = size * (test.standard_error / test.mean) ** 2
    return Evidence(test, montecarlo.power(size, relative, SHIFT, ALPHA, float(skew(values))))


@contextmanager
def torch_says(gain: float) -> Iterator[None]:
    """Let every initializer of torch find `gain` in its table."""
    with mock.patch.object(init, "calculate_gain", return_value=gain):
        yield


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Layers of this size are slower on several threads."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def plain(name: str, **changes: Any) -> Case:
    """Return one case of an entry, on the first of its layers."""
    case = Case(name, ENTRIES[name].layers[0])
    outputs = 2 * math.ceil(mean_share(case.phi, case.q) ** 2 / VARIANCE)
    inputs = {0: 96, 1: 64, 2: 48, 3: 32}[case.dims]
    return replace(case, widths=(inputs, max(inputs, outputs)), **changes)


def torch_table() -> set[str]:
    """Names that the installed torch has a gain for, found by asking it."""
    annotated = typing.get_args(getattr(init, "_NonlinearityType", None))
    written = inspect.getsource(init.calculate_gain).replace('"', " ").split()
    words = {*annotated, *dir(functional), *written}

    def known(name: str) -> bool:
        try:
            init.calculate_gain(name)
        except ValueError:
            return False
        return True

    return {name for name in words if known(name)}


def test_every_entry_of_torchs_table_has_a_row() -> None:
    assert torch_table() == set(ENTRIES)


@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.parametrize("claim", CLAIMS)
def test_layers_have_the_derived_second_moment(claim: str, name: str) -> None:
    # Shrinking would repeat the test with other seeds, and spend more than the budget of false alarms.
    @seed(zlib.crc32(f"{claim} {name}".encode()))
    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=(Phase.explicit, Phase.generate)
    )
    @given(case=cases(name))
    def holds(case: Case) -> None:
        evidence = measure(claim, case, case.torch_gain())
        assert evidence.test.ok, evidence.test
        assert evidence.power > POWER

    holds()


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("name", ENTRIES)
@pytest.mark.parametrize("claim", CLAIMS)
def test_a_gain_off_by_one_percent_is_refused(claim: str, name: str, error: float) -> None:
    case = plain(name, initializer=INITIALIZERS[list(ENTRIES).index(name) % len(INITIALIZERS)])
    right = case.torch_gain()
    with torch_says(error * right):
        evidence = measure(claim, case, right)
    assert not evidence.test.ok, evidence.test
    assert evidence.power > POWER


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_derived_gain_preserves_the_second_moment_of_a_real_layer(name: str) -> None:
    case = plain(name)
    gain = float(gd.gain(name, **({"negative_slope": case.slope} if ENTRIES[name].has_slope else {})))
    with torch_says(gain):
        evidence = measure("length_map", case, gain)
    assert evidence.test.ok, evidence.test
    assert evidence.test.expected == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_torchs_gain_preserves_only_where_the_activation_is_homogeneous(name: str) -> None:
    case = plain(name)
    evidence = measure("length_map", case, second_moment(case.phi, 1.0) ** -0.5)
    assert evidence.test.ok == is_homogeneous(case.phi), evidence.test


def test_selu_keeps_its_second_moment_at_gain_one() -> None:
    assert abs(second_moment(_selu(0), 1.0) - 1) < 1e-14


def test_fan_in_of_a_transposed_convolution_counts_its_outputs() -> None:
    case = replace(plain("conv_transpose2d"), widths=(32, 64))
    assert init._calculate_fan_in_and_fan_out(case.build().weight) == case.fans
    assert case.fans[0] == case.terms_back == 2 * case.terms
