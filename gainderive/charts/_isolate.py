"""All zeros of a function on an interval, from balls of its values and of its slope: simple ones, and never some."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flint import arb, fmpq

from gainderive.errors import Undecided

Jet = tuple[arb, arb]
"""A value and a slope, or balls around all of them."""
Function = Callable[[arb], Jet]

_MOST_LOOKS = 4000
_NARROWEST = fmpq(1, 2**40)


def isolated(function: Function, low: fmpq, high: fmpq) -> tuple[tuple[fmpq, fmpq], ...]:
    """Return intervals that hold one simple zero each, in ascending order; there are no others on the interval.

    Where a ball of values, or the slope's through the middle, is away from 0 there is no zero; where the slope's ball
    is away from 0 there is one at most, and the signs at both ends tell. Else the interval is cut.

    Raises
    ------
    Undecided
        When that does not come to an end: at a double zero, or one on a cut.

    Examples
    --------
    >>> found = isolated(lambda t: (t * t - 2, 2 * t), fmpq(-3), fmpq(5))
    >>> [float(a) < root < float(b) for (a, b), root in zip(found, (-1.41421, 1.41421))]
    [True, True]
    """
    looks = [_MOST_LOOKS]
    return tuple(_within(function, low, high, looks))


def _within(function: Function, low: fmpq, high: fmpq, looks: list[int]) -> Iterator[tuple[fmpq, fmpq]]:
    looks[0] -= 1
    middle = (low + high) / 2
    if looks[0] < 0 or high - low < _NARROWEST:
        raise Undecided(f"whether there is a zero near {float(middle.p) / float(middle.q):.9g}")
    value, slope = function(arb(low).union(arb(high)))
    if sign(value):
        return
    half = arb(0, (high - low) / 2)
    if sign(function(arb(middle))[0] + slope * half):
        return
    if sign(slope):
        before, beyond = (sign(function(arb(end))[0]) for end in (low, high))
        if before and beyond:
            if before != beyond:
                yield low, high
            return
    yield from _within(function, low, middle, looks)
    yield from _within(function, middle, high, looks)


def sign(ball: arb) -> int:
    """Return the sign that all numbers of a ball have, 0 where there is none."""
    return 1 if ball > 0 else -1 if ball < 0 else 0
