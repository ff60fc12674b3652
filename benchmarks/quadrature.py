"""Ratios of gainderive's double-precision means to common alternatives, all measured in one run.

Run: ``python benchmarks/quadrature.py``. Times vary between machines; the ratios of one run do so less.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from sympy import Max, tanh

from gainderive.quadrature import fixed_point, mean, rule, scipy_mean
from gainderive.symbols import x

REPEATS = 7


def seconds(call: Callable[[], object], target: float = 0.05) -> float:
    """Return the best time of one call over `REPEATS` batches of about `target` seconds."""
    call()
    once = timeit.timeit(call, number=1)
    number = max(1, int(target / max(once, 1e-7)))
    return min(timeit.repeat(call, number=number, repeat=REPEATS)) / number


def naive(q: float = 1.0) -> float:
    """``E tanh(sqrt(q) z)^2`` as it is usually typed."""
    root = np.sqrt(q)
    return float(quad(lambda t: np.tanh(root * t) ** 2 * np.exp(-t * t / 2) / np.sqrt(2 * np.pi), -np.inf, np.inf)[0])


def table(title: str, reference: str, rows: dict[str, Callable[[], object]], per: int = 1) -> None:
    """Print the time of every row and its ratio to the row called `reference`."""
    times = {name: seconds(call) / per for name, call in rows.items()}
    print(f"\n{title}\n{'':46}{'microseconds':>14}{'ratio':>10}")
    for name, time in times.items():
        print(f"{name:46}{time * 1e6:14.2f}{times[reference] / time:10.1f}")


def main() -> None:
    """Print all tables."""
    f = tanh(x) ** 2
    known = rule(f)
    table(
        "E tanh(z)^2, value and error",
        "scipy.integrate.quad, as usually typed",
        {
            "scipy.integrate.quad, as usually typed": naive,
            "rule(f).mean(1.0)": lambda: known.mean(1.0),
            "mean(f), warm": lambda: mean(f),
            "scipy_mean(f): the independent route": lambda: scipy_mean(f),
        },
    )
    relu = rule(Max(x, 0) ** 2)
    table(
        "E relu(z)^2",
        "scipy.integrate.quad",
        {
            "scipy.integrate.quad": lambda: quad(
                lambda t: np.maximum(t, 0) ** 2 * np.exp(-t * t / 2) / np.sqrt(2 * np.pi), -np.inf, np.inf
            ),
            "rule(f).mean(1.0)": lambda: relu.mean(1.0),
        },
    )
    moments = np.geomspace(0.01, 100, 512)
    table(
        "E tanh(sqrt(q) z)^2 at 512 values of q, each new; time per value",
        "scipy.integrate.quad, one by one",
        {
            "scipy.integrate.quad, one by one": lambda: [naive(q) for q in moments],
            "rule(f).means(q): values and errors": lambda: known.means(moments),
        },
        per=moments.size,
    )
    table(
        "q* of tanh at sigma_w = 5/3",
        "quad + brentq",
        {
            "quad + brentq": lambda: brentq(lambda q: 25 / 9 * naive(q) - q, 0.1, 10, xtol=1e-15),
            "fixed_point(tanh(x), 5/3), with its error": lambda: fixed_point(tanh(x), 5 / 3),
        },
    )


if __name__ == "__main__":
    main()
