"""All second moments at which the two sides of an equation between Gaussian means are equal."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flint import arb, fmpq
from sympy import Rational

from gainderive.balls import rational, rational_midpoint, working_precision
from gainderive.charts._balance import Balance
from gainderive.charts._chart import DEEPEST, HALF_WIDTH, OFFSET, chart
from gainderive.charts._equation import Equation
from gainderive.charts._isolate import Function, isolated, sign
from gainderive.errors import GainderiveError, MomentDiverges, Undecided

_BITS = 160
_MOST_HALVINGS = 4
_FALLBACK = (Rational(1, 10**6), Rational(10**3))
"""Second moments among which crossings are looked for where all small, or all large ones, could not be decided."""
_STEPS = 60
_ROUNDING = fmpq(1, 2**100)
"""More than what the logarithms of the ends are rounded by."""


@dataclass(frozen=True)
class Crossings:
    """The crossings of an equation, in ascending order.

    Attributes
    ----------
    roots : tuple of float
        Rough values; each is the only root of its bracket.
    brackets : tuple of (float, float)
        Second moments between which one root lies each, and the function is monotone.
    before, beyond : int
        Sign of left less right for all smaller, and for all larger second moments; 0 where it is not known, and there
        may be more roots.
    searched : (float, float)
        Second moments between which it is proved that there are no other roots.
    """

    roots: tuple[float, ...]
    brackets: tuple[tuple[float, float], ...]
    before: int
    beyond: int
    searched: tuple[float, float]

    @property
    def are_all(self) -> bool:
        """Whether it is proved that there are no others at all."""
        return bool(self.before and self.beyond)


@lru_cache(maxsize=1024)
def crossings(balance: Balance) -> Crossings:
    """Return all solutions of an equation that is no identity.

    Raises
    ------
    Undecided
        When that there are no others is not shown within a bounded effort even between the two ends.
    """
    if way := balance.everywhere:
        return Crossings((), (), way, way, (0.0, math.inf))
    first, before = _or_else(balance.beginning, _FALLBACK[0])
    last, beyond = _or_else(balance.end, _FALLBACK[1])
    roots, reached = crossings_of(balance.equation, first, last, must_reach=bool(beyond))
    searched = (0.0 if before else float(first), math.inf if beyond else reached)
    return Crossings(tuple(r for r, _ in roots), tuple(b for _, b in roots), before, beyond, searched)


Found = tuple[float, tuple[float, float]]
"""A rough root, and the bracket in which it is the only one."""


def crossings_of(
    equation: Equation, first: Rational, last: Rational, *, must_reach: bool = True
) -> tuple[list[Found], float]:
    """Return every solution of an equation between two second moments, and up to where there are no others.

    Raises
    ------
    Undecided
        When there may be others; unless that happens towards `last`, which is then not reached if it need not be.
    """
    with working_precision(_BITS):
        low, high = (rational_midpoint(arb(rational(end)).log()) for end in (first, last))
        found: list[Found] = []
        for left, right in _cells(low, high):
            try:
                on_cell = _on_cell(equation, left, right, 0, 0 if must_reach else _MOST_HALVINGS)
            except (Undecided, MomentDiverges):
                if must_reach or left <= low:
                    raise
                return found, math.exp(_float(left))
            for function, (a, b) in on_cell:
                root = _bisected(function, a, b)
                found.append((math.exp(root), (math.exp(_float(a)), math.exp(_float(b)))))
        return found, float(last)


def _or_else(side: Callable[[], tuple[Rational, int]], fallback: Rational) -> tuple[Rational, int]:
    try:
        return side()
    except GainderiveError:
        return fallback, 0


def _cells(low: fmpq, high: fmpq) -> list[tuple[fmpq, fmpq]]:
    width = 2 * HALF_WIDTH
    first = (low - _ROUNDING - OFFSET) / width
    edge = OFFSET + width * (int(first.p) // int(first.q))
    cells = []
    while edge <= high + _ROUNDING:
        cells.append((edge, edge + width))
        edge += width
    return cells


def _on_cell(
    equation: Equation, left: fmpq, right: fmpq, depth: int, halvings: int
) -> list[tuple[Function, tuple[fmpq, fmpq]]]:
    """Return the zeros on one chart; where it does not decide, on a deeper one, then on its halves."""
    middle, half = (left + right) / 2, (right - left) / 2
    try:
        function = chart(equation, middle, half, depth)
        return [(function, bracket) for bracket in isolated(function, left, right)]
    except (Undecided, MomentDiverges):
        if depth < DEEPEST:
            return _on_cell(equation, left, right, depth + 1, halvings)
        if halvings >= _MOST_HALVINGS:
            raise
    cut = left + (right - left) * fmpq(4, 9)
    return [found for a, b in ((left, cut), (cut, right)) for found in _on_cell(equation, a, b, 0, halvings + 1)]


def _bisected(function: Function, low: fmpq, high: fmpq) -> float:
    """Return about the zero of a monotone function, as far as the chart tells."""
    rising = sign(function(arb(high))[0])
    for _ in range(_STEPS):
        middle = (low + high) / 2
        way = sign(function(arb(middle))[0])
        if not way:
            break
        low, high = (low, middle) if way == rising else (middle, high)
    return _float((low + high) / 2)


def _float(number: fmpq) -> float:
    return int(number.p) / int(number.q)
