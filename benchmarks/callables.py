"""Ratios of gains of known and of opaque activations to anyinit and to scipy.integrate.quad, all measured in one run.

Run: ``python -m benchmarks.callables``. anyinit is asked for the same callable, registered anew each time, because it
remembers what it has seen, as ``gain`` and ``mean`` of known activations do. Its gain is the ``activation`` one;
where that has no solution it returns another number. True errors are those against 25 certified digits.
"""

from __future__ import annotations

import math
import timeit
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import anyinit
import numpy as np
from scipy.integrate import quad
from sympy import Expr, lambdify

import gainderive as gd
from gainderive import activations, quadrature
from gainderive.enclosure import enclose
from gainderive.gaussian import GaussMean
from gainderive.symbols import x

REPEATS = 5

OPAQUE: dict[str, Callable[[Any], Any]] = {
    "tanh": lambda t: np.tanh(t),
    "relu": lambda t: np.maximum(t, 0),
    "hardtanh": lambda t: np.clip(t, -1, 1),
    "hardshrink": lambda t: np.where(np.abs(t) > 0.5, t, 0.0),
    "silu": lambda t: t / (1 + np.exp(-np.clip(t, -700, 700))),
    "three kinks": lambda t: np.abs(t - 0.3) + np.abs(t - 0.301) - 0.5 * np.abs(t + 1.234),
    "selu": lambda t: 1.0507 * np.where(t > 0, t, 1.6733 * np.expm1(np.minimum(t, 0))),
    "sin 30x": lambda t: np.sin(30 * t),
}
SCALAR: dict[str, Callable[[float], float]] = {
    "math.tanh, one number at a time": math.tanh,
    "max(x, 0), one number at a time": lambda t: max(t, 0.0),
}


def seconds(call: Callable[[], object], target: float = 0.02) -> float:
    """Return the best time of one call over `REPEATS` batches of about `target` seconds."""
    call()
    once = timeit.timeit(call, number=1)
    number = max(1, int(target / max(once, 1e-7)))
    return min(timeit.repeat(call, number=number, repeat=REPEATS)) / number


def theirs(f: Callable[[Any], Any]) -> float:
    """Return anyinit's gain of a callable that it has not seen."""
    anyinit.register_activation(f, name="benchmarked", overwrite=True)
    return anyinit.gain("benchmarked")


def ours(f: Callable[[Any], Any], criterion: str) -> object:
    """Return our gain of a callable, or the reason why there is none; nothing is remembered between calls."""
    try:
        return gd.gain(f, criterion)
    except gd.GainderiveError as reason:
        return reason


def opaque() -> None:
    """Print times of fresh callables, kinks found, beside anyinit's of the same."""
    print(
        f"{'fresh opaque callable':36}{'anyinit ms':>12}{'forward ms':>12}{'ratio':>8}{'activation ms':>15}{'ratio':>8}"
    )
    for name, f in (OPAQUE | SCALAR).items():
        vectorised = f if name in OPAQUE else np.vectorize(f, otypes=[float])
        reference = seconds(lambda f=vectorised: theirs(f))
        times = [seconds(lambda f=f, c=c: ours(f, c)) for c in ("forward", "activation")]
        row = "".join(f"{time * 1e3:{w}.2f}{reference / time:8.1f}" for time, w in zip(times, (12, 15), strict=True))
        print(f"{name:36}{reference * 1e3:12.2f}{row}")


def by_quad(f: Callable[[float], float]) -> float:
    """Return ``E f(z)^2`` as it is usually typed."""
    return float(quad(lambda t: f(t) ** 2 * math.exp(-t * t / 2) / math.sqrt(2 * math.pi), -math.inf, math.inf)[0])


def by_anyinit(f: Callable[[Any], Any]) -> float:
    """Return ``E f(z)^2`` by anyinit's quadrature, nothing remembered."""
    anyinit.register_activation(f, name="benchmarked", overwrite=True)
    return float(anyinit.activation_profile("benchmarked").moments(0.0, 1.0).m2)


def relative(value: float, exact: Decimal) -> float:
    """Return the relative error of `value`."""
    return float(abs(Decimal(value) - exact) / abs(exact))


def known() -> None:
    """Print times and true errors of ``E f(z)^2`` for every entry of the catalogue."""
    head = f"{'E f(z)^2':24}{'us':>8}{'true error':>12}{'gain() us':>11}"
    print(f"{head}{'quad us':>11}{'ratio':>8}{'true error':>12}{'anyinit us':>12}{'ratio':>8}{'true error':>12}")
    worst = [math.inf, math.inf]
    for name in activations.names():
        closed = activations.load(name).at()
        square: Expr = closed.numeric**2
        scalar, vector = lambdify(x, closed.numeric, ["math", "scipy"]), lambdify(x, closed.numeric, ["scipy", "numpy"])
        exact = enclose(GaussMean(square, x, 1), 25).mid
        with np.errstate(all="ignore"):
            rows = [
                (seconds(lambda square=square: quadrature.mean(square)), quadrature.mean(square).value),
                _guarded(lambda f=scalar: by_quad(f)),
                _guarded(lambda f=vector: by_anyinit(lambda t: f(t) + 0 * t)),
            ]
        own = rows[0][0]
        asked = seconds(lambda name=name: gd.gain(name))
        line = f"{name:24}{own * 1e6:8.2f}{relative(rows[0][1], exact):12.1e}{asked * 1e6:11.2f}"
        for i, (time, value) in enumerate(rows[1:]):
            line += f"{time * 1e6:{11 + i}.1f}{time / own:8.0f}{relative(value, exact):12.1e}"
            worst[i] = min(worst[i], time / own)
        print(line)
    print(f"{'smallest ratio':24}{worst[0]:50.0f}{worst[1]:32.0f}")


def _guarded(call: Callable[[], float]) -> tuple[float, float]:
    """Return time and value; neither where the rival raises."""
    try:
        return seconds(call), call()
    except Exception:
        return math.inf, math.nan


def main() -> None:
    """Print both tables."""
    opaque()
    print()
    known()


if __name__ == "__main__":
    main()
