r"""The moments that the five criteria are made of, and the length map :math:`M_2(q) = E\phi(\sqrt q\,z)^2` itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sympy import Basic, Expr

from gainderive import enclosure, exact, numbers
from gainderive.activations import Activation
from gainderive.derivation import Derivation, Source, ending
from gainderive.enclosure import Enclosure
from gainderive.errors import GainderiveError, MomentDiverges, NoClosedForm, StepRefused, Undecided
from gainderive.facade._derive import Chain, put_in, unfold
from gainderive.facade._resolve import resolve_elementwise
from gainderive.gaussian import GaussMean
from gainderive.status import Status
from gainderive.symbols import q, x

MOMENTS: dict[str, Callable[[Activation], Expr]] = {
    "mean": lambda act: GaussMean(act.phi, x, 1),
    "second moment": lambda act: GaussMean(act.phi**2, x, 1),
    "variance": lambda act: GaussMean(act.phi**2, x, 1) - GaussMean(act.phi, x, 1) ** 2,
    "slope's second moment": lambda act: GaussMean(act.phi_prime**2, x, 1),
}
"""Name of each moment at ``q = 1``, and the moment of an activation that is not unfolded."""

ASSUMPTIONS = ("z is standard normal",)


@dataclass(frozen=True)
class Moment:
    """A moment of an activation under N(0, 1).

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
    general, places = resolve_elementwise(what), numbers.digits(digits)
    closed = general.at(**parameters)
    found: dict[str, Moment | GainderiveError] = {}
    for name, left in MOMENTS.items():
        try:
            found[name] = _moment(general, closed, name, left, places)
        except (MomentDiverges, Undecided) as error:
            found[name] = error
    return found


def _moment(
    general: Activation, closed: Activation, name: str, left: Callable[[Activation], Expr], digits: int
) -> Moment:
    measured = left(general)
    derived = _first_closed_form((general, closed), f"The {name} of {general.title}", left)
    formula = None if derived is None else _right(derived)
    value = None if formula is None else put_in(formula, closed)
    bare = replace(closed, expression=closed.numeric)
    ball = None
    if closed.is_closed:
        ball = enclosure.enclose(unfold(left(bare), bare) if value is None else value, digits)
    status = Status.ENCLOSED if derived is None else derived.check()
    return Moment(measured, value, formula, ball, status, derived)


def length_map(what: Any) -> Derivation:
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
    """
    activation = resolve_elementwise(what)
    derived = _first_closed_form(
        (activation, activation.at()),
        f"The length map of {activation.title}",
        lambda act: GaussMean(act.phi**2, x, q),
    )
    if derived is None:
        raise NoClosedForm(f"none found for the length map of {activation.title}")
    return derived


def _right(derived: Derivation) -> Expr:
    value: Expr = derived.claim.args[1]
    return value


def _first_closed_form(
    candidates: tuple[Activation, ...], title: str, left: Callable[[Activation], Expr]
) -> Derivation | None:
    """Return the derivation for the first candidate that has one and passes its check."""
    for activation in dict.fromkeys(candidates):
        try:
            derived = _found(activation, title, left(activation))
            derived.check()
        except (NoClosedForm, StepRefused, Undecided):
            continue
        return derived
    return None


@lru_cache(maxsize=512)
def _found(activation: Activation, title: str, measured: Basic) -> Derivation:
    steps = Chain(measured)
    steps.unfold(activation)
    steps.extend(exact.close(steps.line))
    # A length map is read with its constants as letters; a number is wanted of a moment.
    if q not in measured.free_symbols:
        steps.put_in_constants(activation)
        steps.extend(exact.tidied(steps.line))
    return Derivation(
        title=title,
        given=measured,
        claim=ending(measured, steps.line),
        steps=tuple(steps),
        assumptions=ASSUMPTIONS,
        constants=tuple((c.symbol, c.value) for c in activation.constants),
        sources=(Source(activation.source),) if activation.source else (),
    )
