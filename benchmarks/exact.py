"""Ratios of the engine's closed forms to SymPy's `integrate` on the same pieces, all measured in one run.

Run: ``python -m benchmarks.exact``. Both sides begin with what they remember forgotten. The engine's answer comes with
the reasons of every step; checking them is timed apart.
"""

from __future__ import annotations

from time import perf_counter

from sympy import integrate
from sympy.core.cache import clear_cache

from gainderive import exact
from gainderive.activations import load
from gainderive.derivation import Derivation, ending
from gainderive.exact import _kinds
from gainderive.gaussian import GaussMean, density
from gainderive.pieces import pieces
from gainderive.symbols import x

NAMES = [
    "relu",
    "leaky_relu",
    "elu",
    "relu6",
    "hardtanh",
    "hardshrink",
    "softshrink",
    "hardsigmoid",
    "hardswish",
    "sin",
]
REPEATS = 3


def forget() -> None:
    """Forget what SymPy and the engine remember."""
    clear_cache()
    exact._apply.cache_clear()
    _kinds.kinds.cache_clear()


def main() -> None:
    """Print the time of SymPy, of the engine, and of the check, and the ratio of the first two."""
    print(f"{'E phi^2':14}{'integrate ms':>14}{'engine ms':>12}{'ratio':>8}{'check ms':>10}")
    for name in NAMES:
        square = load(name).at().numeric ** 2
        parts = pieces(square)
        node = GaussMean(square, x, 1)
        best = {"sympy": float("inf"), "ours": float("inf"), "check": float("inf")}
        for _ in range(REPEATS):
            forget()
            start = perf_counter()
            for part in parts:
                integrate(part.expr * density(x, 1), (x, part.lower, part.upper))
            best["sympy"] = min(best["sympy"], perf_counter() - start)
            forget()
            start = perf_counter()
            steps = exact.close(node)
            best["ours"] = min(best["ours"], perf_counter() - start)
            derivation = Derivation(name, node, ending(node, steps[-1].becomes), steps)
            start = perf_counter()
            derivation.check()
            best["check"] = min(best["check"], perf_counter() - start)
        ratio = best["sympy"] / best["ours"]
        print(f"{name:14}{best['sympy'] * 1e3:14.1f}{best['ours'] * 1e3:12.2f}{ratio:8.1f}{best['check'] * 1e3:10.1f}")


if __name__ == "__main__":
    main()
