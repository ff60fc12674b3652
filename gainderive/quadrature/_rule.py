r"""Integration of one expression against the normal density, for any second moment ``q``.

In the variable ``t = x / sqrt(q)`` the density is always the standard one and the kinks move:
:math:`E f(\sqrt q\,t)`, split at ``kink / sqrt(q)``. The error of an estimate has four parts:

1. *discretisation*: four times the sum over panels of the difference between two rules;
2. *tail*: what lies beyond the outermost panel, a geometric series from the last two
   (a bound where contributions fall log-concavely, as Gaussian tails do);
3. *evaluation*: the running error of ``f`` at the nodes (:mod:`._compiled`);
4. *rounding* of nodes, weights, sums, and of the ends of pieces where the integrand does not vanish.

A rule shared between second moments is tried first and kept when parts 1 and 2 are below parts 3 and 4;
else panels are bisected until they are. Panels that never get there leave their difference in the error.

It is an estimate, not an enclosure: a feature narrower than 1/20 standard deviation is found through the polynomial
arguments inside the expression; one hidden in a nested function, ``exp(-10**6*(tanh(x) - 1/2)**2)``, may be missed.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Rational, S, exp, limit, oo, sympify

from gainderive.errors import BadExpression, BadParameter, MomentDiverges, Undecided
from gainderive.gaussian import SWITCHES
from gainderive.pieces import Piece, is_even, pieces
from gainderive.quadrature._compiled import Compiled, marks
from gainderive.quadrature._nodes import (
    FARTHEST,
    FINE,
    SHARED_REACH,
    STEPS,
    UNIT,
    density,
    legendre_pair,
    trapezoid_pair,
)
from gainderive.symbols import x

Array = NDArray[np.float64]

PANEL_WIDTH = 2.0
SHARED_PANELS = math.ceil(2 * SHARED_REACH / PANEL_WIDTH)
NARROW_STEPS = 1.25
"""Features narrower than so many steps may slip between the nodes of a trapezoid sum."""
WORTHLESS = 0.03
"""An error above this share of ``E|f|`` leaves hardly a digit, and is what a pole on the line looks like."""
ASSUMED_ROUNDINGS = 2.0**13
"""Roundings where the running error overflows: ``x f'/f`` may reach 1400, and the node carries 3 roundings."""
MAX_PANELS = 6000
MAX_ROUNDS = 100
SAFETY = 4.0
"""Factor on the difference of two rules that have converged."""
SAFETY_UNCONVERGED = 16.0
SUMMATION_ROUNDINGS = 16.0
"""Roundings of a weight and of a blocked sum, relative to the sum of absolute terms."""
ROWS = 128
"""Second moments handled at a time, so that a block of nodes stays in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A double-precision value with an absolute bound estimate of its error, rounding included.

    >>> float(Estimate(0.5, 1e-16))
    0.5
    """

    value: float
    error: float

    def __float__(self) -> float:
        return self.value


@dataclass(frozen=True)
class _Branch:
    """A switch-free expression on ``lower < x < upper``."""

    lower: float
    upper: float
    function: Compiled


@dataclass(frozen=True)
class _Plan:
    """Everything about one ``q`` that does not change from call to call.

    ``parts`` holds function, nodes, weights; ``constant`` what came from nodes that overflow in double
    precision; the value is ``constant + sum(weights @ function(nodes))`` and ``error`` its error.
    """

    parts: tuple[tuple[Callable[[Array], Array], Array, Array], ...]
    constant: float
    error: float
    quiet: bool

    def estimate(self) -> Estimate:
        if self.quiet:
            return Estimate(self._sum(), self.error)
        with np.errstate(all="ignore"):
            return Estimate(self._sum(), self.error)

    def _sum(self) -> float:
        if len(self.parts) == 1:
            function, nodes, weights = self.parts[0]
            return float(function(nodes).dot(weights)) + self.constant
        return float(sum(function(nodes).dot(weights) for function, nodes, weights in self.parts)) + self.constant


NOTHING = _Plan((), 0.0, sys.float_info.min, True)
"""The plan where the density is below the doubles wherever the integrand is not 0."""


@dataclass(frozen=True)
class _Panels:
    """Panels ``(lower, upper)`` in ``t`` and what two rules say on each; all arrays of one shape."""

    branch: NDArray[np.intp]
    lower: Array
    upper: Array
    value: Array
    difference: Array
    absolute: Array
    rounding: Array

    def __getitem__(self, which: Any) -> _Panels:
        return _Panels(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    @staticmethod
    def joined(parts: list[_Panels]) -> _Panels:
        return _Panels(*(np.concatenate([getattr(p, name) for p in parts]) for name in _Panels.__dataclass_fields__))


class Rule:
    r"""The map :math:`q \mapsto E[f(\sqrt q\,z);\ a < \sqrt q\,z < b]` in double precision.

    Made by :func:`gainderive.quadrature.rule`, which remembers it. Nodes, weights and errors of the
    second moments asked for are remembered too, and so are their estimates.

    Examples
    --------
    >>> from sympy import Max
    >>> relu = Rule(Max(x, 0) ** 2, -math.inf, math.inf)
    >>> abs(relu.mean(2.0).value - 1) <= relu.mean(2.0).error < 1e-14
    True
    """

    def __init__(self, f: Expr, a: float, b: float) -> None:
        self.expr = f
        self.interval = (a, b)
        parts, exact = _pieces(f)
        self._whole_line = (a, b) == (-math.inf, math.inf)
        self._folded = exact and self._whole_line and is_even(f)
        self._factor = 2.0 if self._folded else 1.0
        if self._folded:
            a = 0.0
        self._branches = tuple(
            _Branch(max(float(p.lower), a), min(float(p.upper), b), Compiled(p.expr))
            for p in parts
            if p.expr != 0 and max(float(p.lower), a) < min(float(p.upper), b)
        )
        smooth = exact and len(parts) == 1 and self._whole_line and not f.has(*SWITCHES)
        self._smooth = smooth and bool(self._branches)
        self._estimate = lru_cache(maxsize=256)(lambda q: self._planned(q).estimate())

    def mean(self, q: float = 1.0) -> Estimate:
        """Return the estimate at the second moment `q`.

        Raises
        ------
        BadParameter
            When `q` is not a positive finite number.
        MomentDiverges
            When the mean is proved to be infinite.
        Undecided
            When the integrand has no finite double where it matters and no proof of divergence was found.
        """
        return self._estimate(q)

    def means(self, q: Any) -> tuple[Array, Array]:
        """Return values and errors at every second moment of the array `q`, each of the shape of `q`.

        Raises as :meth:`mean`.
        """
        moments = np.asarray(q, dtype=float)
        if not (np.all(np.isfinite(moments)) and np.all(moments > 0)):
            raise BadParameter("every second moment q must be a positive finite number")
        flat = moments.ravel()
        values, errors = np.full(flat.shape, np.nan), np.full(flat.shape, np.inf)
        pending = np.arange(flat.size)
        for attempt in self._shared_rules():
            left: list[NDArray[np.intp]] = []
            for block in np.array_split(pending, max(1, math.ceil(pending.size / ROWS))):
                value, doubt, rounding = attempt(np.sqrt(flat[block]))
                good = doubt <= rounding
                values[block[good]] = value[good]
                errors[block[good]] = (doubt + rounding)[good] + sys.float_info.min
                left.append(block[~good])
            pending = np.concatenate(left)
            if not pending.size:
                break
        for i in pending:
            estimate = self._planned(float(flat[i])).estimate()
            values[i], errors[i] = estimate.value, estimate.error
        return values.reshape(moments.shape), errors.reshape(moments.shape)

    # --- shared rules: rows are second moments -------------------------------------------------

    def _shared_rules(self) -> Iterator[Callable[[Array], tuple[Array, Array, Array]]]:
        if not self._branches:
            yield lambda scale: (np.zeros_like(scale), np.zeros_like(scale), np.zeros_like(scale))
        elif self._smooth:
            for step in STEPS:
                yield lambda scale, step=step: self._trapezoid_rows(scale, step)  # type: ignore[misc]
        if self._branches:
            yield self._panel_rows

    def _trapezoid_rows(self, scale: Array, step: float) -> tuple[Array, Array, Array]:
        """Return value, doubt (discretisation and tail) and rounding for each of the roots `scale` of ``q``."""
        nodes, fine, coarse = trapezoid_pair(step, self._folded)
        function = self._branches[0].function
        at = scale[:, None] * nodes
        with np.errstate(all="ignore"):
            y = function.values(at)
            value = y[:, : fine.size] @ fine
            difference = value - y[:, fine.size :] @ coarse
            terms = np.abs(y[:, fine.size :]) * coarse
            noise = function.noise(at[:, fine.size :]) @ coarse
            rounding = UNIT * (noise + terms @ (SUMMATION_ROUNDINGS + nodes[fine.size :] ** 2))
            doubt = SAFETY * np.abs(difference) + self._trapezoid_tail(terms, nodes[fine.size :])
        doubt = np.where(self._has_narrow(scale, NARROW_STEPS * step), np.inf, doubt)
        return value, self._distrusted(value, doubt, rounding, scale), rounding

    def _trapezoid_tail(self, terms: Array, nodes: Array) -> Array:
        tail = np.zeros(len(terms))
        for side in (nodes,) if self._folded else (nodes, -nodes):
            outer = terms[:, side > SHARED_REACH - 1].sum(axis=1)
            inner = terms[:, (side > SHARED_REACH - 2) & (side <= SHARED_REACH - 1)].sum(axis=1)
            tail += _geometric(outer, inner)
        return tail

    def _has_narrow(self, scale: Array, width: float) -> NDArray[np.bool_]:
        """Tell for each root `scale` of ``q`` whether a feature is narrower than `width` in ``t``."""
        narrow = np.zeros(scale.shape, dtype=bool)
        for mark in self._branches[0].function.landmarks:
            narrow |= (mark.scale < width * scale) & (abs(mark.at) < FARTHEST * scale)
        return narrow

    def _distrusted(self, value: Array, doubt: Array, rounding: Array, scale: Array) -> Array:
        """Return `doubt`, infinite where a shared rule saw nothing finite, only zeros, or not every feature."""
        trusted = np.isfinite(value) & np.isfinite(doubt) & np.isfinite(rounding) & (rounding > 0)
        for branch in self._branches:
            for mark in branch.function.landmarks:
                if branch.lower <= mark.at <= branch.upper:
                    trusted &= (abs(mark.at) <= SHARED_REACH * scale) | (abs(mark.at) > 2 * FARTHEST * scale)
        return np.where(trusted, doubt, np.inf)

    def _panel_rows(self, scale: Array) -> tuple[Array, Array, Array]:
        """Return the same as :meth:`_trapezoid_rows` from panels between kinks, smaller around narrow features."""
        totals = [np.zeros_like(scale) for _ in range(3)]
        for branch in self._branches:
            lower, upper, cut_below, cut_above = _windows(branch, scale)
            equal = lower[:, None] + (upper - lower)[:, None] * _uneven(SHARED_PANELS)
            cuts = marks(branch.function, scale)
            cuts = np.clip(np.where(np.isnan(cuts), lower[:, None], cuts), lower[:, None], upper[:, None])
            edges = np.sort(np.concatenate([equal, cuts], axis=1), axis=1)
            shape = (scale.size, edges.shape[1] - 1)
            rows = np.repeat(scale, shape[1])
            flat = self._sampled(branch, 0, edges[:, :-1].ravel(), edges[:, 1:].ravel(), rows)
            middle, absolute = 0.5 * (edges[:, :-1] + edges[:, 1:]), flat.absolute.reshape(shape)

            def between(
                i: int, j: int, equal: Array = equal, middle: Array = middle, absolute: Array = absolute
            ) -> Array:
                inside = (equal[:, i, None] <= middle) & (middle <= equal[:, j, None])
                total: Array = np.where(inside, absolute, 0.0).sum(axis=1)
                return total

            width = (upper - lower) / SHARED_PANELS
            last, first = between(-2, -1), between(0, 1)
            totals[0] += flat.value.reshape(shape).sum(axis=1)
            totals[1] += SAFETY * np.abs(flat.difference).reshape(shape).sum(axis=1)
            totals[1] += np.where(cut_above, _geometric(last, between(-3, -2)), 0.0)
            totals[1] += np.where(cut_below, _geometric(first, between(1, 2)), 0.0)
            totals[2] += flat.rounding.reshape(shape).sum(axis=1)
            totals[2] += np.where(cut_below, 0.0, _displaced(lower, first, width))
            totals[2] += np.where(cut_above, 0.0, _displaced(upper, last, width))
        value, doubt, rounding = (self._factor * total for total in totals)
        return value, self._distrusted(value, doubt, rounding, scale), rounding

    # --- plans: one second moment --------------------------------------------------------------

    def _planned(self, q: float) -> _Plan:
        q = _positive(q)
        if not self._branches:
            return NOTHING
        if self._smooth:
            scale = np.array([math.sqrt(q)])
            for step in STEPS:
                _, doubt, rounding = self._trapezoid_rows(scale, step)
                if doubt[0] <= rounding[0]:
                    nodes, fine, _ = trapezoid_pair(step, self._folded)
                    error = float(doubt[0] + rounding[0])
                    return _plan([(self._branches[0].function, scale[0] * nodes[: fine.size], fine)], 0.0, error)
        return self._adaptive(q)

    def _adaptive(self, q: float) -> _Plan:
        scale = math.sqrt(q)
        panels, tail = self._first_panels(scale)
        if not panels.value.size:
            return NOTHING
        if not math.isfinite(tail) or not np.all(np.isfinite(panels.value)):
            self._refuse(q)
        if tail > float(panels.absolute.sum()):
            self._refuse_if_divergent(q)
        panels, doubt = self._refined(panels, scale)
        rounding = float(panels.rounding.sum()) + self._ends(panels, scale)
        negligible = panels.absolute < UNIT * 1e-3 * panels.absolute.sum() / len(panels.value)
        error = doubt + tail + rounding + float(panels.absolute[negligible].sum())
        kept = panels[~negligible]
        if not (math.isfinite(error) and np.all(np.isfinite(kept.value))):
            self._refuse(q)
        if error > WORTHLESS * float(panels.absolute.sum()) + sys.float_info.min:
            self._refuse_if_divergent(q)
            raise Undecided(
                f"E[{self.expr}] over N(0, {q}) has no correct digit in double precision (error {error:.1e}); "
                "it may not exist (look for poles on the real line), or need a rearranged expression or an enclosure"
            )
        return self._panel_plan(kept, scale, self._factor * error)

    def _first_panels(self, scale: float) -> tuple[_Panels, float]:
        parts, tail = [], 0.0
        for index, branch in enumerate(self._branches):
            lower, upper = max(branch.lower / scale, -FARTHEST), min(branch.upper / scale, FARTHEST)
            if lower >= upper:
                continue
            edges = np.linspace(lower, upper, max(2, math.ceil((upper - lower) / PANEL_WIDTH)) + 1)
            coarse = self._sampled(branch, index, edges[:-1], edges[1:], np.array(scale))
            if branch.upper == math.inf:
                tail += float(_geometric(coarse.absolute[-1:], coarse.absolute[-2:-1])[0])
            if branch.lower == -math.inf:
                tail += float(_geometric(coarse.absolute[:1], coarse.absolute[1:2])[0])
            cuts = marks(branch.function, np.array([scale]))[0]
            marked = np.unique(np.concatenate([edges, cuts[(cuts > lower) & (cuts < upper)]]))
            if marked.size > edges.size:
                coarse = self._sampled(branch, index, marked[:-1], marked[1:], np.array(scale))
            parts.append(coarse)
        if not parts:
            empty = np.zeros(0)
            return _Panels(np.zeros(0, dtype=np.intp), *(empty for _ in range(6))), 0.0
        return _Panels.joined(parts), tail

    def _refined(self, panels: _Panels, scale: float) -> tuple[_Panels, float]:
        """Bisect until every panel's difference is at the level of rounding; return panels and discretisation error."""
        parent = np.full(panels.value.shape, np.inf)
        settled, stuck, stuck_parent = [panels[:0]], [panels[:0]], [parent[:0]]
        count, settled_rounding = 0, 0.0
        for _ in range(MAX_ROUNDS):
            average = (settled_rounding + panels.rounding.sum()) / (count + panels.value.size)
            middle = 0.5 * (panels.lower + panels.upper)
            divisible = (panels.lower < middle) & (middle < panels.upper)
            rough = np.abs(panels.difference) > np.maximum(panels.rounding, average / 4)
            settled.append(panels[~rough])
            stuck.append(panels[rough & ~divisible])
            stuck_parent.append(parent[rough & ~divisible])
            count += settled[-1].value.size + stuck[-1].value.size
            settled_rounding += float(settled[-1].rounding.sum())
            further = rough & divisible
            panels, middle, parent = panels[further], middle[further], parent[further]
            if not panels.value.size or count + panels.value.size > MAX_PANELS:
                break
            panels, parent = self._bisected(panels, middle, scale)
        smooth, unconverged = _Panels.joined(settled), _Panels.joined([*stuck, panels])
        doubt = SAFETY * float(np.abs(smooth.difference).sum())
        if unconverged.value.size:
            exhausted = count + panels.value.size > MAX_PANELS
            doubt += self._unconverged(unconverged, np.concatenate([*stuck_parent, parent]), scale, exhausted)
        return _Panels.joined([smooth, unconverged]), doubt

    def _bisected(self, panels: _Panels, middle: Array, scale: float) -> tuple[_Panels, Array]:
        """Return the halves of `panels` and, for each, the difference of the whole."""
        lower, upper = np.concatenate([panels.lower, middle]), np.concatenate([middle, panels.upper])
        which, parent = np.tile(panels.branch, 2), np.tile(np.abs(panels.difference), 2)
        groups = [which == i for i in np.unique(which)]
        halves = [
            self._sampled(self._branches[which[own][0]], int(which[own][0]), lower[own], upper[own], np.array(scale))
            for own in groups
        ]
        return _Panels.joined(halves), np.concatenate([parent[own] for own in groups])

    def _unconverged(self, panels: _Panels, parent: Array, scale: float, exhausted: bool) -> float:
        """Return the error of panels that bisection did not settle: the geometric series of their differences."""
        ratio = np.abs(panels.difference) / parent
        # A singularity that is not integrable keeps its difference under bisection, or lets it grow.
        if not exhausted and np.any(ratio > 0.99):
            raise Undecided(
                f"whether {self.expr} is integrable against the normal density is not settled: "
                f"near x = {scale * float(panels.lower[np.argmax(ratio)]):.6g} bisection does not converge; "
                "check for a singularity there"
            )
        return SAFETY_UNCONVERGED * float((np.abs(panels.difference) / (1 - np.minimum(ratio, 0.99))).sum())

    def _sampled(self, branch: _Branch, index: int, lower: Array, upper: Array, scale: Array) -> _Panels:
        """Apply both rules to `branch` on the given panels; `scale` is one root of ``q`` or one for each panel."""
        unit_nodes, fine, coarse = legendre_pair()
        half = 0.5 * (upper - lower)
        t = 0.5 * (lower + upper)[:, None] + half[:, None] * unit_nodes
        at = np.reshape(scale, (-1, 1)) * t
        weight = density(t)
        with np.errstate(all="ignore"):
            y = branch.function.values(at) * weight
            noise = branch.function.noise(at) * weight
            noise = np.where(np.isfinite(noise), noise, ASSUMED_ROUNDINGS * np.abs(y))
            bad = ~np.isfinite(y)
            if bad.any():
                y = y.copy()
                repaired = [
                    branch.function.repaired(float(a), float(-0.5 * u * u - 0.5 * math.log(2 * math.pi)))
                    for a, u in zip(at[bad], t[bad], strict=True)
                ]
                y[bad], noise[bad] = np.array(repaired).T
            value = half * (y[:, :FINE] @ fine)
            difference = value - half * (y[:, FINE:] @ coarse)
            terms = np.abs(y[:, FINE:]) * coarse
            own = (terms * (SUMMATION_ROUNDINGS + t[:, FINE:] ** 2)).sum(axis=1)
            absolute = half * np.maximum(terms.sum(axis=1), np.abs(y[:, :FINE]) @ fine)
            rounding = UNIT * half * (noise[:, :FINE] @ fine + own)
        return _Panels(np.full(lower.shape, index, dtype=np.intp), lower, upper, value, difference, absolute, rounding)

    def _ends(self, panels: _Panels, scale: float) -> float:
        """Error from the rounded ends of pieces: their displacement times the integrand there."""
        total = 0.0
        for index, branch in enumerate(self._branches):
            own = panels[panels.branch == index]
            for end, edges in ((branch.lower / scale, own.lower), (branch.upper / scale, own.upper)):
                if math.isfinite(end) and edges.size:
                    nearest = int(np.argmin(np.abs(edges - end)))
                    width = own.upper[nearest] - own.lower[nearest]
                    total += float(_displaced(np.array(end), own.absolute[nearest], width))
        return total

    def _panel_plan(self, panels: _Panels, scale: float, error: float) -> _Plan:
        unit_nodes, fine, _ = legendre_pair()
        parts, constant = [], 0.0
        for index in np.unique(panels.branch):
            own, function = panels[panels.branch == index], self._branches[index].function
            half = 0.5 * (own.upper - own.lower)
            t = 0.5 * (own.lower + own.upper)[:, None] + half[:, None] * unit_nodes[:FINE]
            weights = self._factor * half[:, None] * fine * density(t)
            with np.errstate(all="ignore"):
                finite = np.all(np.isfinite(function.values(scale * t) * weights), axis=1)
            constant += self._factor * float(own.value[~finite].sum())
            if finite.any():
                parts.append((function, (scale * t[finite]).ravel(), weights[finite].ravel()))
        return _plan(parts, constant, error)

    def _refuse(self, q: float) -> None:
        self._refuse_if_divergent(q)
        raise Undecided(
            f"E[{self.expr}] over N(0, {q}) could not be computed in double precision: the integrand overflows or "
            "is undefined at some nodes, and divergence was not proved; check its domain, or use a smaller q"
        )

    def _refuse_if_divergent(self, q: float) -> None:
        """Raise `MomentDiverges` if it is proved.

        The proof: where ``x f(x) exp(-x^2/(2q))`` has a limit other than 0 at an end of the line, the
        integrand exceeds a multiple of ``1/|x|`` there, with one sign.
        """
        for part in _pieces(self.expr)[0]:
            for end, own_end in ((part.lower, self.interval[0]), (part.upper, self.interval[1])):
                if end in (oo, -oo) and math.isinf(own_end):
                    try:
                        at_end = limit(part.expr * exp(-(x**2) / (2 * Rational(q))) * x, x, end)
                    except (NotImplementedError, ValueError):
                        continue
                    if at_end.is_extended_real and at_end.is_zero is False:
                        raise MomentDiverges(
                            f"E[{self.expr}] over N(0, {q}) diverges at {end}: x times the integrand does not tend to 0"
                        )


def _plan(parts: list[tuple[Compiled, Array, Array]], constant: float, error: float) -> _Plan:
    quiet = True
    for function, nodes, _ in parts:
        try:
            with np.errstate(over="raise", divide="raise", invalid="raise"):
                function.values(nodes)
        except FloatingPointError:
            quiet = False
    prepared = tuple((function.values, nodes, np.ascontiguousarray(weights)) for function, nodes, weights in parts)
    return _Plan(prepared, constant, error + sys.float_info.min, quiet)


def _uneven(count: int) -> Array:
    """Return ``count + 1`` ascending fractions from 0 to 1, with no panel symmetric about the middle (think of 1/x)."""
    even = np.linspace(0, 1, count + 1)
    edges: Array = even + 0.02 * np.sin(np.pi * even) ** 2
    return edges


def _displaced(end: Array, absolute: Array, width: Array) -> Array:
    """Return the error from a piece's end that is off by 4 roundoffs, with 4 times the neighbouring mean integrand."""
    with np.errstate(all="ignore"):
        return np.where(width > 0, 16 * UNIT * np.abs(end) * absolute / width, 0.0)


def _geometric(outer: Array, inner: Array) -> Array:
    """Return the sum of the geometric series that continues `inner`, `outer`; infinite where it does not fall."""
    with np.errstate(all="ignore"):
        tail = outer * outer / (inner - outer)
    return np.where(outer == 0, 0.0, np.where(outer < inner, tail, np.inf))


def _windows(branch: _Branch, scale: Array) -> tuple[Array, Array, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the ends in ``t`` of the part of `branch` that matters, and whether each end was cut."""
    lower = np.clip(branch.lower / scale, -FARTHEST, FARTHEST)
    upper = np.clip(branch.upper / scale, -FARTHEST, FARTHEST)
    reach = SHARED_REACH / 2
    near_lower = np.maximum(lower, np.minimum(-SHARED_REACH, upper - reach))
    near_upper = np.minimum(upper, np.maximum(SHARED_REACH, lower + reach))
    return near_lower, near_upper, near_lower > branch.lower / scale, near_upper < branch.upper / scale


def _pieces(f: Expr) -> tuple[tuple[Piece, ...], bool]:
    """Return the pieces of `f` and whether they were found exactly; else the line, for the bisection to find."""
    try:
        return pieces(f), True
    except Undecided:
        return (Piece(-oo, oo, f),), False


def _positive(q: float) -> float:
    try:
        number = float(q)
    except (TypeError, ValueError) as error:
        raise BadParameter(f"the second moment q must be a positive finite number, not {q!r}") from error
    if not (number > 0 and math.isfinite(number)):
        raise BadParameter(f"the second moment q must be a positive finite number, not {q!r}")
    return number


def checked(f: Any) -> Expr:
    """Return `f` as an expression in ``x`` alone.

    Raises
    ------
    BadExpression
        When `f` is no SymPy expression, or has other free symbols.
    """
    if isinstance(f, (int, float)) and not isinstance(f, bool):
        return sympify(f)
    if not isinstance(f, Expr):
        raise BadExpression(f"{f!r} is not a SymPy expression in gainderive.symbols.x")
    if others := f.free_symbols - {x}:
        raise BadExpression(
            f"{f} contains {', '.join(sorted(map(str, others)))}; a numerical mean needs a function of "
            "gainderive.symbols.x alone, so substitute numbers first"
        )
    if f.has(S.NaN, S.ComplexInfinity):
        raise BadExpression(f"{f} is not a real function of x")
    return f


@lru_cache(maxsize=512)
def restricted_rule(f: Expr, a: float, b: float) -> Rule:
    """Return the remembered rule of `f` on ``a < x < b``."""
    lower, upper = float(a), float(b)
    if not lower < upper:
        raise BadParameter(f"the interval needs a < b, not a = {a}, b = {b}")
    return Rule(checked(f), lower, upper)


@lru_cache(maxsize=512)
def rule(f: Expr) -> Rule:
    r"""Return the rule of `f`: the map from ``q`` to :math:`E f(\sqrt q\,z)`; the same object for the same `f`.

    Raises
    ------
    BadExpression
        When `f` is not a real function of ``x`` alone that NumPy or SciPy can evaluate.

    Examples
    --------
    >>> from sympy import tanh
    >>> rule(tanh(x) ** 2) is rule(tanh(x) ** 2)
    True
    >>> values, errors = rule(tanh(x) ** 2).means([0.5, 1.0, 2.0])
    >>> values.shape, bool(errors.max() < 1e-14)
    ((3,), True)
    """
    return restricted_rule(f, -math.inf, math.inf)
