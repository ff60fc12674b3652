"""Ratios of certified means to a bare ``acb.integral``, all measured in one run.

Run: ``python benchmarks/enclosure.py``. Times vary between machines; the ratios of one run do so less.
The bare integral is what one would type: no tail, no kinks, no normalisation, and both halves of the line. What a mean
prepares once (its pieces, nodes and weights) is reused as a quadrature rule is; every function value is computed anew.
"""

from __future__ import annotations

import math
import timeit
from collections.abc import Callable

from flint import acb, ctx
from sympy import Abs, Expr, Max, Piecewise, Rational, atan, cos, erf, exp, log, pi, sin, sqrt, tanh

from gainderive.enclosure import enclose
from gainderive.gaussian import GaussMean
from gainderive.symbols import x

REPEATS = 5


def seconds(call: Callable[[], object], target: float = 0.05) -> float:
    """Return the best time of one call over `REPEATS` batches of about `target` seconds."""
    call()
    once = timeit.timeit(call, number=1)
    number = max(1, int(target / max(once, 1e-7)))
    return min(timeit.repeat(call, number=number, repeat=REPEATS)) / number


def bare(function: Callable[[acb], acb], digits: int) -> acb:
    """``E f(z)`` without its constant factor and its tails."""
    before, ctx.prec = ctx.prec, int(digits * math.log2(10)) + 14
    try:
        end = math.ceil(math.sqrt(2 * digits * math.log(10))) + 0.5
        return acb.integral(lambda t, _: function(t) * (-t * t / 2).exp(), -end, end)
    finally:
        ctx.prec = before


def tanh_squared(t: acb) -> acb:
    """``tanh(t)^2``."""
    value = t.tanh()
    return value * value


def sigmoid_squared(t: acb) -> acb:
    """``1/(1 + exp(-t))^2``."""
    value = 1 / (1 + (-t).exp())
    return value * value


def silu_squared(t: acb) -> acb:
    """``(t/(1 + exp(-t)))^2``."""
    value = t / (1 + (-t).exp())
    return value * value


def main() -> None:
    """Print both tables."""
    sigmoid = 1 / (1 + exp(-x))
    compared = {
        "tanh": (tanh(x) ** 2, tanh_squared),
        "sigmoid": (sigmoid**2, sigmoid_squared),
        "SiLU": ((x * sigmoid) ** 2, silu_squared),
    }
    print(f"{'second moment':16}{'digits':>8}{'bare ms':>12}{'enclose ms':>12}{'ratio':>8}")
    for name, (f, function) in compared.items():
        for digits in (15, 50, 300, 1000):
            base = seconds(lambda d=digits, function=function: bare(function, d))
            ours = seconds(lambda d=digits, f=f: enclose(GaussMean(f, x, 1), d))
            print(f"{name:16}{digits:8}{base * 1e3:12.3f}{ours * 1e3:12.3f}{ours / base:8.3f}")
    base = seconds(lambda: bare(tanh_squared, 15))
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
        "E max(x, cos x)^2": mean(Max(x, cos(x)) ** 2),
        "E |sin x|, infinitely many kinks": mean(Abs(sin(x))),
        "E (sin(x)/x)^2, removable": mean((sin(x) / x) ** 2),
        "closed form: E erf^2": 2 * atan(2 / sqrt(5)) / pi,
        "closed form: 1/sqrt(E gelu^2)": 1 / sqrt(Rational(1, 3) + 1 / (2 * sqrt(3) * pi)),
        "closed form: sqrt(2/(1 + a^2)), a = 1/100": sqrt(2 / (1 + Rational(1, 100) ** 2)),
    }


if __name__ == "__main__":
    main()
