r"""The edge of chaos: the pairs :math:`(\sigma_w, \sigma_b)` with :math:`\chi_1 = 1` at a fixed point.

:math:`\sigma_w^2 D(q) = 1` and :math:`\sigma_w^2 M_2(q) + \sigma_b^2 = q` hold together if and only if

.. math:: (q - \sigma_b^2)\,D(q) = M_2(q) , \qquad \sigma_w^2 = 1/D(q) ,

which is one equation in ``q``. For :math:`q \le \sigma_b^2` its left side is not positive: no solution is missed below.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, overload

from sympy import Expr, Rational, S, sqrt

from gainderive import algebra, display, enclosure, numbers
from gainderive.activations import Activation
from gainderive.balls import working_precision
from gainderive.charts import Equation, certified, crossings_of
from gainderive.derivation._scale import doubled_even_part
from gainderive.enclosure import Enclosure
from gainderive.errors import GainderiveError, NoSuchEdge, SeveralEdges, Undecided
from gainderive.meanfield._scales import about_jumps, closed, slope_square, standard_deviation
from gainderive.pieces import is_odd
from gainderive.symbols import q, x

_GUARD = 4
_BITS_PER_DIGIT = 3.33
_LARGEST = Rational(100)
_SMALLEST = Rational(1, 10**3)
"""Second moments between which edges are looked for; the lower end is the biases' where they have one."""


@dataclass(frozen=True)
class Edge:
    r"""A point of the edge of chaos.

    Attributes
    ----------
    activation : Activation
        With its parameters set.
    sigma_w : Enclosure
        The weights' standard deviation times the root of the fan.
    sigma_b : Expr
        That of the biases, as it was given.
    q : Enclosure
        The fixed point at which :math:`\chi_1 = 1`; 0 where the signal dies, slowly.
    slope : Enclosure
        Of the length map there.
    exact : Expr or None
        `sigma_w` in closed form.
    searched : (float, float)
        It is proved that there are no other edges with second moments between these; 0 is looked at by itself.
    remark : str
        What :math:`\chi_1` does not mean, where the activation jumps.
    """

    activation: Activation
    sigma_w: Enclosure
    sigma_b: Expr
    q: Enclosure
    slope: Enclosure
    exact: Expr | None
    searched: tuple[float, float]
    remark: str = ""

    @property
    def stable(self) -> bool | None:
        """Whether the fixed point attracts, so that a deep network gets there; ``None`` at slope 1."""
        return True if abs(self.slope.upper) < 1 else False if self.slope.lower > 1 else None

    def __float__(self) -> float:
        return float(self.sigma_w)

    def __str__(self) -> str:
        exact = "" if self.exact is None else f"{self.exact} = "
        return f"{self.activation.title}: σ_w = {exact}{self.sigma_w}, σ_b = {self.sigma_b}, q = {self.q}"

    __repr__ = __str__


@dataclass(frozen=True)
class EdgeCurve(Sequence[Edge]):
    """The edge of chaos at several second moments of the biases, in the order in which they were given."""

    points: tuple[Edge, ...]

    @property
    def sigma_b(self) -> tuple[float, ...]:
        """Standard deviations of the biases."""
        return tuple(float(point.sigma_b) for point in self.points)

    @property
    def sigma_w(self) -> tuple[float, ...]:
        """Critical standard deviations of the weights, times the root of the fan."""
        return tuple(float(point.sigma_w) for point in self.points)

    @property
    def q(self) -> tuple[float, ...]:
        """Second moments at which the network rests."""
        return tuple(float(point.q) for point in self.points)

    @overload
    def __getitem__(self, index: int) -> Edge: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Edge, ...]: ...
    def __getitem__(self, index: int | slice) -> Edge | tuple[Edge, ...]:
        return self.points[index]

    def __len__(self) -> int:
        return len(self.points)

    def __iter__(self) -> Iterator[Edge]:
        return iter(self.points)

    def __str__(self) -> str:
        return "\n".join(map(str, self.points))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [(f"σ_b = {p.sigma_b}", display.element("span", f"σ_w = {p.sigma_w}, q = {p.q}")) for p in self.points]
        return display.table("Edge of chaos", rows)


def edge_of_chaos(what: Any, sigma_b: Any = 0, *, digits: int = 15, **parameters: Any) -> Edge | EdgeCurve:
    r"""Return the :math:`\sigma_w` at which :math:`\chi_1 = 1` at a fixed point of the length map.

    Parameters
    ----------
    what : str, Expr, Activation or callable
        As for :func:`gainderive.fixed_points`.
    sigma_b : number, or sequence of numbers
        Standard deviation of the biases; of several, a curve is returned.
    digits : int
        Relative radius of every interval is at most ``10**-digits``.
    **parameters
        The activation's.

    Returns
    -------
    Edge or EdgeCurve
        Certified: an interval Newton step proves that there is exactly one solution near by.

    Raises
    ------
    NoSuchEdge
        When there is none among the second moments that are searched, which the message names.
    SeveralEdges
        When there are several; ``.edges`` holds all.
    BadParameter, BadDigits, BadExpression, BadCallable, UnknownActivation, MomentDiverges, Undecided
        As :func:`gainderive.fixed_points`.

    Examples
    --------
    >>> print(edge_of_chaos("tanh", sigma_b="3/10"))
    tanh: σ_w = 1.395583975154902 ± 1e-15, σ_b = 3/10, q = 0.7634747669104639 ± 1e-16
    >>> edge_of_chaos("relu").exact
    sqrt(2)
    >>> edge_of_chaos("tanh", sigma_b=[0, 0.1, 0.2]).sigma_w[0]
    1.0
    """
    activation, places = closed(what, parameters), numbers.digits(digits)
    if hasattr(sigma_b, "__len__") and not isinstance(sigma_b, str):
        return EdgeCurve(tuple(_edge(activation, standard_deviation(one, "sigma_b"), places) for one in sigma_b))
    return _edge(activation, standard_deviation(sigma_b, "sigma_b"), places)


def _edge(activation: Activation, sigma_b: Expr, digits: int) -> Edge:
    found, searched = _edges(activation, sigma_b, digits)
    if len(found) == 1:
        return found[0]
    low, high = searched
    where = f"at σ_b = {sigma_b} with a second moment between {low:g} and {high:g}"
    if not found:
        raise NoSuchEdge(f"{activation.title} has no edge of chaos {where}: χ_1 = 1 holds at no fixed point there.")
    raise SeveralEdges(
        f"{activation.title} has {len(found)} edges of chaos {where}: "
        + "; ".join(f"σ_w = {float(edge):.10g} at q = {float(edge.q):.10g}" for edge in found),
        found,
    )


@lru_cache(maxsize=1024)
def _edges(activation: Activation, sigma_b: Expr, digits: int) -> tuple[tuple[Edge, ...], tuple[float, float]]:
    square, slopes, bias = activation.numeric**2, slope_square(activation), sigma_b**2
    if bias == 0 and (critical := _homogeneous(activation, digits)) is not None:
        return (critical,), critical.searched
    if bias == 0 and _only_at_zero(activation):
        everywhere = (0.0, math.inf)
        return _at_zero(activation, digits, everywhere), everywhere
    equation = Equation(S.Zero, ((q - bias, slopes), (S.NegativeOne, square)))
    first = Rational(str(float(bias))) * Rational(999, 1000) if bias else _SMALLEST
    try:
        roots, reached = crossings_of(equation, first, max(_LARGEST, 100 * first), must_reach=False)
    except Undecided as error:
        raise Undecided(f"the edge of chaos of {activation.title} at σ_b = {sigma_b}: {error}") from error
    searched = (0.0 if bias else float(first), reached)
    found = [_positive(activation, sigma_b, equation, start, digits, searched) for start, _ in roots]
    return (*(_at_zero(activation, digits, searched) if bias == 0 else ()), *found), searched


def _positive(
    activation: Activation, sigma_b: Expr, equation: Equation, start: float, digits: int, searched: tuple[float, float]
) -> Edge:
    places = digits + _GUARD
    square = activation.numeric**2
    root = certified(equation, start, places)
    with working_precision(int(places * _BITS_PER_DIGIT) + 64):
        weight = 1 / root.over(slope_square(activation), places)
        second, moment = (root.over(f, places) for f in (square * x**2, square))
        slope = weight * (second / root.image - moment) / (2 * root.image)
        return Edge(
            activation,
            Enclosure.from_arb(weight.sqrt(), digits),
            sigma_b,
            root.enclosure(digits),
            Enclosure.from_arb(slope, digits),
            None,
            searched,
            about_jumps(activation),
        )


def _at_zero(activation: Activation, digits: int, searched: tuple[float, float]) -> tuple[Edge, ...]:
    """Return the edge at which the fixed point is 0: the weights undo the slopes at 0."""
    try:
        moment = doubled_even_part(activation.numeric**2)[0].expr.subs(x, 0)
        slopes = doubled_even_part(slope_square(activation))[0].expr.subs(x, 0) / 2
        if not (moment == 0 or algebra.is_zero(moment)) or not slopes.is_positive:
            return ()
    except GainderiveError:
        return ()
    return (_exact(activation, 1 / sqrt(slopes), S.Zero, digits, searched),)


def _only_at_zero(activation: Activation) -> bool:
    r"""Tell whether :math:`q D(q) > M_2(q)` for every ``q``, as for odd functions without jumps that are not linear.

    With the Hermite coefficients :math:`a_n` of :math:`\phi(\sqrt q\,z)` the difference is :math:`\sum (n - 1) a_n^2`.
    """
    try:
        return is_odd(activation.numeric) and not about_jumps(activation)
    except Undecided:
        return False


def _homogeneous(activation: Activation, digits: int) -> Edge | None:
    """Return the edge of a function for which, at one weight, every ``q`` is a fixed point."""
    try:
        parts = doubled_even_part(activation.numeric**2)
        ratio = parts[0].expr / x**2
        if len(parts) != 1 or x in ratio.free_symbols or not ratio.is_positive:
            return None
    except GainderiveError:
        return None
    return _exact(activation, sqrt(2 / ratio), S.One, digits, (0.0, math.inf))


def _exact(activation: Activation, sigma_w: Expr, q: Expr, digits: int, searched: tuple[float, float]) -> Edge:
    one, at, weight = (enclosure.enclose(number, digits) for number in (S.One, q, sigma_w))
    return Edge(activation, weight, S.Zero, at, one, sigma_w, searched, about_jumps(activation))
