"""The checks of numbers that somebody printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from flint import arb, fmpq
from sympy import Rational

from gainderive.balls import working_precision
from gainderive.enclosure import Enclosure
from gainderive.errors import BadClaim
from gainderive.ledger._evidence import Finding, Row
from gainderive.ledger._numbers import Number, ball, decimal, made, settled
from gainderive.ledger._verdict import Verdict
from gainderive.status import Status

NEAR = fmpq(1, 100)
"""Relative error up to which a wrong number is called imprecise: who prints it means this number."""

_HALF = fmpq(1, 2)
_BITS_PER_DIGIT, _MORE_BITS = 4, 64
"""Bits at which an error is computed, by the digits that are printed, so that it is told to a few digits."""
_SHOWN = 3
"""Digits of an error, and digits of a value beyond those printed."""


@dataclass(frozen=True)
class Comparison:
    """A printed number beside the exact one.

    Attributes
    ----------
    verdict : Verdict
        On the printed number.
    exact : str
        The exact number, to more digits than were printed.
    units : str
        The error in units of the last printed digit.
    judgement : str
        The error in words.
    """

    verdict: Verdict
    exact: str
    units: str
    judgement: str


@dataclass(frozen=True)
class Printed:
    """A printed number against the exact one.

    *true* when the printed one is the exact one correctly rounded to its last place; *imprecise* when it is off by
    more, but by at most 1 % of the exact one; else *false*. The error is computed in balls, and told in units of the
    last printed digit.

    Parameters
    ----------
    text : str
        The number as it was printed, such as ``"1.6733"`` or ``"2e-4"``.
    value : Expr or Enclosure, or callable that returns one
        The exact number.
    of : str
        What it is, in words.

    Raises
    ------
    BadClaim
        When `text` is no decimal number.
    Undecided
        When the exact number is not known well enough.

    Examples
    --------
    >>> from sympy import sqrt
    >>> [Printed(text, sqrt(2)).examine().verdict.value for text in ("1.4142", "1.4143", "1.5")]
    ['true', 'imprecise', 'false']
    >>> row = Printed("1.4143", sqrt(2)).examine().rows[-1]
    >>> row.value, row.how
    ('0.864', 'the last digit is wrong')
    """

    text: str
    value: Number
    of: str = "exact value"

    def examine(self) -> Finding:
        """Compute the error and judge it."""
        found = self.compare()
        rounded = found.verdict is Verdict.TRUE
        rows = (
            Row("printed", self.text, Status.PROVED),
            Row(self.of, found.exact, Status.ENCLOSED),
            Row("error in units of the last printed digit", found.units, Status.ENCLOSED, rounded, found.judgement),
        )
        return Finding(found.verdict, rows)

    def compare(self) -> Comparison:
        """Compute the error."""
        printed, value = self._printed, made(self.value)
        shown, exponent = len(printed.as_tuple().digits), printed.as_tuple().exponent
        assert isinstance(exponent, int)
        unit = _fraction(Decimal(1).scaleb(exponent))

        def error(bits: int) -> arb:
            return arb(_fraction(printed)) - ball(value, bits)

        def is_at_most(bits: int, factor: arb) -> bool | None:
            size = abs(error(bits))
            return True if size <= factor else False if size > factor else None

        if isinstance(value, Rational):
            # No ball tells that an error is half a unit exactly.
            exact = fmpq(int(value.p), int(value.q))
            off = abs(_fraction(printed) - exact)
            rounded, near = off <= _HALF * unit, off <= abs(exact) * NEAR
        else:
            rounded = settled(lambda bits: is_at_most(bits, arb(_HALF * unit)), f"the last digit of {self.text}")
            near = settled(lambda bits: is_at_most(bits, abs(ball(value, bits)) * NEAR), f"{self.text}'s error")
        bits = _BITS_PER_DIGIT * (shown + abs(exponent)) + _MORE_BITS
        with working_precision(bits):
            units = Enclosure.from_arb(error(bits) / arb(unit), _SHOWN)
        verdict = Verdict.TRUE if rounded else Verdict.IMPRECISE if near else Verdict.FALSE
        judgement = {
            Verdict.TRUE: "correctly rounded to the last printed digit",
            Verdict.IMPRECISE: _wrong(units, shown),
            Verdict.FALSE: "off by more than 1 %",
        }[verdict]
        told = f"{units.mid:.{_SHOWN}g}" if abs(units.mid) > units.rad else "0"
        return Comparison(verdict, decimal(value, shown + _SHOWN), told, judgement)

    @property
    def _printed(self) -> Decimal:
        try:
            read = Decimal(self.text)
        except InvalidOperation:
            raise BadClaim(f"{self.text!r} is no printed number; write it as a decimal, such as '1.6733'") from None
        if not read.is_finite():
            raise BadClaim(f"{self.text!r} is no finite number")
        return read


@dataclass(frozen=True)
class PrintedTable:
    """A table of printed numbers, each against the exact one; its verdict is that of its worst entry.

    Parameters
    ----------
    entries : mapping from str to Printed
        The entries under what they are of.

    Examples
    --------
    >>> from sympy import sqrt
    >>> table = PrintedTable({"√2": Printed("1.4142", sqrt(2)), "√3": Printed("1.7320", sqrt(3))})
    >>> for row in table.examine().rows:
    ...     print(row.what, row.value, row.how)
    √2 (printed 1.4142) 1.4142136 error -0.136 units: correctly rounded to the last printed digit
    √3 (printed 1.7320) 1.7320508 error -0.508 units: the last digit is wrong
    """

    entries: Mapping[str, Printed] = field(hash=False)

    def examine(self) -> Finding:
        """Compare every entry."""
        found = {name: printed.compare() for name, printed in self.entries.items()}
        rows = tuple(
            Row(
                f"{name} (printed {self.entries[name].text})",
                one.exact,
                Status.ENCLOSED,
                one.verdict is Verdict.TRUE,
                f"error {one.units} units: {one.judgement}",
            )
            for name, one in found.items()
        )
        return Finding(Verdict.worst(one.verdict for one in found.values()), rows)


def _fraction(number: Decimal) -> fmpq:
    return fmpq(*number.as_integer_ratio())


def _wrong(units: Enclosure, digits: int) -> str:
    """Tell how many of the last digits are wrong, by an error in units of the last one."""
    size, wrong = max(abs(units.lower), abs(units.upper)), 1
    while wrong < digits and size > Decimal("0.5").scaleb(wrong):
        wrong += 1
    return f"the last {'digit is' if wrong == 1 else f'{wrong} digits are'} wrong"
