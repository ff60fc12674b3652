r"""All solutions of the ``activation`` criterion :math:`E\phi(g z)^2 = 1`, each certified.

That these are all is shown where it can be, by the first of these that applies:

* The even part of :math:`\phi^2` stays on one side of 1: there is none, and a derivation proves it.
* The even part grows, or falls, away from 0: the mean does so with ``g``, and there is one at most.
* Charts with proved errors cover every ``g`` (:mod:`gainderive.charts`).
* The mean has a closed form, all of whose roots are found.

Else the left side is scanned in double precision over many decades of ``g``, its turning points towards 1 are looked
into, and the remark says so. In any case each solution is certified: balls at both ends of a bracket of the width asked
have strictly opposite signs, so a solution lies inside (intermediate value theorem).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import numpy as np
from scipy.optimize import brentq
from sympy import Add, Expr, Mul, Pow, S, StrictGreaterThan, StrictLessThan, Symbol, lambdify, oo, sqrt

from gainderive import exact, quadrature
from gainderive.activations import Activation
from gainderive.assumptions import Assumption
from gainderive.charts import Balance, crossings
from gainderive.criteria import Criterion
from gainderive.derivation import Derivation, Step, ending
from gainderive.derivation._scale import compared, direction
from gainderive.derivation.reasons import BoundAtEveryScale, Definition, PointwiseBound
from gainderive.derivation.reasons.every_scale import is_nonnegative
from gainderive.enclosure import Enclosure
from gainderive.errors import MomentDiverges, NoClosedForm, NoSuchGain, StepRefused, Undecided
from gainderive.facade._remarks import CLOSED, COVERED, ONLY, ONLY_OF_UNIT, SCANNED
from gainderive.facade._scan import RANGE, brackets
from gainderive.facade._unit import unit_left
from gainderive.gaussian import GaussMean
from gainderive.roots import enclose_root
from gainderive.symbols import g, parameter, x
from gainderive.units import Unit
from gainderive.zeros import real_zeros

_POINTS = 401
_SMALLEST_STRETCH = 40
_REACH = 1e12
"""The root of a monotone mean is looked for between this and its reciprocal."""
_START = 1e-6
"""Relative accuracy of what the certified search starts from."""


@dataclass(frozen=True)
class Solutions:
    """All solutions that were found, in ascending order: rough values, and why, or how far, there are no others."""

    left: Expr
    starts: tuple[float, ...]
    remark: str
    are_all: bool = True

    def enclosed(self, digits: int) -> tuple[Enclosure, ...]:
        """Return a certified interval of each."""
        return tuple(enclose_root(self.left - 1, g, start, digits) for start in self.starts)


@lru_cache(maxsize=256)
def solutions(activation: Activation | Unit) -> Solutions:
    """Return the solutions of the criterion.

    Raises
    ------
    NoSuchGain
        With a proof where the mean is shown to stay on one side of 1, else saying what was searched.
    """
    if isinstance(activation, Unit):
        left = unit_left(activation, Criterion.ACTIVATION)
        found = _of_unit(left) or _scanned(left, activation.title)
    else:
        f = activation.numeric**2
        left = GaussMean(f, x, g**2)
        if compared(f, S.One):
            raise _none(activation)
        found = _monotone(left, direction(f)) or _covered(left, f) or _closed(left) or _scanned(left, activation.title)
    if found.starts:
        return found
    if found.are_all:
        raise NoSuchGain(f"{activation.title} has no activation gain: {found.remark}.")
    raise NoSuchGain(
        f"no activation gain of {activation.title} was found for g between {RANGE[0]:g} and {RANGE[1]:g}; "
        "that there is none elsewhere is not proved.",
        proved=False,
    )


def _monotone(left: Expr, way: int, remark: str = "") -> Solutions | None:
    """Return the one root of a monotone mean, if one is seen."""
    bracket = _bracket(_Scan(left), way) if way else None
    return None if bracket is None else Solutions(left, (bracket,), remark or ONLY[way])


def _of_unit(left: Expr) -> Solutions | None:
    return _monotone(left, 1, ONLY_OF_UNIT) if _grows(left) else None


def _grows(left: Expr) -> bool:
    """Tell whether sums and products of numbers, powers of ``g`` and means are shown to grow with ``g``."""
    if g not in left.free_symbols:
        return bool(left.is_positive)
    if isinstance(left, (Add, Mul)):
        return all(map(_grows, left.args))
    if isinstance(left, Pow):
        return bool(left.exp.is_positive) and not left.exp.free_symbols and _grows(left.base)
    if isinstance(left, GaussMean):
        scale = left.q / g**2
        return not scale.free_symbols and is_nonnegative(left.integrand) and direction(left.integrand) == 1
    return bool(left == g)


def _covered(left: Expr, f: Expr) -> Solutions | None:
    balance = Balance(f, S.One, S.Zero, 0)
    try:
        found = None if balance.is_identity else crossings(balance)
    except (MomentDiverges, Undecided):
        return None
    if found is None or not found.are_all:
        return None
    scan = _Scan(left)
    roots = (scan.root(math.sqrt(low), math.sqrt(high)) for low, high in found.brackets)
    return Solutions(left, tuple(roots), COVERED)


def _closed(left: Expr) -> Solutions | None:
    """Return all roots by the closed form of the mean, if it has one and that has zeros of a known kind."""
    try:
        steps = exact.close(left)
        line = steps[-1].becomes
        Derivation("The mean at every scale", left, ending(left, line), steps).check()
        zeros = real_zeros((line - 1).xreplace({g: x}), x, S.Zero, oo)
        positive = sorted(float(zero) for zero in zeros if zero.is_positive)
    except (NoClosedForm, Undecided, StepRefused):
        return None
    return Solutions(left, tuple(positive), CLOSED)


def _scanned(left: Expr, title: str) -> Solutions:
    gains = np.geomspace(*RANGE, _POINTS)
    scan = _Scan(left)
    values, errors = scan(gains)
    sure = np.isfinite(values) & (np.abs(values - 1) > errors)
    found = brackets(scan.at, gains[sure], values[sure] - 1, title)
    remark = SCANNED.format(low=RANGE[0], high=RANGE[1])
    return Solutions(left, tuple(scan.root(low, high) for low, high in found), remark, are_all=False)


def _bracket(scan: _Scan, way: int) -> float | None:
    """Return a rough root of a mean that grows (`way` 1) or falls (-1); ``None`` where none is seen."""
    low = high = 1.0
    side = scan.side(1.0)
    if not side:
        return 1.0
    step = 4.0 if side * way < 0 else 0.25
    while scan.side(high) == side:
        low, high = high, high * step
        if not 1 / _REACH < high < _REACH:
            return None
    return scan.root(*sorted((low, high)))


def _none(activation: Activation) -> NoSuchGain:
    f = activation.numeric**2
    way = "at most" if compared(f, S.One) < 0 else "at least"
    sign = "<" if way == "at most" else ">"
    try:
        proof = unreachable(activation)
    except StepRefused:
        proof = None
    why = f"φ(x)² + φ(-x)² is {way} 2 for every x"
    if proof is not None and isinstance(proof.steps[-1].by, PointwiseBound):
        why = "its square stays below 1"
    return NoSuchGain(f"{activation.title} has no activation gain: {why}, so E φ(g z)² {sign} 1 for every g.", proof)


@lru_cache(maxsize=256)
def unreachable(activation: Activation) -> Derivation:
    r"""Return the checked proof that :math:`E\phi(gz)^2 < 1` for every ``g``, or that it is above 1.

    Raises
    ------
    StepRefused
        When neither is shown.
    """
    mean = Criterion.ACTIVATION.left(activation)
    unfolded = GaussMean(activation.numeric**2, x, g**2)
    unfolding = () if mean == unfolded else (Step(unfolded, Definition(activation)),)
    below, above = (relation(unfolded, S.One, evaluate=False) for relation in (StrictLessThan, StrictGreaterThan))
    last = above if compared(unfolded.integrand, S.One) > 0 else below
    pointwise, at_every_scale = PointwiseBound(unfolded, S.One), BoundAtEveryScale(unfolded, S.One)
    reason = pointwise if pointwise.check(unfolded, last).shown else at_every_scale
    proof = Derivation(
        title=f"No gain gives {activation.title} unit activation second moment",
        given=mean,
        claim=ending(mean, last),
        steps=(*unfolding, Step(last, reason)),
        assumptions=_OF_NO_GAIN,
    )
    proof.check()
    return proof


_OF_NO_GAIN = (
    Assumption(
        "z is standard normal",
        otherwise="The proof compares integrands and not means, so no gain exists under any law of z that is symmetric "
        "about 0 and has a positive density.",
    ),
    Assumption(
        "g is any positive number",
        otherwise="A negative g gives the same mean as -g, because z is symmetric; at g = 0 the mean is φ(0)².",
    ),
)


def _means(rule: quadrature.Rule, q: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return means and errors, not a number for stretches of `q` on which they cannot be computed."""
    try:
        return rule.means(q)
    except (Undecided, MomentDiverges):
        if q.size <= _SMALLEST_STRETCH:
            return np.full(q.size, np.nan), np.full(q.size, np.inf)
    halves = [_means(rule, half) for half in np.array_split(q, 2)]
    return np.concatenate([values for values, _ in halves]), np.concatenate([errors for _, errors in halves])


class _Scan:
    """An expression in ``g`` with Gaussian means, in double precision with an error, vectorised over ``g``."""

    def __init__(self, left: Expr) -> None:
        nodes = dict(
            zip(sorted(left.atoms(GaussMean), key=str), map(parameter, map("m_{}".format, count())), strict=False)
        )
        scaled = {node: _scaled(node) for node in nodes}
        self._rules = [quadrature.rule(mean.integrand) for _, mean in scaled.values()]
        self._seconds = [_vectorised(mean.q, (g,)) for _, mean in scaled.values()]
        outer = left.xreplace({node: scaled[node][0] * symbol for node, symbol in nodes.items()})
        self._outer = _vectorised(outer, (g, *nodes.values()))
        self._slopes = [_vectorised(outer.diff(symbol), (g, *nodes.values())) for symbol in nodes.values()]

    def __call__(self, gains: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return values and errors, the latter to first order in the errors of the means."""
        found = [_means(rule, q(gains)) for rule, q in zip(self._rules, self._seconds, strict=True)]
        values = [value for value, _ in found]
        spread = (np.abs(slope(gains, *values)) * error for slope, (_, error) in zip(self._slopes, found, strict=True))
        return self._outer(gains, *values), sum(spread, start=np.zeros_like(gains))

    def at(self, gain: float) -> quadrature.Estimate:
        """Return the value at one `gain` with its error."""
        values, errors = self(np.array([gain]))
        return quadrature.Estimate(float(values[0]), float(errors[0]))

    def side(self, gain: float) -> int:
        """Return on which side of 1 the value seems to be, 0 where doubles do not tell."""
        value, error = self._above(gain)
        return 0 if abs(value) <= error else int(math.copysign(1, value))

    def root(self, low: float, high: float) -> float:
        """Return roughly the root between two gains on whose sides of 1 the value differs."""
        return float(brentq(lambda gain: self._above(gain)[0], low, high, rtol=_START))

    def _above(self, gain: float) -> tuple[float, float]:
        """Return by how much the value exceeds 1, and its error; a mean of squares that is not finite exceeds it."""
        try:
            found = self.at(gain)
        except MomentDiverges:
            return 1.0, 0.0
        return (found.value - 1, found.error) if math.isfinite(found.value) else (1.0, 0.0)


def _scaled(node: GaussMean) -> tuple[Expr, GaussMean]:
    """Return a factor and a mean whose integrand is free of ``g``, with `node` as their product."""
    if g not in node.integrand.free_symbols:
        return S.One, node
    standardised = node.integrand.subs(x, sqrt(node.q) * x)
    factor, rest = standardised.as_independent(x, as_Add=False)
    if g in rest.free_symbols:
        raise Undecided(f"the activation gain: {node} depends on g in more than its scale")
    return factor, GaussMean(rest, x, 1)


def _vectorised(expr: Expr, arguments: tuple[Symbol, ...]) -> Callable[..., np.ndarray]:
    function = lambdify(arguments, expr, "numpy")
    return lambda gains, *means: np.broadcast_to(np.asarray(function(gains, *means), dtype=float), gains.shape)
