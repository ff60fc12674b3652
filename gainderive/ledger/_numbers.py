"""Numbers of a claim: closed expressions or enclosures, made and enclosed when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact
from typing import TypeAlias

from flint import arb
from sympy import Expr, Rational, sympify

from gainderive import enclosure
from gainderive.balls import working_precision
from gainderive.enclosure import Enclosure
from gainderive.errors import Undecided

Number: TypeAlias = Expr | int | Enclosure | Callable[[], Expr | Enclosure]
"""An expression without free symbols, an enclosure, or a function that makes either when it is asked for."""

BITS = (64, 256, 1024, 4096)
"""Bits at which a comparison is tried, one after the other."""
_GUARD = 3
"""Digits beyond those shown."""
_MOST_ATTEMPTS = 5


def made(number: Number) -> Expr | Enclosure:
    """Return the expression or enclosure of a number.

    >>> from sympy import Integer
    >>> made(lambda: Integer(2)) + made(1)
    3
    """
    found = number() if callable(number) and not isinstance(number, Expr) else number
    if isinstance(found, Enclosure):
        return found
    expression: Expr = sympify(found)
    return expression


def ball(number: Expr | Enclosure, bits: int) -> arb:
    """Return a ball around a number."""
    if isinstance(number, Enclosure):
        return number.to_arb()
    with working_precision(bits):
        return enclosure.ball(number, bits)


def settled(question: Callable[[int], bool | None], about: object) -> bool:
    """Return the answer to a question that balls of some precision answer.

    Raises
    ------
    Undecided
        When none does.
    """
    for bits in BITS:
        with working_precision(bits):
            answer = question(bits)
        if answer is not None:
            return answer
    raise Undecided(f"{about} could not be decided with {BITS[-1]} bits")


def decimal(number: Number, digits: int) -> str:
    """Return a number rounded to significant digits, every one of which is certain.

    >>> from sympy import Integer, Rational, sqrt
    >>> decimal(sqrt(2), 6), decimal(Rational(1, 4), 6), decimal(Integer(10) ** -20 / 3, 3), decimal(-10, 4)
    ('1.41421', '0.25', '3.33e-21', '-10')

    Raises
    ------
    Undecided
        When no number of digits tells how to round.
    """
    found = made(number)
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    if isinstance(found, Rational):
        quotient = context.divide(Decimal(int(found.p)), Decimal(int(found.q)))
        return written(quotient if context.flags[Inexact] else quotient.normalize())
    for attempt in range(_MOST_ATTEMPTS):
        sure = found if isinstance(found, Enclosure) else enclosure.enclose(found, digits + _GUARD * 2**attempt)
        low, high = context.create_decimal(sure.lower), context.create_decimal(sure.upper)
        if low == high:
            return written(low.normalize() if sure.lower == sure.upper == low else low)
    raise Undecided(f"{found} could not be rounded to {digits} digits")


def written(number: Decimal) -> str:
    """Return a decimal as people write it: with an exponent only where there would be many zeros.

    >>> written(Decimal("1E+1")), written(Decimal("2e-9"))
    ('10', '2e-9')
    """
    few = -5 <= number.adjusted() < max(7, len(number.as_tuple().digits))
    return f"{number:f}" if few or number == 0 else str(number).lower()
