"""Ratios of certified means to a bare ``acb.integral``, all measured in one run.

Run: ``python benchmarks/enclosure.py``. Times vary between machines; the ratios of one run do so less.
The bare integral is what one would type: no tail, no kinks, no normalisation, and both halves of the line.
"""

from __future__ import annotations

import math
import timeit
from collections.abc import Callable

from flint import acb, ctx
from sympy import Expr, Max, Piecewise, Rational, erf, exp, log, sqrt, tanh

from gainderive.enclosure import enclose
from gainderive.gaussian import GaussMean
from gainderive.symbols import x

REPEATS = 7


def seconds(call: Callable[[], object], target: float = 0.05) -> float:
    """Return the best time of one call over `REPEATS` batches of about `target` seconds."""
    call()
    once = timeit.timeit(call, number=1)
    number = max(1, int(target / max(once, 1e-7)))
    return min(timeit.repeat(call, number=number, repeat=REPEATS)) / number


def bare(digits: int) -> acb:
    """``E tanh(z)^2`` without its constant factor and its tails."""
    before, ctx.prec = ctx.prec, int(digits * math.log2(10)) + 14
    try:
        end = math.ceil(math.sqrt(2 * digits * math.log(10))) + 0.5
        return acb.integral(lambda t, _: t.tanh() * t.tanh() * (-t * t / 2).exp(), -end, end)
    finally:
        ctx.prec = before


def main() -> None:
    """Print both tables."""
    print(f"{'E tanh(z)^2':12}{'bare ms':>10}{'enclose ms':>12}{'ratio':>8}")
    for digits in (15, 50, 300):
        base = seconds(lambda d=digits: bare(d))
        ours = seconds(lambda d=digits: enclose(GaussMean(tanh(x) ** 2, x, 1), d))
        print(f"{digits:5} digits{base * 1e3:10.3f}{ours * 1e3:12.3f}{ours / base:8.2f}")
    base = seconds(lambda: bare(15))
    print(f"\n{'15 digits':44}{'ms':>10}{'ratio to bare tanh':>20}")
    for name, expr in expressions().items():
        time = seconds(lambda e=expr: enclose(e, 15))
        print(f"{name:44}{time * 1e3:10.3f}{time / base:20.2f}")


def expressions() -> dict[str, Expr]:
    """Return what is timed."""

    def mean(f: Expr) -> Expr:
        return GaussMean(f, x, 1)

    return {
        "1/sqrt(E tanh^2)": 1 / sqrt(mean(tanh(x) ** 2)),
        "E sigmoid^2": mean(1 / (1 + exp(-x)) ** 2),
        "E relu^2": mean(Max(x, 0) ** 2),
        "E gelu^2": mean((x * (1 + erf(x / sqrt(2))) / 2) ** 2),
        "E softplus^2": mean(log(1 + exp(x)) ** 2),
        "E elu^2": mean(Piecewise((exp(x) - 1, x < 0), (x, True)) ** 2),
        "E (tanh(x) + x/5)^2": mean((tanh(x) + x / 5) ** 2),
        "E relu^2 with its kink at sqrt(2)": mean(Max(x - sqrt(2), 0) ** 2),
        "closed form: sqrt(2/(1 + a^2)), a = 1/100": sqrt(2 / (1 + Rational(1, 100) ** 2)),
    }


if __name__ == "__main__":
    main()
