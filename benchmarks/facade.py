"""`gain("tanh")` at 15 certified digits against a bare `acb.integral` of the same integrand; ratios in one run."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from flint import acb, ctx

import gainderive as gd
from gainderive.facade import _find

REPEATS = 200


def bare() -> acb:
    """Integrate tanh(x)^2 exp(-x^2/2) over a range whose tails are below 1e-17, nothing else."""
    before = ctx.prec
    ctx.prec = 60
    try:
        return acb.integral(lambda t, _: (u := t.tanh()) * u * (-(t * t) / 2).exp(), -9, 9)
    finally:
        ctx.prec = before


def gain_anew() -> gd.Gain:
    """Return the gain, with the remembered answer (but not the remembered plan) forgotten."""
    _find._gain.cache_clear()
    _find._asked.cache_clear()
    return gd.gain("tanh", digits=15)


def milliseconds(call: Callable[[], object]) -> float:
    """Return the median time of a call."""
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return sorted(times)[REPEATS // 2] * 1e3


def main() -> None:
    """Print the ratios."""
    gain_anew()
    rows = {"bare acb.integral": bare, 'gain("tanh"), computed anew': gain_anew, 'gain("tanh"), asked again': ask}
    base = milliseconds(bare)
    print(f"{'15 certified digits':32}{'ms':>10}{'ratio':>10}")
    for name, call in rows.items():
        time = milliseconds(call)
        print(f"{name:32}{time:10.4f}{time / base:10.3f}")


def ask() -> gd.Gain:
    """Return the gain as users ask for it."""
    return gd.gain("tanh")


if __name__ == "__main__":
    main()
