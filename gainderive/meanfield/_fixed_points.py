r"""All fixed points of a length map, each proved to exist and to be the only one in its interval, and none left out.

What is larger, :math:`\sigma_w^2 M_2(q) + \sigma_b^2` or ``q``, decides where the iteration goes. Above the diagonal it
grows; and where there is no fixed point at all, it goes to infinity, or to 0, from every start.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, overload

from sympy import Expr, Poly, S, cancel, roots

from gainderive import algebra, display, enclosure, numbers
from gainderive.balls import working_precision
from gainderive.charts import Crossings, Root, certified, crossings
from gainderive.derivation._scale import doubled_even_part
from gainderive.enclosure import Enclosure
from gainderive.errors import GainderiveError, MomentDiverges, NoClosedForm, Undecided
from gainderive.facade import length_map
from gainderive.meanfield._scales import Scales, about_jumps
from gainderive.status import Status
from gainderive.symbols import q, x

_GUARD = 3
"""Digits by which ``q`` is narrower than asked, for the sake of what follows from it."""
_BITS_PER_DIGIT = 3.33
_MOST_DEGREE = 2
"""Of polynomials whose roots are written down, unless they have two terms only."""


class Fate(StrEnum):
    """Where the second moment goes, layer by layer."""

    DIVERGES = "diverges"
    """To infinity, from every positive start."""
    COLLAPSES = "collapses"
    """To 0, from every positive start."""
    RESTS = "every q is a fixed point"
    """Nowhere: the length map is the identity."""
    SETTLES = "settles"
    """There is a positive fixed point that attracts its neighbourhood."""
    SEPARATES = "depends on the start"
    """There are positive fixed points, and none of them attracts."""


@dataclass(frozen=True)
class FixedPoint:
    r"""A second moment ``q`` with :math:`\sigma_w^2 M_2(q) + \sigma_b^2 = q`.

    Attributes
    ----------
    q : Enclosure
        Exactly one fixed point lies in it.
    slope : Enclosure or None
        Derivative of the length map there; ``None`` where it is infinite, which happens at 0 only.
    chi_1 : Enclosure or None
        :math:`\sigma_w^2 E\phi'(\sqrt q\,z)^2`, the factor of the gradient's second moment per layer; its limit at 0;
        ``None`` where it is infinite.
    stable : bool or None
        Whether the second moment comes back after a small disturbance; ``None`` where it is not decided.
    exact : Expr or None
        The fixed point in closed form.
    """

    q: Enclosure
    slope: Enclosure | None
    chi_1: Enclosure | None
    stable: bool | None
    exact: Expr | None = None

    @property
    def status(self) -> Status:
        """Whether it is a checked closed form or a proved interval."""
        return Status.ENCLOSED if self.exact is None else Status.PROVED

    @property
    def xi_q(self) -> Enclosure | None:
        r"""Depth scale :math:`-1/\log|\lambda|`: layers in which a disturbance of ``q`` falls by a factor of ``e``.

        Negative where it grows; ``None`` where the slope is not told from 0 or from 1 in size.
        """
        return _depth_scale(self.slope)

    @property
    def xi_c(self) -> Enclosure | None:
        r"""Depth scale :math:`-1/\log\chi_1` of gradients, and of the distance between like inputs; as :attr:`xi_q`."""
        return _depth_scale(self.chi_1)

    def __str__(self) -> str:
        does = {True: "attracts", False: "repels", None: "stability undecided"}[self.stable]
        slope = "slope infinite" if self.slope is None else f"slope {float(self.slope):.6g}"
        chi = "" if self.chi_1 is None else f", chi_1 = {float(self.chi_1):.10g}"
        exact = "" if self.exact is None or self.exact == 0 else f"{self.exact} = "
        return f"q = {exact}{self.q}, {does} ({slope}){chi}, {self.status}"


@dataclass(frozen=True)
class FixedPoints(Sequence[FixedPoint]):
    r"""The fixed points of a length map in ascending order, and what is proved about there being no others.

    Attributes
    ----------
    scales : Scales
        The activation, :math:`\sigma_w^2` and :math:`\sigma_b^2`.
    points : tuple of FixedPoint
        Empty where every ``q`` is one, which `fate` says.
    fate : Fate
        Where the second moment goes.
    searched : (float, float)
        It is proved that there are no others between these second moments.
    remark : str
        What `chi_1` does not mean, where the activation jumps.
    """

    scales: Scales
    points: tuple[FixedPoint, ...]
    fate: Fate
    searched: tuple[float, float]
    remark: str = ""

    @property
    def are_all(self) -> bool:
        """Whether it is proved that there are no others at all."""
        return self.searched == (0.0, math.inf)

    @property
    def stable(self) -> tuple[FixedPoint, ...]:
        """Those that attract."""
        return tuple(point for point in self.points if point.stable)

    @overload
    def __getitem__(self, index: int) -> FixedPoint: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[FixedPoint, ...]: ...
    def __getitem__(self, index: int | slice) -> FixedPoint | tuple[FixedPoint, ...]:
        return self.points[index]

    def __len__(self) -> int:
        return len(self.points)

    def __iter__(self) -> Iterator[FixedPoint]:
        return iter(self.points)

    def __str__(self) -> str:
        low, high = self.searched
        others = "no others" if self.are_all else f"no others for q between {low:g} and {high:g}"
        lines = [f"{self.scales}: {self.fate}", *map(str, self.points)]
        if self.fate is not Fate.RESTS:
            lines.append(others if self.points else others.replace("others", "fixed point"))
        return "\n".join([*lines, *([self.remark] if self.remark else [])])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = [(f"q* = {float(point.q):.6g}", display.element("span", str(point))) for point in self.points]
        return display.table(f"{self.scales}: {self.fate}", rows)


def fixed_points(what: Any, sigma_w: Any, sigma_b: Any = 0, *, digits: int = 15, **parameters: Any) -> FixedPoints:
    r"""Return all fixed points of the length map :math:`q \mapsto \sigma_w^2\,E\phi(\sqrt q\,z)^2 + \sigma_b^2`.

    That each exists and is the only one near by is proved by an interval Newton step; that there are no others, by
    charts of the mean with proved errors over all ``q``. 0 is among them where the map has it as a limit.

    Parameters
    ----------
    what : str, Expr, Activation or callable
        As for :func:`gainderive.gain`; of a callable without a formula nothing can be proved, and it is refused.
    sigma_w, sigma_b : number
        Standard deviations of the weights times the root of the fan, and of the biases. A float stands for the shortest
        decimal that denotes it.
    digits : int
        Relative radius of every interval is at most ``10**-digits``.
    **parameters
        The activation's, as for :func:`gainderive.gain`.

    Raises
    ------
    BadParameter, BadDigits, BadExpression, BadCallable, UnknownActivation
        For bad input.
    MomentDiverges, Undecided
        When a mean is infinite, or two fixed points could not be told apart.

    Examples
    --------
    >>> print(fixed_points("tanh", sigma_w="5/3"))
    tanh at σ_w² = 25/9: settles
    q = 0, repels (slope 2.77778), chi_1 = 2.777777778, proved
    q = 1.178480490385908 ± 1e-15, attracts (slope 0.430899), chi_1 = 1.20983132, enclosed
    no others
    >>> [point.stable for point in fixed_points("gelu", sigma_w="5/3")]
    [True, False]
    >>> fixed_points("relu", sigma_w=1, sigma_b=1)[0].exact
    2
    >>> fixed_points("relu", sigma_w="sqrt(2)").fate, fixed_points("relu", sigma_w=1.5).fate
    (<Fate.RESTS: 'every q is a fixed point'>, <Fate.DIVERGES: 'diverges'>)
    """
    return _found(Scales.of(what, sigma_w, sigma_b, parameters), numbers.digits(digits))


@lru_cache(maxsize=512)
def _found(scales: Scales, digits: int) -> FixedPoints:
    remark = about_jumps(scales.activation)
    if scales.balance.is_identity:
        return FixedPoints(scales, (), Fate.RESTS, (0.0, math.inf), remark)
    crossed = crossings(scales.balance)
    written = _closed_forms(scales) if crossed.roots else ()
    exact = written if len(written) == len(crossed.roots) else (None,) * len(crossed.roots)
    places = digits + _GUARD
    roots = [certified(scales.balance.equation, root, places) for root in crossed.roots]
    points = [_positive(scales, root, form, digits) for root, form in zip(roots, exact, strict=True)]
    at_zero = _at_zero(scales, crossed.before, digits)
    points = [*at_zero, *points]
    return FixedPoints(scales, tuple(points), _fate(crossed, points), crossed.searched, remark)


def _fate(crossed: Crossings, points: list[FixedPoint]) -> Fate:
    if not crossed.roots:
        return Fate.DIVERGES if (crossed.before or crossed.beyond) > 0 else Fate.COLLAPSES
    attracting = any(point.stable for point in points if point.q.lower > 0)
    return Fate.SETTLES if attracting else Fate.SEPARATES


def _positive(scales: Scales, root: Root, exact: Expr | None, digits: int) -> FixedPoint:
    places = digits + _GUARD
    with working_precision(int(places * _BITS_PER_DIGIT) + 64):
        weight = enclosure.ball(scales.weight, int(places * _BITS_PER_DIGIT) + 64)
        second, moment = (root.over(f, places) for f in (scales.square * x**2, scales.square))
        # d/dq of the mean is (E x^2 f / q - E f) / (2 q), with or without kinks.
        slope = weight * (second / root.image - moment) / (2 * root.image)
        stable = True if abs(slope) < 1 else False if abs(slope) > 1 else None
        value = root.enclosure(digits) if exact is None else enclosure.enclose(exact, digits)
        try:
            chi_1 = Enclosure.from_arb(weight * root.over(scales.slope_square, places), digits)
        except MomentDiverges:
            chi_1 = None
        return FixedPoint(value, Enclosure.from_arb(slope, digits), chi_1, stable, exact)


def _at_zero(scales: Scales, before: int, digits: int) -> list[FixedPoint]:
    """Return the fixed point 0, where the map has it; whether it attracts is seen from the map's values beside it."""
    if scales.bias != 0:
        return []
    try:
        first = doubled_even_part(scales.square)[0].expr
        if not _is_zero(first.subs(x, 0)):
            return []
        is_steep = not _is_zero(first.diff(x).subs(x, 0))
        slopes = doubled_even_part(scales.slope_square)[0].expr.subs(x, 0)
    except (Undecided, GainderiveError):
        return []
    factor = None if is_steep else enclosure.enclose(scales.weight * slopes / 2, digits)
    return [FixedPoint(enclosure.enclose(S.Zero, digits), factor, factor, _sinks(before, factor), S.Zero)]


def _sinks(before: int, slope: Enclosure | None) -> bool | None:
    if before:
        return before < 0
    if slope is None:
        return False
    return True if slope.upper < 1 else False if slope.lower > 1 else None


def _is_zero(value: Expr) -> bool:
    return bool(value == 0) or algebra.is_zero(value)


def _closed_forms(scales: Scales) -> tuple[Expr, ...]:
    """Return the positive fixed points in closed form, in ascending order, where the length map is a low polynomial."""
    try:
        moment = length_map(scales.activation).claim.rhs
    except (NoClosedForm, GainderiveError):
        return ()
    residual = (scales.weight * moment + scales.bias - q).subs(
        [(c.symbol, c.value) for c in scales.activation.constants]
    )
    if residual.free_symbols != {q} or not residual.is_polynomial(q):
        return ()
    residual = cancel(residual / q ** min(power for (power,) in Poly(residual, q).monoms()))
    polynomial = Poly(residual, q)
    if polynomial.degree() > _MOST_DEGREE and len(polynomial.terms()) > 2:
        return ()
    positive = [root for root in roots(residual, q) if root.is_positive]
    return tuple(sorted(positive, key=float))


def _depth_scale(factor: Enclosure | None) -> Enclosure | None:
    if factor is None:
        return None
    with working_precision(int(factor.digits * _BITS_PER_DIGIT) + 64):
        scale = -1 / abs(factor.to_arb()).log()
        return Enclosure.from_arb(scale, factor.digits) if scale.is_finite() else None
