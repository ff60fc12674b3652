"""One panel of an integral: the integrand with its weight as a function of complex balls, and its rigorous integral."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flint import acb, arb
from sympy import Expr, exp

from gainderive.balls import Means, Program, Values, compiled, evaluate, run
from gainderive.symbols import parameter, x

RATE = parameter("1/(2q), the decay of the Gaussian weight", positive=True)

Integrand = Callable[[acb, bool], acb]
"""A function of a complex ball, and of whether it must be analytic there; else the answer is not finite."""


@lru_cache(maxsize=1024)
def weighted(expr: Expr) -> Program:
    """Return the program of ``expr * exp(-RATE x**2)``."""
    return compiled(expr * exp(-RATE * x**2), x)


def leaf_balls(program: Program, rate: arb, values: Values, means: Means) -> list[arb]:
    """Return the balls of a program's leaves, with 0 in the place of ``x``."""
    known = {**values, RATE: rate}
    return [arb(0) if leaf == x else evaluate(leaf, known, means) for leaf in program.leaves]


def integrand_of(program: Program, real_leaves: list[arb]) -> Integrand:
    """Return a program as a function of ``x``."""
    leaves = [acb(leaf) for leaf in real_leaves]
    place, analytic, anywhere = program.leaves.index(x), program.analytic, program.complex

    def integrand(at: acb, must_be_analytic: bool) -> acb:
        registers = leaves.copy()
        registers[place] = at
        return run(analytic if must_be_analytic else anywhere, registers)

    return integrand


def panel(integrand: Integrand, lower: arb, upper: arb) -> tuple[Integrand, Any, Any]:
    """Return the integrand and exact ends; a panel with inexact ends is mapped to ``[0, 1]``."""
    if lower.is_exact() and upper.is_exact():
        return integrand, acb(lower), acb(upper)
    width = acb((upper - lower).max(arb(0)))
    start = acb(lower)

    def mapped(t: acb, must_be_analytic: bool) -> acb:
        return integrand(start + t * width, must_be_analytic) * width

    return mapped, acb(0), acb(1)


def integral(integrand: Integrand, lower: acb, upper: acb, relative: arb, absolute: arb) -> arb:
    """Return the integral over a panel; the tolerances are aims, the ball is right in any case."""
    return acb.integral(integrand, lower, upper, rel_tol=relative, abs_tol=absolute).real
