"""The check of a number that is recommended as a gain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, sympify

from gainderive import algebra, facade
from gainderive.criteria import Criterion
from gainderive.enclosure import Enclosure
from gainderive.errors import GainderiveError, SeveralGains
from gainderive.facade import Gain
from gainderive.ledger._evidence import Finding, Row
from gainderive.ledger._numbers import Number, ball, decimal, settled
from gainderive.ledger._printed import Printed
from gainderive.ledger._verdict import Verdict

_DIGITS = 10


@dataclass(frozen=True)
class Recommended:
    """A number that is recommended as the gain of an activation, looked for among the gains of all five criteria.

    *true* when it is the gain of the criterion that the sentence means (exactly, or rounded to the digits printed);
    *imprecise* when it is that of another criterion, or wrong in its last digits only; *folklore* when no criterion
    gives it.

    Parameters
    ----------
    number : Expr, int or str
        An exact number, or the printed digits of one.
    activation : str
        A name, or an expression in ``x``.
    criterion : str
        What the sentence means.
    parameters : mapping
        Values of the activation's parameters.

    Examples
    --------
    >>> from sympy import Rational, sqrt
    >>> Recommended(Rational(5, 3), "tanh").examine().verdict
    <Verdict.FOLKLORE: 'folklore'>
    >>> Recommended(sqrt(2), "relu").examine().verdict, Recommended("1.41", "relu").examine().verdict
    (<Verdict.TRUE: 'true'>, <Verdict.TRUE: 'true'>)
    >>> Recommended(1, "tanh").examine().verdict, Recommended(1, "tanh", "linearized").examine().verdict
    (<Verdict.IMPRECISE: 'imprecise'>, <Verdict.TRUE: 'true'>)
    """

    number: Expr | int | str
    activation: str
    criterion: str = "forward"
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def examine(self) -> Finding:
        """Compare with the gain of each criterion."""
        meant = Criterion(self.criterion)
        rows: list[Row] = []
        verdicts = [Verdict.FOLKLORE]
        for criterion, gain in _gains(facade.gains(self.activation, **self.parameters)):
            found = self._against(gain)
            if found is Verdict.TRUE or criterion is meant:
                verdicts.append({Verdict.FALSE: Verdict.FOLKLORE}.get(found, found) if criterion is meant
                                else Verdict.IMPRECISE)  # fmt: skip
            what = f"{criterion} gain of {self.activation}, against {self.number}"
            # That another criterion than the meant one gives another number is no objection.
            holds = found is Verdict.TRUE if criterion is meant else found is Verdict.TRUE or None
            rows.append(Row(what, decimal(_number(gain), _DIGITS), gain.status, holds, criterion.meaning))
        return Finding(min(verdicts, key=list(Verdict).index), tuple(rows))

    def _against(self, gain: Gain) -> Verdict:
        if isinstance(self.number, str):
            return Printed(self.number, _number(gain)).examine().verdict
        number: Expr = sympify(self.number)
        if gain.exact is not None and algebra.equal(number, gain.exact):
            return Verdict.TRUE
        settled(lambda bits: _apart(number, _number(gain), bits), f"whether {number} is {gain}")
        return Verdict.FALSE


def _gains(found: facade.Gains) -> Iterator[tuple[Criterion, Gain]]:
    """Yield the gains that exist, several to a criterion where it has several."""
    for criterion, answer in found.items():
        for gain in _of(answer):
            yield Criterion(criterion), gain


def _of(answer: Gain | GainderiveError) -> tuple[Gain, ...]:
    if isinstance(answer, Gain):
        return (answer,)
    return answer.roots if isinstance(answer, SeveralGains) else ()


def _number(gain: Gain) -> Number:
    if gain.exact is not None:
        return gain.exact
    assert isinstance(gain.enclosure, Enclosure)
    return gain.enclosure


def _apart(one: Expr, other: Any, bits: int) -> bool | None:
    return True if not ball(one, bits).overlaps(ball(other, bits)) else None
