"""The gains of many activations and units at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sympy import Expr

from gainderive import activations, batch, display, units
from gainderive.activations import Activation
from gainderive.criteria import Criterion
from gainderive.errors import GainderiveError, MomentDiverges, NoSuchGain, SeveralGains
from gainderive.facade._derive import derive
from gainderive.facade._find import gains
from gainderive.facade._gain import Gain, Gains
from gainderive.status import Status
from gainderive.units import Unit

MARKS = {Status.PROVED: "∎", Status.ENCLOSED: "±", Status.ESTIMATED: "≈", Status.SAMPLED: "~"}
"""The sign behind a number that says how far to trust it, where a word is too long."""


@dataclass(frozen=True)
class Survey(Mapping[str, Gains]):
    """All five gains of each of several activations and units: a mapping from name to :class:`Gains`, and a table."""

    found: tuple[tuple[str, Gains], ...]

    def __getitem__(self, name: str) -> Gains:
        return dict(self.found)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(name for name, _ in self.found)

    def __len__(self) -> int:
        return len(self.found)

    def _table(self) -> list[list[str]]:
        head = ["", *map(str, Criterion)]
        return [head, *([name, *(brief(gains[c]) for c in Criterion)] for name, gains in self.found)]

    def __str__(self) -> str:
        table = self._table()
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in table]
        return "\n".join([*lines, *([legend(g for _, g in self.found)] if self.found else [])])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        head, *rows = self._table()
        return display.table(legend(g for _, g in self.found), rows, head)

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Return plain data for JSON."""
        return {name: gains.to_dict() for name, gains in self.found}


def brief(answer: Gain | GainderiveError, digits: int = 10) -> str:
    """Return an answer in so few characters that it fits into a table.

    >>> brief(gains("tanh")["forward"]), brief(gains("tanh")["activation"])
    ('1.592537420 ±', 'none')
    """
    match answer:
        case Gain(value=float(value)):
            return marked(value, answer.exact, answer.status, digits)
        case SeveralGains(roots=()):
            return "every g"
        case SeveralGains(roots=roots):
            return ", ".join(brief(root, digits) for root in roots)
        case NoSuchGain():
            return "none" if answer.proved else "none found"
        case MomentDiverges():
            return "diverges"
    return "undecided"


def marked(value: float, exact: Expr | None, status: Status, digits: int) -> str:
    """Return a number and the sign of its status; an exact integer as it stands.

    >>> from sympy import Integer
    >>> marked(2**0.5, None, Status.ENCLOSED, 5), marked(1.0, Integer(1), Status.PROVED, 5)
    ('1.4142 ±', '1 ∎')
    """
    is_short = value == 0 or (exact is not None and exact.is_Integer)
    shown = f"{value:.0f}" if is_short else f"{value:#.{digits}g}"
    return f"{shown} {MARKS[status]}"


def legend(found: Iterable[Gains]) -> str:
    """Return what the signs of a table mean, those that occur."""
    statuses = {a.status for gains in found for a in gains.values() if isinstance(a, Gain)}
    return ", ".join(f"{MARKS[status]} {status}" for status in sorted(statuses, reverse=True))


def survey(
    names: Iterable[Any] | None = None, *, digits: int = 15, workers: batch.Workers = 1, progress: bool = False
) -> Survey:
    """Return all five gains of many activations and units, each derivation checked.

    Parameters
    ----------
    names : iterable, optional
        What :func:`gains` takes; every activation and every unit that has a file unless told otherwise.
    digits : int
        As in :func:`gain`.
    workers : int or callable
        Number of processes, or a function that is called like ``map``; the numbers are the same.
    progress : bool
        Show a bar on stderr, if that is a terminal.

    Raises
    ------
    BadWorkers, WorkFailed
        As :func:`gainderive.batch.mapped`; and what :func:`gains` raises for bad input.

    Examples
    --------
    >>> print(survey(["relu", "tanh"]))
          forward        centered       activation     backward       linearized
    relu  1.414213562 ∎  1.712858550 ∎  1.414213562 ∎  1.414213562 ∎  none
    tanh  1.592537420 ±  1.592537420 ±  none           1.467413592 ±  1 ∎
    ∎ proved, ± enclosed
    """
    chosen = list((*activations.names(), *units.names()) if names is None else names)
    answers = batch.mapped(
        partial(verified_gains, digits=digits), chosen, workers, progress=progress, what="survey", unit="entry"
    )
    called = (what.name if isinstance(what, (Activation, Unit)) else str(what) for what in chosen)
    return Survey(tuple(zip(called, answers, strict=True)))


def verified_gains(what: Any, *, digits: int = 15) -> Gains:
    """Return :func:`gains`, the derivation of each checked, those that end in an interval too."""
    found = gains(what, digits=digits)
    checked = tuple(
        (c, replace(a, status=min(a.status, derive(what, c).check())) if isinstance(a, Gain) else a)
        for c, a in found.found
    )
    return replace(found, found=checked)
