"""The values that the facade returns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sympy import Expr, Float, Rational

from gainderive import display, units
from gainderive.activations import Activation
from gainderive.callables import Opaque
from gainderive.criteria import Criterion
from gainderive.derivation import Derivation
from gainderive.digest import describe, describe_all
from gainderive.enclosure import Enclosure
from gainderive.errors import (
    BadCallable,
    GainderiveError,
    MomentDiverges,
    NoClosedForm,
    NoSuchGain,
    SeveralGains,
    Undecided,
    UnknownActivation,
)
from gainderive.facade._derive import derive
from gainderive.facade._resolve import NO_FORMULA
from gainderive.notation import ball, latex
from gainderive.status import Status
from gainderive.units import Unit


def settings(entry: Activation | Unit | Opaque) -> dict[str, str]:
    """Return the parameters' values as text, under the names by which they are set."""
    if not entry.set_to:
        return {}
    try:
        names = {p.symbol: p.name for p in units.named(entry.name).parameters}
    except UnknownActivation:
        names = {}
    # An entry of the user's own may have any name, so also that of another.
    return {names.get(symbol, str(symbol)): str(value) for symbol, value in entry.set_to.items()}


@dataclass(frozen=True)
class Gain:
    """A gain ``g``, in ``Var W = g**2 / fan``, with everything that says how far to trust it.

    Attributes
    ----------
    activation : Activation, Unit or Opaque
        With its parameters set; the last for a callable without a formula.
    criterion : Criterion
        Which of the five meanings.
    value : float or None
        Correctly rounded up to one unit in the last place, or within `error` for a callable without a formula;
        ``None`` while a parameter is symbolic.
    exact : Expr or None
        Closed form at the given parameters.
    formula : Expr or None
        Closed form with symbolic parameters.
    enclosure : Enclosure or None
        Rigorous interval; ``None`` while a parameter is symbolic.
    status : Status
        Computed, not declared.
    id : str or None
        The published result that settles it.
    error : float or None
        Estimate of the absolute error of `value`, where no enclosure says it better.
    remark : str or None
        What the gain does not mean here although its name suggests it.

    Examples
    --------
    >>> import gainderive as gd
    >>> gd.gain("relu")
    Gain(sqrt(2) = 1.4142135623730951, proved, GD-0005)
    >>> float(gd.gain("tanh"))
    1.5925374197228315
    >>> gd.gain("leaky_relu").formula
    sqrt(2)/sqrt(a**2 + 1)
    """

    activation: Activation | Unit | Opaque
    criterion: Criterion
    value: float | None
    exact: Expr | None
    formula: Expr | None
    enclosure: Enclosure | None
    status: Status
    id: str | None = None
    error: float | None = None
    remark: str | None = None

    @property
    def derivation(self) -> Derivation:
        """The checked derivation."""
        if isinstance(self.activation, Opaque):
            raise BadCallable(NO_FORMULA.format(name=self.activation.name))
        return derive(self.activation, self.criterion)

    def __float__(self) -> float:
        if self.value is None:
            raise TypeError(f"{self.exact} has symbolic parameters and is no number")
        return self.value

    def __str__(self) -> str:
        return describe(self.to_dict())

    def __repr__(self) -> str:
        return f"Gain({self})"

    def to_latex(self) -> str:
        r"""Return ``g = ...`` as LaTeX: the closed form and its value, or the ball in which the gain lies.

        >>> import gainderive as gd
        >>> gd.gain("relu").to_latex()
        'g = \\sqrt{2} \\approx 1.4142135623730951'
        """
        if self.exact is not None:
            return f"g = {latex(self.exact)}{self._decimal()}"
        if self.enclosure is not None:
            return f"g = {self.enclosure.to_latex()}"
        if self.value is None or self.error is None:
            return f"g = {self.value!r}"
        value, error = Rational(self.value), Rational(self.error)
        return f"g = {ball(value - error, value + error)}"

    def _decimal(self) -> str:
        """Return the relation and the decimal that follow the closed form as LaTeX, where they add to it."""
        if self.value in (None, 0.0, math.inf) or (self.exact is not None and self.exact.is_Integer):
            return ""
        relation = "=" if Rational(repr(self.value)) == self.exact else r"\approx"
        return f" {relation} {latex(Float(repr(self.value)))}"

    def _repr_latex_(self) -> str:
        return f"${self.to_latex()}$"

    def _repr_html_(self) -> str:
        rows = {
            "gain": display.formula(self.to_latex()),
            "interval": self._interval(),
            "status": str(self.status),
            "result": self.id or "",
            "criterion": f"{self.criterion}: {self.criterion.meaning}",
            "condition": _condition(self.criterion, self.activation),
            "parameters": ", ".join(f"{name} = {value}" for name, value in settings(self.activation).items()),
            "remark": self.remark or "",
        }
        return display.table(f"Gain of {self.activation.title}", ((name, cell) for name, cell in rows.items() if cell))

    def _interval(self) -> str:
        """Return the rigorous interval of a closed form; one without has it in its first line already."""
        if self.exact is None or self.enclosure is None or self.enclosure.rad == 0:
            return ""
        return display.formula(f"g = {self.enclosure.to_latex()}")

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON; numbers that a double would round are strings.

        ``error`` and ``remark`` are there when there are any.
        """
        interval = self.enclosure
        further = {"error": self.error, "remark": self.remark}
        return {
            "activation": self.activation.name,
            "title": self.activation.title,
            "parameters": settings(self.activation),
            "criterion": str(self.criterion),
            "value": self.value,
            "exact": None if self.exact is None else str(self.exact),
            "formula": None if self.formula is None else str(self.formula),
            "enclosure": None
            if interval is None
            else {"lower": str(interval.lower), "upper": str(interval.upper), "digits": interval.digits},
            "status": str(self.status),
            "id": self.id,
        } | {name: value for name, value in further.items() if value is not None}


@dataclass(frozen=True)
class Gains(Mapping[str, "Gain | GainderiveError"]):
    """All five gains of an activation: from criterion to ``Gain``, or to the error that says why there is none."""

    ANSWERS: ClassVar = (NoSuchGain, SeveralGains, MomentDiverges, NoClosedForm, Undecided)
    """Errors that answer the question, as against bad input."""

    activation: Activation | Unit | Opaque
    found: tuple[tuple[Criterion, Gain | GainderiveError], ...]

    def __getitem__(self, criterion: str) -> Gain | GainderiveError:
        return dict(self.found)[Criterion(criterion)]

    def __iter__(self) -> Iterator[str]:
        return iter(criterion for criterion, _ in self.found)

    def __len__(self) -> int:
        return len(self.found)

    def __str__(self) -> str:
        return describe_all({criterion: str(gain) for criterion, gain in self.found})

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Return plain data for JSON: for each criterion that of the gain, or the error's type and message."""
        return {
            str(criterion): answer.to_dict()
            if isinstance(answer, Gain)
            else {"error": type(answer).__name__, "message": str(answer)}
            for criterion, answer in self.found
        }

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        rows = ((str(c), _condition(c, self.activation), *_answer(answer)) for c, answer in self.found)
        return display.table(f"Gains of {self.activation.title}", rows, ("criterion", "condition", "gain", "status"))


def _condition(criterion: Criterion, entry: Activation | Unit | Opaque) -> str:
    """Return the equation that the gain solves; nothing for a callable, which has no formula."""
    return "" if isinstance(entry, Opaque) else display.formula(latex(criterion.condition(entry)))


def _answer(answer: Gain | GainderiveError) -> tuple[str, str]:
    """Return a gain, or why there is none, and how far to trust it, as cells of a table."""
    if isinstance(answer, SeveralGains) and answer.roots:
        shown, statuses = zip(*map(_answer, answer.roots), strict=True)
        return display.joined(*(display.element("div", root) for root in shown)), "; ".join(dict.fromkeys(statuses))
    if not isinstance(answer, Gain):
        return str(answer), ""
    remark = [display.element("div", display.element("small", answer.remark))] if answer.remark else []
    trust = ", ".join(filter(None, (answer.status, answer.id)))
    return display.joined(display.formula(answer.to_latex()), *remark), trust
