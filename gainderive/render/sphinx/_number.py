"""A gain's decimal, every digit of which is certain."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any


def decimal(answer: Mapping[str, Any], digits: int) -> str | None:
    """Return the decimal of a gain's plain data, rounded to significant digits; ``None`` when it is not known so far.

    Parameters
    ----------
    answer : mapping
        From ``Gain.to_dict()``.
    digits : int
        Significant digits.

    Examples
    --------
    >>> decimal({"enclosure": {"lower": "1.41421356237", "upper": "1.41421356238"}}, 6)
    '1.41421'
    >>> decimal({"enclosure": {"lower": "1", "upper": "1"}}, 6)
    '1'
    >>> decimal({"enclosure": {"lower": "1.41", "upper": "1.42"}}, 6) is None
    True
    """
    lower, upper = (Decimal(answer["enclosure"][end]) for end in ("lower", "upper"))
    if lower == upper == lower.to_integral_value():
        return f"{lower:f}".split(".")[0]
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    rounded = {context.create_decimal(end) for end in (lower, upper)}
    return f"{rounded.pop():f}" if len(rounded) == 1 else None
