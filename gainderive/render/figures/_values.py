"""What is set of a figure, read exactly, and how numbers are written in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Rational

from gainderive import facade, numbers
from gainderive.activations import Activation
from gainderive.criteria import Criterion
from gainderive.errors import BadParameter, GainderiveError
from gainderive.expressions import shown
from gainderive.quadrature import Rule, rule

_LONGEST_FRACTION = 7


@dataclass(frozen=True)
class Scale:
    """A weight scale: how it is written, its value, and the criterion that it solves, if it was derived from one."""

    written: str
    value: float
    criterion: str = ""

    def __str__(self) -> str:
        return f"{self.written} ({self.criterion})" if self.criterion else self.written


def scale(given: Any, activation: Activation) -> Scale:
    """Return a gain that is given as a positive number, or by the criterion whose solution it is.

    Raises
    ------
    BadParameter
        When it is neither.
    NoSuchGain, SeveralGains, MomentDiverges, Undecided
        When the criterion has no single solution that can be found.
    """
    if isinstance(given, str) and given.strip() in set(Criterion):
        solved = facade.gain(activation, given.strip())
        assert solved.value is not None
        return Scale(number(solved.value, 5), solved.value, given.strip())
    exact = positive(given, "gain")
    return Scale(written(exact), float(exact))


def scales(given: Any, activation: Activation) -> tuple[Scale, ...]:
    """Return the gains in ascending order, each once; by default 1, the forward gain, 5/3 and 3."""
    if given is None:
        return _distinct([*(scale(g, activation) for g in ("1", "5/3", "3")), *_forward(activation)])
    several = given if isinstance(given, (tuple, list)) else (given,)
    if not several:
        raise BadParameter("at least one gain is needed, such as 5/3 or forward")
    return _distinct([scale(g, activation) for g in several])


def _forward(activation: Activation) -> tuple[Scale, ...]:
    try:
        return (scale(Criterion.FORWARD.value, activation),)
    except GainderiveError:  # an activation without one still has a picture at the others
        return ()


def _distinct(found: Iterable[Scale]) -> tuple[Scale, ...]:
    # Of a number that is given and derived, the derived one is kept: it says more.
    by_value = {one.value: one for one in sorted(found, key=lambda one: one.criterion)}
    return tuple(by_value[value] for value in sorted(by_value))


def positive(given: Any, name: str) -> Expr:
    """Return a positive number exactly."""
    exact = numbers.exact(given, name)
    if not exact.is_positive:
        raise BadParameter(f"{name} must be positive, not {shown(given)}.")
    return exact


def nonnegative(given: Any, name: str) -> Expr:
    """Return a number that is not negative exactly."""
    exact = numbers.exact(given, name)
    if not exact.is_nonnegative:
        raise BadParameter(f"{name} must not be negative, not {shown(given)}.")
    return exact


def whole(given: Any, name: str, least: int, most: int) -> int:
    """Return an integer between two others."""
    exact = numbers.exact(given, name)
    if not (exact.is_Integer and least <= int(exact) <= most):
        raise BadParameter(f"{name} must be an integer between {least} and {most}, not {shown(given)}.")
    return int(exact)


def written(exact: Expr) -> str:
    """Return a number as a short fraction, where it is one, else as a decimal.

    >>> written(Rational(5, 3)), written(Rational(1592537, 1000000))
    ('5/3', '1.5925')
    """
    fraction = str(exact)
    decimal = number(float(exact), 5)
    is_short = isinstance(exact, Rational) and len(fraction) <= _LONGEST_FRACTION and float(decimal) != float(exact)
    return fraction if is_short else decimal


def number(value: float, digits: int = 4) -> str:
    """Return a number as it is written in figures and in their words."""
    return f"{value + 0.0:.{digits}g}"


def percent(share: float, digits: int = 3) -> str:
    """Return a share in percent.

    >>> percent(0.0294), percent(1.0), percent(2e-9), percent(0.0)
    ('2.94 %', '100 %', 'below 0.001 %', '0 %')
    """
    if 0 < share < 1e-5:
        return "below 0.001 %"
    return f"{number(100 * share, digits)} %"


def second_moment(activation: Activation) -> Rule:
    """Return the length map without its scales, from ``q`` to the activation's second moment."""
    return rule(activation.numeric**2)
