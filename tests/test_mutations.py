"""Initializers with a planted fault, each caught, and right ones, none blamed.

Both lists are data: a name, a function, what it is said to promise, and tags. The wrong ones are the mistakes of real
code.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from scipy.stats import truncnorm

from gainderive.testing import check_initializer

ALPHA = 1e-9
"""False-alarm rate of each check here, so that of the file stays below 1e-6."""

Generator = np.random.Generator
RELU, TANH = math.sqrt(2), 1.5925374197228315
CORRECTION = truncnorm(-2, 2).std()


@dataclass(frozen=True)
class Case:
    """An initializer, what it is said to promise, and tags."""

    name: str
    fn: Callable[..., Any]
    promise: dict[str, Any] = field(default_factory=dict)
    shape: tuple[int, ...] = (48, 48)
    tags: tuple[str, ...] = ()


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    receptive = math.prod(shape[2:])
    return shape[1] * receptive, shape[0] * receptive


def normal(scale: Callable[..., float]) -> Callable[..., Any]:
    """Return an initializer with the standard deviation ``scale(fan_in, fan_out)``."""
    return lambda shape, rng: rng.normal(0, scale(*fans(shape)), shape)


def uniform(bound: Callable[..., float]) -> Callable[..., Any]:
    """Return an initializer with the bound ``bound(fan_in, fan_out)``."""
    return lambda shape, rng: rng.uniform(-(b := bound(*fans(shape))), b, shape)


def truncated(scale: Callable[..., float], cut: float = 2.0) -> Callable[..., Any]:
    """Return an initializer with a normal of standard deviation ``scale(fan_in, fan_out)``, cut off."""
    return lambda shape, rng: truncnorm(-cut, cut).rvs(shape, random_state=rng) * scale(*fans(shape))


def changed(change: Callable[[Any, Generator], Any], base: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Return He's initializer (or `base`) with its weights changed."""
    return lambda shape, rng: change((base or he)(shape, rng), rng)


def orthogonal(change: Callable[[Any, Generator], Any] = lambda q, rng: q, gain: float = 1.0) -> Callable[..., Any]:
    """Return an initializer with orthogonal matrices, changed."""

    def initialize(shape: tuple[int, ...], rng: Generator) -> Any:
        rows, columns = shape[0], math.prod(shape[1:])
        q, r = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))
        q = q * np.sign(np.diag(r))
        return gain * change(q if rows >= columns else q.T, rng).reshape(shape)

    return initialize


def of_law(draw: Callable[[Generator, Any], Any]) -> Callable[..., Any]:
    """Return an initializer with He's second moment and another law of variance 1."""
    return lambda shape, rng: draw(rng, shape) * RELU / math.sqrt(fans(shape)[0])


def filled(fill: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return an initializer that fills a torch tensor."""
    return fill


he = normal(lambda i, o: RELU / math.sqrt(i))
he_uniform = uniform(lambda i, o: math.sqrt(6 / i))
HE = {"gain": "relu", "distribution": "normal"}
HE_UNIFORM = {"gain": "relu", "distribution": "uniform"}
HE_TRUNCATED = {"gain": "relu", "distribution": "truncated_normal"}
GLOROT = {"mode": "fan_avg", "gain": 1.0, "distribution": "normal"}
ANY = {"gain": "relu"}
ORTHOGONAL = {"distribution": "orthogonal"}
CONV = (24, 16, 3, 3)


def first_rows(shape: tuple[int, ...], rng: Generator) -> Any:
    rows = he((max(1, shape[0] // 2), *shape[1:]), rng)
    return np.resize(np.concatenate([rows, rows]), shape)


def low_rank(shape: tuple[int, ...], rng: Generator) -> Any:
    left, right = rng.normal(size=(shape[0], 8)), rng.normal(size=(8, math.prod(shape[1:])))
    return (left @ right / math.sqrt(8)).reshape(shape) * RELU / math.sqrt(fans(shape)[0])


def symmetric(w: Any, rng: Generator) -> Any:
    n = min(w.shape[:2])
    w[:n, :n] = np.tril(w[:n, :n]) + np.tril(w[:n, :n], -1).T
    return w


def correlated_rows(w: Any, rng: Generator) -> Any:
    shared = rng.normal(size=(1, *w.shape[1:])) * w.std()
    return math.sqrt(0.8) * w + math.sqrt(0.2) * shared


def autoregressive(w: Any, rng: Generator) -> Any:
    flat = w.reshape(-1).copy()
    flat[1:] = math.sqrt(1 - 0.1**2) * flat[1:] + 0.1 * w.reshape(-1)[:-1]
    return flat.reshape(w.shape)


def one_nan(w: Any, rng: Generator) -> Any:
    w.flat[0] = np.nan
    return w


def fixed_seed(shape: tuple[int, ...]) -> Any:
    return he(shape, np.random.default_rng(0))


def fixed_pattern(w: Any, rng: Generator) -> Any:
    pattern = np.random.default_rng(5).normal(size=w.shape) * w.std()
    return math.sqrt(0.9) * w + math.sqrt(0.1) * pattern


def scaled_rows(w: Any, rng: Generator) -> Any:
    scale = np.linspace(0.5, 1.5, len(w)).reshape(-1, *[1] * (w.ndim - 1))
    return w * scale / math.sqrt(float(np.mean(scale**2)))


def scaled_calls(w: Any, rng: Generator) -> Any:
    return w * rng.choice([0.6, math.sqrt(2 - 0.36)])


def unit_rows(w: Any, rng: Generator) -> Any:
    norm = np.sqrt((w**2).sum(axis=tuple(range(1, w.ndim)), keepdims=True))
    return w / norm * RELU


def scaled_centre(w: Any, rng: Generator) -> Any:
    w = w * math.sqrt((9 - 4) / 8)
    w[..., 1, 1] *= 2 / math.sqrt(5 / 8)
    return w


def circulant(shape: tuple[int, ...], rng: Generator) -> Any:
    row = he((1, *shape[1:]), rng)[0]
    return np.stack([np.roll(row, shift) for shift in range(shape[0])])


def antithetic(shape: tuple[int, ...], rng: Generator) -> Any:
    half = he((shape[0] // 2 + 1, *shape[1:]), rng)
    return np.concatenate([half, -half])[: shape[0]]


def unsigned_orthogonal(shape: tuple[int, ...], rng: Generator) -> Any:
    rows, columns = shape
    q = np.linalg.qr(rng.normal(size=(max(rows, columns), min(rows, columns))))[0]
    return q if rows >= columns else q.T


def permutation(q: Any, rng: Generator) -> Any:
    return np.eye(*q.shape)[rng.permutation(len(q))] * rng.choice([-1, 1], size=(len(q), 1))


WRONG = [
    Case("fan swapped, square", normal(lambda i, o: RELU / math.sqrt(o)), HE, tags=("fan",)),
    Case("fan swapped, tall", normal(lambda i, o: RELU / math.sqrt(o)), HE, (64, 32), ("fan",)),
    Case("fan_in for fan_avg, square", normal(lambda i, o: 1 / math.sqrt(i)), GLOROT, tags=("fan",)),
    Case("geometric for arithmetic mean, square", normal(lambda i, o: (i * o) ** -0.25), GLOROT, tags=("fan",)),
    Case("sum of fans for their mean", normal(lambda i, o: 1 / math.sqrt(i + o)), GLOROT, tags=("fan",)),
    Case(
        "fan_avg for fan_out",
        normal(lambda i, o: 1 / math.sqrt((i + o) / 2)),
        GLOROT | {"mode": "fan_out"},
        tags=("fan",),
    ),
    Case("std for any fan", lambda s, rng: rng.normal(0, RELU / math.sqrt(48), s), HE, tags=("fan",)),
    Case("receptive field forgotten", lambda s, rng: rng.normal(0, RELU / math.sqrt(s[1]), s), HE, CONV, ("fan",)),
    Case(
        "one kernel axis forgotten", lambda s, rng: rng.normal(0, RELU / math.sqrt(s[1] * s[2]), s), HE, CONV, ("fan",)
    ),
    Case(
        "kernel of 1 hides the receptive field",
        lambda s, rng: rng.normal(0, RELU / math.sqrt(s[1]), s),
        HE,
        (24, 16, 1, 1),
        ("fan",),
    ),
    Case("groups counted twice", normal(lambda i, o: RELU / math.sqrt(i / 2)), HE, CONV, ("fan",)),
    Case("layout transposed", lambda s, rng: rng.normal(0, RELU / math.sqrt(s[0]), s), HE, (64, 32), ("fan",)),
    Case("variance for std", normal(lambda i, o: 2 / i), HE, tags=("scale",)),
    Case("std for variance", normal(lambda i, o: (2 / i) ** 0.25), HE, tags=("scale",)),
    Case("gain forgotten", normal(lambda i, o: 1 / math.sqrt(i)), HE, tags=("scale",)),
    Case("gain squared", normal(lambda i, o: 2 / math.sqrt(i)), HE, tags=("scale",)),
    Case("gain 1 % too large", normal(lambda i, o: 1.01 * RELU / math.sqrt(i)), HE, tags=("scale",)),
    Case("gain 1 % too small", normal(lambda i, o: 0.99 * RELU / math.sqrt(i)), HE, tags=("scale",)),
    Case(
        "gain of another activation", normal(lambda i, o: 5 / 3 / math.sqrt(i)), HE | {"gain": "tanh"}, tags=("scale",)
    ),
    Case("gain of ReLU for a leaky slope", he, HE | {"gain": math.sqrt(2 / 1.04)}, tags=("scale",)),
    Case(
        "gain for the variance of ReLU",
        normal(lambda i, o: math.sqrt(2 * math.pi / (math.pi - 1)) / math.sqrt(i)),
        HE,
        tags=("scale",),
    ),
    Case("off by 1 %, any distribution", normal(lambda i, o: 1.01 * RELU / math.sqrt(i)), ANY, tags=("scale",)),
    Case("off by -1 %, any distribution", he_uniform, ANY | {"gain": RELU * 1.01}, tags=("scale",)),
    Case("uniform bound without sqrt(3)", uniform(lambda i, o: RELU / math.sqrt(i)), HE_UNIFORM, tags=("uniform",)),
    Case("uniform bound 1 % too large", uniform(lambda i, o: 1.01 * math.sqrt(6 / i)), HE_UNIFORM, tags=("uniform",)),
    Case("uniform bound 1 % too small", uniform(lambda i, o: 0.99 * math.sqrt(6 / i)), HE_UNIFORM, tags=("uniform",)),
    Case(
        "uniform from 0",
        lambda s, rng: rng.uniform(0, math.sqrt(6 / fans(s)[0]), s),
        HE_UNIFORM,
        tags=("uniform", "mean"),
    ),
    Case("uniform for normal", he_uniform, HE, tags=("distribution",)),
    Case("normal for uniform", he, HE_UNIFORM, tags=("distribution",)),
    Case(
        "truncated, right scale, for normal",
        truncated(lambda i, o: RELU / CORRECTION / math.sqrt(i)),
        HE,
        tags=("distribution",),
    ),
    Case(
        "truncated without correction", truncated(lambda i, o: RELU / math.sqrt(i)), HE_TRUNCATED, tags=("truncation",)
    ),
    Case(
        "truncated and corrected, said to be not",
        truncated(lambda i, o: RELU / CORRECTION / math.sqrt(i)),
        HE_TRUNCATED | {"corrected": False},
        tags=("truncation",),
    ),
    Case("normal for truncated", he, HE_TRUNCATED, tags=("truncation", "distribution")),
    Case(
        "cut off at 3 for 2",
        truncated(lambda i, o: RELU / truncnorm(-3, 3).std() / math.sqrt(i), 3.0),
        HE_TRUNCATED,
        tags=("truncation",),
    ),
    Case(
        "clipped for truncated",
        of_law(lambda rng, s: np.clip(rng.normal(size=s), -2, 2) / CORRECTION),
        HE_TRUNCATED,
        tags=("truncation",),
    ),
    Case("Laplace", of_law(lambda rng, s: rng.laplace(0, 1 / RELU, s)), HE, tags=("distribution",)),
    Case("Student's t", of_law(lambda rng, s: rng.standard_t(8, s) * math.sqrt(6 / 8)), HE, tags=("distribution",)),
    Case("Rademacher", of_law(lambda rng, s: rng.choice([-1.0, 1.0], s)), HE, tags=("distribution",)),
    Case(
        "a few levels",
        of_law(lambda rng, s: np.round(rng.normal(size=s) * 8) / math.sqrt(64 + 1 / 12)),
        HE,
        tags=("distribution",),
    ),
    Case(
        "mixture of two scales",
        of_law(lambda rng, s: rng.normal(size=s) * rng.choice([0.5, math.sqrt(1.75)], s)),
        HE,
        tags=("distribution",),
    ),
    Case(
        "sum of two uniforms",
        of_law(lambda rng, s: (rng.random(s) - rng.random(s)) * math.sqrt(6)),
        HE,
        tags=("distribution",),
    ),
    Case(
        "half zeros",
        of_law(lambda rng, s: rng.normal(size=s) * RELU * (rng.random(s) < 0.5)),
        HE,
        tags=("distribution",),
    ),
    Case("skewed", of_law(lambda rng, s: rng.exponential(size=s) - 1), HE, tags=("distribution",)),
    Case("mean not 0", of_law(lambda rng, s: 0.05 + math.sqrt(1 - 0.05**2) * rng.normal(size=s)), HE, tags=("mean",)),
    Case(
        "mean not 0, any distribution",
        of_law(lambda rng, s: 0.05 + math.sqrt(1 - 0.05**2) * rng.normal(size=s)),
        ANY,
        tags=("mean",),
    ),
    Case("bias added", changed(lambda w, rng: w + 0.1), HE, tags=("mean",)),
    Case("variance for second moment", of_law(lambda rng, s: 0.3 + rng.normal(size=s)), ANY, tags=("mean",)),
    Case(
        "shift common to a call",
        changed(lambda w, rng: math.sqrt(0.98) * w + rng.normal() * w.std() * math.sqrt(0.02)),
        HE,
        tags=("dependence",),
    ),
    Case("seed fixed", fixed_seed, HE, tags=("seed",)),
    Case("seed fixed, any distribution", fixed_seed, ANY, tags=("seed",)),
    Case("generator ignored", lambda s, generator=None: he(s, np.random.default_rng()), HE, tags=("seed",)),
    Case("fixed pattern", changed(fixed_pattern), HE, tags=("seed",)),
    Case("rows equal", changed(lambda w, rng: np.broadcast_to(w[:1], w.shape)), HE, tags=("dependence",)),
    Case(
        "rows equal, any distribution",
        changed(lambda w, rng: np.broadcast_to(w[:1], w.shape)),
        ANY,
        tags=("dependence",),
    ),
    Case("rows repeated", first_rows, HE, tags=("dependence",)),
    Case("rows correlated", changed(correlated_rows), HE, tags=("dependence",)),
    Case(
        "channels repeated in pairs",
        lambda s, rng: np.repeat(he((-(-s[0] // 2), *s[1:]), rng), 2, axis=0)[: s[0]],
        HE,
        CONV,
        ("dependence",),
    ),
    Case(
        "kernel constant over positions",
        lambda s, rng: np.broadcast_to(he((*s[:2], 1, 1), rng) / math.sqrt(math.prod(s[2:])), s),
        HE,
        CONV,
        ("dependence",),
    ),
    Case("centre of the kernel larger", changed(scaled_centre), HE | {"vary_shape": False}, CONV, ("dependence",)),
    Case("rank 8", low_rank, HE, tags=("dependence",)),
    Case("rank 8, any distribution", low_rank, ANY, tags=("dependence",)),
    Case("circulant", circulant, HE, tags=("dependence",)),
    Case("circulant, any distribution", circulant, ANY, tags=("dependence",)),
    Case("antithetic rows", antithetic, HE, tags=("dependence",)),
    Case("antithetic rows, any distribution", antithetic, ANY, tags=("dependence",)),
    Case(
        "sum of twelve uniforms",
        of_law(lambda rng, s: rng.random((12, *s)).sum(0) - 6),
        HE,
        (64, 64),
        tags=("distribution",),
    ),
    Case("symmetric", changed(symmetric), HE, tags=("dependence",)),
    Case("symmetric, any distribution", changed(symmetric), ANY, tags=("dependence",)),
    Case("neighbours correlated", changed(autoregressive), HE, tags=("dependence",)),
    Case("rows of different scale", changed(scaled_rows), HE, tags=("dependence",)),
    Case("calls of different scale", changed(scaled_calls), HE, tags=("dependence",)),
    Case("rows normalised", changed(unit_rows), HE, (48, 96), ("dependence",)),
    Case("sorted", changed(lambda w, rng: np.sort(w, axis=None).reshape(w.shape)), HE, tags=("dependence",)),
    Case("orthogonal for normal", orthogonal(gain=RELU), HE, tags=("dependence",)),
    Case("orthogonal of gain 1 %  off", orthogonal(gain=1.01), ORTHOGONAL, tags=("orthogonal",)),
    Case("orthogonal without gain", orthogonal(), ORTHOGONAL | {"gain": "relu"}, tags=("orthogonal",)),
    Case("normal for orthogonal", normal(lambda i, o: 1 / math.sqrt(max(i, o))), ORTHOGONAL, tags=("orthogonal",)),
    Case(
        "orthogonal with scaled rows", orthogonal(lambda q, rng: scaled_rows(q, rng)), ORTHOGONAL, tags=("orthogonal",)
    ),
    Case("orthogonal over the root of the fan", orthogonal(gain=1 / math.sqrt(48)), ORTHOGONAL, tags=("orthogonal",)),
    Case(
        "orthogonal, first row repeated",
        orthogonal(lambda q, rng: np.concatenate([q[:1], q[:-1]])),
        ORTHOGONAL,
        tags=("orthogonal",),
    ),
    Case("permutation matrices", orthogonal(permutation), ORTHOGONAL, tags=("orthogonal",)),
    Case("identity", lambda s: np.eye(*s), ORTHOGONAL, tags=("orthogonal", "seed")),
    Case("signs of QR kept", unsigned_orthogonal, ORTHOGONAL, tags=("orthogonal",)),
    Case("transposed shape", lambda s, rng: he(s, rng).T, HE, (64, 32), ("output",)),
    Case("flattened", lambda s, rng: he(s, rng).ravel(), HE, tags=("output",)),
    Case("one shape whatever is asked", lambda s, rng: he((48, 48), rng), HE, tags=("output",)),
    Case("zeros", lambda s: np.zeros(s), HE, tags=("output",)),
    Case("ones", lambda s: np.ones(s), ANY, tags=("output",)),
    Case("a NaN", changed(one_nan), HE, tags=("output",)),
    Case("integers", lambda s, rng: rng.integers(-3, 4, s), ANY, tags=("output",)),
    Case("constant of another value", lambda s: np.full(s, 1.01), {"distribution": "constant"}, tags=("output",)),
]

RIGHT = [
    Case("He normal", he, HE),
    Case("He normal, float32", changed(lambda w, rng: w.astype(np.float32)), HE),
    Case("He normal, float16", changed(lambda w, rng: w.astype(np.float16)), HE),
    Case("He uniform, float16", changed(lambda w, rng: w.astype(np.float16), he_uniform), HE_UNIFORM),
    Case("He normal, nested lists", changed(lambda w, rng: w.tolist()), HE),
    Case("He normal, tall", he, HE, (300, 20)),
    Case("He normal, wide", he, HE, (20, 300)),
    Case("He normal, tiny", he, HE, (2, 3)),
    Case("He normal, one weight", he, HE, (1, 1)),
    Case("He normal, one row", he, HE, (1, 64)),
    Case("He normal, one column", he, HE, (64, 1)),
    Case("He normal, large", he, HE, (1024, 512)),
    Case("He normal, convolution", he, HE, CONV),
    Case("He normal, 1d convolution", he, HE, (16, 8, 5)),
    Case("He normal, 3d convolution", he, HE, (8, 4, 3, 3, 3)),
    Case("He normal, any distribution", he, ANY),
    Case("He normal, any distribution, tiny", he, ANY, (2, 3)),
    Case("He uniform", he_uniform, HE_UNIFORM),
    Case("He uniform, tiny", he_uniform, HE_UNIFORM, (3, 2)),
    Case("He uniform, convolution", he_uniform, HE_UNIFORM, CONV),
    Case("He uniform, any distribution", he_uniform, ANY),
    Case("Glorot normal", normal(lambda i, o: math.sqrt(2 / (i + o))), GLOROT, (64, 16)),
    Case(
        "Glorot uniform", uniform(lambda i, o: math.sqrt(6 / (i + o))), GLOROT | {"distribution": "uniform"}, (16, 64)
    ),
    Case(
        "Glorot uniform, convolution",
        uniform(lambda i, o: math.sqrt(6 / (i + o))),
        GLOROT | {"distribution": "uniform"},
        CONV,
    ),
    Case("fan_out", normal(lambda i, o: RELU / math.sqrt(o)), HE | {"mode": "fan_out"}, CONV),
    Case(
        "geometric mean of the fans", normal(lambda i, o: (i * o) ** -0.25), GLOROT | {"mode": "fan_geo_avg"}, (64, 16)
    ),
    Case("std 0.02", lambda s, rng: rng.normal(0, 0.02, s), {"mode": "none", "gain": 0.02, "distribution": "normal"}),
    Case(
        "std 0.02, a vector",
        lambda s, rng: rng.normal(0, 0.02, s),
        {"mode": "none", "gain": 0.02, "distribution": "normal"},
        (64,),
    ),
    Case(
        "LeCun, truncated and corrected",
        truncated(lambda i, o: 1 / CORRECTION / math.sqrt(i)),
        {"distribution": "truncated_normal"},
    ),
    Case("truncated, not corrected", truncated(lambda i, o: RELU / math.sqrt(i)), HE_TRUNCATED | {"corrected": False}),
    Case(
        "truncated at 3",
        truncated(lambda i, o: RELU / truncnorm(-3, 3).std() / math.sqrt(i), 3.0),
        HE_TRUNCATED | {"truncation": 3},
    ),
    Case(
        "truncated at 1/2, tiny",
        truncated(lambda i, o: 1 / math.sqrt(i), 0.5),
        {"distribution": "truncated_normal", "truncation": 0.5, "corrected": False},
        (2, 2),
    ),
    Case("tanh's gain", normal(lambda i, o: TANH / math.sqrt(i)), HE | {"gain": "tanh"}),
    Case("Laplace, any distribution", of_law(lambda rng, s: rng.laplace(0, 1 / RELU, s)), ANY),
    Case("Rademacher, any distribution", of_law(lambda rng, s: rng.choice([-1.0, 1.0], s)), ANY),
    Case("Rademacher, any distribution, tiny", of_law(lambda rng, s: rng.choice([-1.0, 1.0], s)), ANY, (2, 2)),
    Case("Student's t, any distribution", of_law(lambda rng, s: rng.standard_t(12, s) * math.sqrt(10 / 12)), ANY),
    Case("half zeros, any distribution", of_law(lambda rng, s: rng.normal(size=s) * RELU * (rng.random(s) < 0.5)), ANY),
    Case("rows of different scale, any distribution", changed(scaled_rows), ANY),
    Case("a skewed law, any distribution", of_law(lambda rng, s: rng.exponential(size=s) - 1), ANY),
    Case("orthogonal", orthogonal(), ORTHOGONAL),
    Case("orthogonal, gain of ReLU", orthogonal(gain=RELU), ORTHOGONAL | {"gain": "relu"}),
    Case("orthogonal, tall", orthogonal(), ORTHOGONAL, (64, 16)),
    Case("orthogonal, wide", orthogonal(), ORTHOGONAL, (16, 64)),
    Case("orthogonal, convolution", orthogonal(), ORTHOGONAL, CONV),
    Case("orthogonal, tiny", orthogonal(), ORTHOGONAL, (2, 2)),
    Case("orthogonal, float32", orthogonal(lambda q, rng: q.astype(np.float32)), ORTHOGONAL),
    Case("orthogonal, float16", orthogonal(lambda q, rng: q.astype(np.float16)), ORTHOGONAL),
    Case(
        "orthogonal, any distribution",
        orthogonal(gain=math.sqrt(48) * RELU / math.sqrt(48)),
        ANY | {"vary_shape": False},
    ),
    Case("no shape taken", lambda rng: he((48, 48), rng), HE),
    Case("one shape only", lambda s, rng: rng.normal(0, RELU / math.sqrt(48), (48, 48)), HE | {"vary_shape": False}),
    Case(
        "kernels of JAX' layout",
        lambda s, rng: rng.normal(0, RELU / math.sqrt(9 * s[-2]), s),
        HE | {"layout": "io", "vary_shape": False},
        (3, 3, 16, 24),
    ),
    Case("seeded by a number", lambda s, seed: he(s, np.random.default_rng(seed)), HE),
    Case("seeded by an optional generator", lambda s, generator=None: he(s, generator or np.random.default_rng()), HE),
    Case("NumPy's global generator", lambda s: np.random.randn(*s) * RELU / math.sqrt(fans(s)[0]), HE),  # noqa: NPY002
    Case("a partial", functools.partial(lambda gain, s, rng: rng.normal(0, gain / math.sqrt(s[1]), s), RELU), HE),
    Case("constant", lambda s: np.ones(s), {"distribution": "constant"}),
    Case("zeros", lambda s: np.zeros(s), {"distribution": "constant", "gain": 0}),
]


def _name(case: Case) -> str:
    return case.name


def test_there_are_many_of_both_and_each_has_a_name_of_its_own() -> None:
    assert len(WRONG) >= 40
    assert len(RIGHT) >= 40
    for cases in (WRONG, RIGHT):
        assert len({case.name for case in cases}) == len(cases)


@pytest.mark.parametrize("case", WRONG, ids=_name)
def test_a_wrong_initializer_is_caught(case: Case) -> None:
    verdict = check_initializer(case.fn, case.shape, **case.promise, alpha=ALPHA)
    assert not verdict.ok, str(verdict)
    assert all(any(character.isdigit() for character in reason) for reason in verdict.reasons)


@pytest.mark.parametrize("case", RIGHT, ids=_name)
def test_a_right_initializer_is_not_blamed(case: Case) -> None:
    verdict = check_initializer(case.fn, case.shape, **case.promise, alpha=ALPHA)
    assert verdict.ok, str(verdict)
