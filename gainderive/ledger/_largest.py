"""The largest value of a smooth function on a bounded interval, certified."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count

from flint import arb, fmpq
from sympy import Expr

from gainderive import enclosure
from gainderive.balls import working_precision
from gainderive.enclosure import Enclosure
from gainderive.errors import Undecided
from gainderive.symbols import x

_BITS = 96
_MOST_PIECES = 4_000


def largest(function: Expr, lower: int, upper: int, *, size: bool = False, digits: int = 12) -> Enclosure:
    r"""Return an interval of relative radius at most ``10**-digits`` that holds the largest value of a function.

    The interval, in pieces of length 1 to begin with, is divided where the bound is largest, until that bound and the
    largest value found are near enough. On a piece of midpoint ``m`` and radius ``r`` the bound is that of
    :math:`f(m) + [-r, r]\,f'([m - r, m + r])`, in balls.

    Parameters
    ----------
    function : Expr
        In ``x``, differentiable, with no other free symbol.
    lower, upper : int
        Ends of the interval.
    size : bool
        The largest absolute value is meant.
    digits : int
        Relative radius is at most ``10**-digits``.

    Raises
    ------
    Undecided
        When too many pieces are needed; as where the largest value is 0.

    Examples
    --------
    >>> from sympy import exp
    >>> from gainderive.symbols import x
    >>> found = largest(x * exp(-x), 0, 8)
    >>> bool(found.lower < 0.3678795 and found.upper > 0.3678794)
    True
    """
    slope = function.diff(x)
    number = count()
    pieces: list[tuple[bool, fmpq, int, fmpq, fmpq]] = []
    best = arb("-inf")

    def weighed(value: arb) -> arb:
        return abs(value) if size else value

    def add(low: fmpq, high: fmpq) -> None:
        nonlocal best
        middle, radius = arb((low + high) / 2), arb((high - low) / 2)
        there = enclosure.ball(function, _BITS, {x: middle})
        across = arb(0, 1) * radius
        try:
            bound = weighed(there + across * enclosure.ball(slope, _BITS, {x: middle + across})).upper()
        except Undecided:  # The piece is too wide for a finite ball.
            bound = arb("inf")
        best = best.max(weighed(there).lower())
        finite = bound.is_finite()
        heappush(pieces, (finite, -_fraction(bound) if finite else fmpq(0), next(number), low, high))

    with working_precision(_BITS):
        for start in range(lower, upper):
            add(fmpq(start), fmpq(start + 1))
        for _ in range(_MOST_PIECES):
            finite, below, _, low, high = heappop(pieces)
            if finite and -arb(below) - best <= abs(best) * arb(10) ** -digits:
                return Enclosure.from_arb(best.union(-arb(below)), digits)
            middle = (low + high) / 2
            add(low, middle)
            add(middle, high)
    raise Undecided(f"the largest value of {function} from {lower} to {upper} could not be found to {digits} digits")


def _fraction(exact: arb) -> fmpq:
    mantissa, exponent = exact.man_exp()
    return fmpq(mantissa) * fmpq(2) ** int(exponent)
