"""Ratios of the engine's closed forms to SymPy's `integrate` on the same pieces, all measured in one run.

Run: ``python -m benchmarks.exact``. Every measurement is of a second moment ``q`` that neither side has met, in a
process that is warm. The engine's answer comes with the reasons of every step; checking them is timed apart.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from sympy import Expr, Rational, integrate

from gainderive import exact
from gainderive.activations import load
from gainderive.derivation import Derivation, ending
from gainderive.gaussian import GaussMean, density
from gainderive.pieces import pieces
from gainderive.symbols import x

NAMES = "relu leaky_relu elu relu6 hardtanh hardshrink softshrink hardsigmoid hardswish sin".split()  # noqa: SIM905
REPEATS = 3


def milliseconds(call: Callable[[Rational], object], first: int) -> float:
    """Return the best time of a call, each with another second moment."""
    times = []
    for k in range(REPEATS):
        start = perf_counter()
        call(Rational(first + k, 97))
        times.append(perf_counter() - start)
    return min(times) * 1e3


def main() -> None:
    """Print the time of SymPy, of the engine, and of the check, and the ratio of the first two."""
    print(f"{'E phi^2':14}{'integrate ms':>14}{'engine ms':>12}{'ratio':>8}{'check ms':>10}")
    for name in NAMES:
        square = load(name).at().numeric ** 2
        sympys = milliseconds(lambda q, f=square: by_integrate(f, q), 101)
        ours = milliseconds(lambda q, f=square: exact.close(GaussMean(f, x, q)), 101)
        derivations = [derivation(square, Rational(101 + k, 97)) for k in range(REPEATS)]
        checks = milliseconds(lambda q, d=derivations: d[int(97 * q) - 101].check(), 101)
        print(f"{name:14}{sympys:14.1f}{ours:12.2f}{sympys / ours:8.1f}{checks:10.1f}")


def by_integrate(f: Expr, q: Rational) -> Expr:
    """Return the mean by SymPy's integration of every piece."""
    return sum(integrate(part.expr * density(x, q), (x, part.lower, part.upper)) for part in pieces(f))


def derivation(f: Expr, q: Rational) -> Derivation:
    """Return the engine's derivation of the mean."""
    node = GaussMean(f, x, q)
    steps = exact.close(node)
    return Derivation("benchmark", node, ending(node, steps[-1].becomes), steps)


if __name__ == "__main__":
    main()
