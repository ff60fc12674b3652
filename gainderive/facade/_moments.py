r"""The moments that the five criteria are made of, and the length map :math:`M_2(q) = E\phi(\sqrt q\,z)^2` itself.

Those of a unit are averages, as in its criteria: over the outputs, and the slope's over the preactivations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sympy import Add, Basic, Expr, S, sqrt

from gainderive import display, enclosure, exact, numbers
from gainderive.assumptions import Assumption, own_weights
from gainderive.criteria import Criterion
from gainderive.derivation import Derivation, Source, ending
from gainderive.enclosure import Enclosure
from gainderive.errors import GainderiveError, MomentDiverges, NoClosedForm, StepRefused, Undecided
from gainderive.facade._derive import Chain, Entry, put_in, unfold
from gainderive.facade._resolve import resolve
from gainderive.facade._unit import in_gaussian_means
from gainderive.gaussian import GaussMean
from gainderive.notation import latex
from gainderive.status import Status
from gainderive.symbols import g, q, x
from gainderive.units import Unit


def _mean(entry: Entry) -> Expr:
    if isinstance(entry, Unit):
        return Add(*(entry.mean(head, S.One) for head in entry.heads)) / len(entry.heads)
    return GaussMean(entry.phi, x, 1)


MOMENTS: dict[str, Callable[[Entry], Expr]] = {
    "mean": _mean,
    "second moment": lambda entry: Criterion.FORWARD.left(entry) / g**2,
    "variance": lambda entry: Criterion.CENTERED.left(entry) / g**2,
    "slope's second moment": lambda entry: Criterion.BACKWARD.left(entry) / g**2,
}
"""Name of each moment at ``q = 1``, and the moment of an activation or unit that is not unfolded."""


@dataclass(frozen=True)
class Moment:
    """A moment of an activation or unit under N(0, 1).

    Attributes
    ----------
    measured : Expr
        The moment, the activation not unfolded: ``E[relu(z)**2]``.
    exact, formula : Expr or None
        Closed form at the given parameters, and with symbolic ones.
    enclosure : Enclosure or None
        Rigorous interval; ``None`` while a parameter is symbolic.
    status : Status
        Computed, not declared.
    derivation : Derivation or None
        Of the closed form, checked.
    """

    measured: Expr
    exact: Expr | None
    formula: Expr | None
    enclosure: Enclosure | None
    status: Status
    derivation: Derivation | None

    def __str__(self) -> str:
        shown = [str(part) for part in (self.exact, self.enclosure) if part is not None]
        return f"{' = '.join(dict.fromkeys(shown))}, {self.status}"

    def __repr__(self) -> str:
        return f"Moment({self})"

    def to_latex(self) -> str:
        r"""Return the moment as LaTeX: what is measured, its closed form, and the interval in which it lies.

        >>> moments("relu")["mean"].to_latex()
        '\\mathbb{E}\\left[\\operatorname{relu}{\\left(z \\right)}\\right] = \\frac{\\sqrt{2}}{2 \\sqrt{\\pi}}'
        """
        value = self.exact if self.exact is not None else self.formula
        shown = [] if value is None else [latex(value)]
        if self.enclosure is not None and value is None:
            shown.append(self.enclosure.to_latex())
        return " = ".join([latex(self.measured), *shown])

    def _repr_latex_(self) -> str:
        return f"${self.to_latex()}$"

    def _repr_html_(self) -> str:
        rows = {
            "moment": display.formula(self.to_latex()),
            "interval": "" if self.enclosure is None else display.formula(self.enclosure.to_latex()),
            "status": str(self.status),
        }
        return display.table("", ((name, shown) for name, shown in rows.items() if shown))


def moments(what: Any, *, digits: int = 15, **parameters: Any) -> dict[str, Moment | GainderiveError]:
    """Return mean, second moment, variance, and second moment of the slope, each under N(0, 1).

    A moment that is infinite, or could not be bounded, is the error that says so.

    Examples
    --------
    >>> for name, moment in moments("relu").items():
    ...     print(f"{name:<21} {moment}")
    mean                  sqrt(2)/(2*sqrt(pi)) = 0.3989422804014327 ± 1e-16, proved
    second moment         1/2 = 0.5, proved
    variance              (1 - 1/pi)/2 = 0.3408450569081047 ± 1e-16, proved
    slope's second moment 1/2 = 0.5, proved
    """
    general, places = resolve(what), numbers.digits(digits)
    closed = general.at(**parameters)
    found: dict[str, Moment | GainderiveError] = {}
    for name, left in MOMENTS.items():
        try:
            found[name] = _moment(general, closed, name, left, places)
        except (MomentDiverges, Undecided) as error:
            found[name] = error
    return found


def _moment(general: Entry, closed: Entry, name: str, left: Callable[[Entry], Expr], digits: int) -> Moment:
    # The number of a unit's preactivations is always a number where one is taken the mean over.
    measured = left(general if _is_written_out(general) else closed)
    derived = _first_closed_form((general, closed), f"The {name} of {general.title}", left)
    formula = None if derived is None else _right(derived)
    value = None if formula is None else put_in(formula, closed.set_to)
    ball = None
    if closed.is_closed:
        ball = enclosure.enclose(_unfolded(left, closed) if value is None else value, digits)
    status = Status.ENCLOSED if derived is None else derived.check()
    return Moment(measured, value, formula, ball, status, derived)


def _unfolded(left: Callable[[Entry], Expr], closed: Entry) -> Expr:
    """Return a moment in Gaussian means over ``x`` alone, definitions and named constants put in."""
    if isinstance(closed, Unit):
        return in_gaussian_means(left(closed), closed)
    bare = replace(closed, expression=closed.numeric)
    return unfold(left(bare), bare)


def _is_written_out(entry: Entry) -> bool:
    """Tell whether it is known over which preactivations a mean is taken; not so while their number is a symbol."""
    return not isinstance(entry, Unit) or bool(entry.inputs)


def length_map(what: Any, **parameters: Any) -> Derivation:
    r"""Return the checked derivation of :math:`M_2(q) = E\phi(\sqrt q\,z)^2` in closed form, for every ``q > 0``.

    Parameters stay symbolic where that leads to a closed form, else they have their defaults.

    Raises
    ------
    NoClosedForm
        When none is found; that none exists is not claimed.

    Examples
    --------
    >>> length_map("relu").claim
    Eq(E[relu(sqrt(q)*z)**2], q/2)
    >>> length_map("leaky_relu", negative_slope=0.2).claim.rhs
    13*q/25
    >>> length_map("reglu").claim
    Eq(E[reglu(sqrt(q)*z_1, sqrt(q)*z_2)**2], q**2/2)
    """
    entry = resolve(what)
    if parameters:
        entry = entry.at(**parameters)
    derived = _first_closed_form(
        (entry, entry.at()), f"The length map of {entry.title}", lambda e: Criterion.ACTIVATION.left(e).subs(g, sqrt(q))
    )
    if derived is None:
        raise NoClosedForm(f"none found for the length map of {entry.title}")
    return derived


def _right(derived: Derivation) -> Expr:
    value: Expr = derived.claim.args[1]
    return value


def _first_closed_form(candidates: tuple[Entry, ...], title: str, left: Callable[[Entry], Expr]) -> Derivation | None:
    """Return the derivation for the first candidate that has one and passes its check."""
    for entry in filter(_is_written_out, dict.fromkeys(candidates)):
        try:
            derived = _found(entry, title, left(entry))
            derived.check()
        except (NoClosedForm, StepRefused, Undecided):
            continue
        return derived
    return None


@lru_cache(maxsize=512)
def _found(entry: Entry, title: str, measured: Basic) -> Derivation:
    steps = Chain(measured)
    steps.unfold(entry)
    steps.extend(exact.close(steps.line))
    # A length map is read with its constants as letters; a number is wanted of a moment.
    if q not in measured.free_symbols:
        steps.put_in_constants(entry)
        steps.extend(exact.tidied(steps.line))
    return Derivation(
        title=title,
        given=measured,
        claim=ending(measured, steps.line),
        steps=tuple(steps),
        assumptions=_assumptions(entry),
        constants=tuple((c.symbol, c.value) for c in entry.constants),
        sources=(Source(entry.source),) if entry.source else (),
    )


def _assumptions(entry: Entry) -> tuple[Assumption, ...]:
    if isinstance(entry, Unit) and len(entry.inputs) > 1:
        variables = ", ".join(f"z_{i}" for i in range(1, len(entry.inputs) + 1))
        return (
            Assumption(
                f"{variables} are independent standard normal", otherwise=own_weights(len(entry.inputs)).otherwise
            ),
        )
    return (Assumption("z is standard normal", otherwise=_OTHER_LAW),)


_OTHER_LAW = (
    "Under N(0, q) the mean is that of φ(√q z), which the length map says for the second moment; under another law it "
    "is another number."
)
