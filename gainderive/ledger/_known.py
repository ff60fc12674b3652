"""Numbers that the library knows by name: gains, moments, what a result claims. They are computed when asked for."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any

from sympy import Expr, Interval

from gainderive import catalog, facade
from gainderive.derivation import items
from gainderive.enclosure import Enclosure
from gainderive.errors import BadClaim, GainderiveError
from gainderive.ledger._numbers import Number, made

DIGITS = 30
"""Digits of an enclosure where there is no closed form."""


def exact(number: Number) -> Expr:
    """Return the closed form of a number.

    >>> exact(gain_of("relu")) ** 2
    2

    Raises
    ------
    BadClaim
        When it has none, but only an enclosure.
    """
    found = made(number)
    if isinstance(found, Enclosure):
        raise BadClaim(f"only an enclosure is known, {found}, and no closed form")
    return found


def gain_of(activation: str, criterion: str = "forward", **parameters: Any) -> Callable[[], Expr | Enclosure]:
    """Return the number that is a gain: the closed form, or an enclosure.

    >>> gain_of("relu")()
    sqrt(2)
    """

    def made() -> Expr | Enclosure:
        return _number(facade.gain(activation, criterion, digits=DIGITS, **parameters))

    return made


def moment_of(activation: str, moment: str, **parameters: Any) -> Callable[[], Expr | Enclosure]:
    """Return the number that is a moment of an activation under N(0, 1): ``"mean"``, ``"variance"`` and so on.

    >>> moment_of("relu", "variance")()
    (1 - 1/pi)/2
    """

    def made() -> Expr | Enclosure:
        found = facade.moments(activation, digits=DIGITS, **parameters)[moment]
        if isinstance(found, GainderiveError):
            raise found
        return _number(found)

    return made


def _number(found: facade.Gain | facade.Moment) -> Expr | Enclosure:
    if found.exact is not None:
        return found.exact
    assert found.enclosure is not None
    return found.enclosure


def claimed_by(result: str, unknown: str) -> Callable[[], Expr | Enclosure]:
    """Return what a published result claims for the unknown called so: a closed form, or an enclosure.

    >>> claimed_by("GD-0017", "b")()
    sqrt(3)*sqrt(v)
    >>> float(claimed_by("GD-0009", "chi_1")().mid)
    1.2098313203828286

    Raises
    ------
    BadClaim
        When the result claims nothing of it.
    """

    def made() -> Expr | Enclosure:
        for item in items(catalog.result(result).derivation.claim):
            name, value = item.args
            if str(name) == unknown:
                return _enclosed(value) if isinstance(value, Interval) else value
        raise BadClaim(f"{result} claims nothing of {unknown!r}")

    return made


def _enclosed(interval: Interval) -> Enclosure:
    below, above = (Context(prec=2 * DIGITS, rounding=rounding) for rounding in (ROUND_FLOOR, ROUND_CEILING))
    lower = below.divide(Decimal(int(interval.start.p)), Decimal(int(interval.start.q)))
    upper = above.divide(Decimal(int(interval.end.p)), Decimal(int(interval.end.q)))
    # The interval of a result is about as wide as the last of its digits.
    return Enclosure(lower, upper, DIGITS - 2)
