r"""Certified Gaussian means: panels between kinks, integrated in ball arithmetic, plus bounded tails.

.. math:: E[f(x);\ a<x<b] = \frac{1}{\sqrt{2\pi q}} \sum_{\text{pieces}} \int f(x)\, e^{-x^2/(2q)}\,dx

Each piece is one panel for ``acb.integral``, whose error bound is rigorous. An unbounded piece is cut at a ``T`` beyond
which :class:`gainderive.balls.Growth` bounds the rest; the bound is added as a radius. A function with infinitely many
kinks is cut first, its tails bounded by the worst of its branches, and split between the cuts. A panel whose end is no exact
binary number is mapped to ``[0, 1]`` by ``x = lower + t (upper - lower)`` with the balls inside the integrand, so that
every true value of the ends is covered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from typing import Any, NoReturn

from flint import acb, arb, ctx, fmpq
from sympy import Basic, Expr, Rational, Symbol, exp, oo, sympify

from gainderive.balls import (
    STARTS,
    Exact,
    Growth,
    HalfLine,
    Program,
    Values,
    approximate,
    compiled,
    evaluate,
    rational,
    rational_midpoint,
    run,
    working_precision,
)
from gainderive.enclosure._poles import pole
from gainderive.enclosure._strip import analytic_height, trapezoid
from gainderive.errors import BadExpression, BadParameter, MomentDiverges, Undecided
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.pieces import Piece, is_even, is_odd, pieces
from gainderive.symbols import parameter, x

_RATE = parameter("1/(2q), the decay of the Gaussian weight", positive=True)
_GUARD = 12
"""Bits of working precision beyond those asked for."""
_ROUGH = 30
"""Bits of the first pass, which finds out how large the value is."""


def mean_ball(f: Expr, q: Any, prec: int, a: Any = -oo, b: Any = oo) -> arb:
    r"""Return a ball around :math:`E[f(x);\ a < x < b]`, ``x ~ N(0, q)``.

    Parameters
    ----------
    f : Expr
        In ``symbols.x``; may switch at kinks that :func:`gainderive.pieces.pieces` finds.
    q : Expr or arb
        Second moment of ``x``, positive.
    prec : int
        Bits of relative accuracy aimed at; where terms cancel there are fewer.
    a, b : Expr or arb
        Ends of the interval.

    Raises
    ------
    BadExpression
        For free symbols other than ``x`` and functions without enclosure.
    BadParameter
        When `q` is not shown to be positive.
    MomentDiverges
        When :math:`E|f|` is proved to be infinite.
    Undecided
        When no bound of a tail was found, or the integrand is not bounded.

    Examples
    --------
    >>> from gainderive.symbols import x
    >>> mean_ball(x**4, 1, 60).overlaps(arb(3))
    True
    """
    q, a, b = (v if isinstance(v, arb) else sympify(v) for v in (q, a, b))
    return _mean(sympify(f), q, a, b, prec, {})


def node_ball(node: Basic, values: Values) -> arb:
    """Return the ball of a Gaussian mean or integral at the current precision."""
    if not isinstance(node, (GaussMean, GaussIntegral)):
        raise BadExpression(f"{node} has no enclosure")
    known = node_values(node, values)
    integrand = node.integrand
    numbers = {s: v for s, v in known.items() if not isinstance(v, arb)}
    balls = {s: v for s, v in known.items() if isinstance(v, arb)}
    q, a, b = (_closed(end, numbers, balls) for end in (node.q, node.lower, node.upper))
    inside = {s: v for s, v in balls.items() if s in integrand.free_symbols}
    return _mean(integrand.xreplace(numbers) if numbers else integrand, q, a, b, ctx.prec, inside)


def node_values(node: Basic, values: Values) -> Values:
    """Return the values of the free symbols of a Gaussian mean or integral, whose bound variable is ``symbols.x``.

    Raises
    ------
    BadExpression
        Where a free ``x`` would be taken for the bound one: the bound variable is another, or the second moment, an
        end, or a value contains ``x``.
    """
    variable, *outside = node.args[1:]
    if variable != x:
        raise BadExpression(
            f"the bound variable {variable} of {node} is not gainderive.symbols.x; write the integrand in that x"
        )
    if any(x in part.free_symbols for part in outside):
        raise BadExpression(
            f"the second moment or an end of {node} contains its bound variable {x}; put a number or another symbol "
            "there"
        )
    known = {s: v for s, v in values.items() if s in node.free_symbols}
    for symbol, value in known.items():
        if isinstance(value, Basic) and x in value.free_symbols:
            raise BadExpression(
                f"the value {value} of {symbol} contains the bound variable {x} of {node}; give a number"
            )
    return known


def _closed(expr: Expr, numbers: Values, balls: Values) -> Any:
    """Return `expr` without symbols: as an expression if expressions stand for them, else as a ball."""
    if not expr.free_symbols:
        return expr
    expr = expr.xreplace(dict(numbers))
    return evaluate(expr, balls, node_ball) if expr.free_symbols else expr


# -- what does not depend on the precision ------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Plan:
    """A mean, ready to be computed to any precision.

    `parts` is ``None`` where the pieces of the function can be found between cuts only. `factor` is 2 where parity leaves half of the line, 0 for an odd integrand; `tails` are the bounds to the left and
    right of the cuts; `size` bounds the order of magnitude of the integral from a first pass.
    """

    function: Expr
    parts: tuple[Piece, ...] | None
    q: Any
    ends: tuple[Any, Any]
    values: Mapping[Symbol, arb]
    factor: int
    tails: tuple[tuple[Growth, fmpq] | None, tuple[Growth, fmpq] | None]

    def constant(self, expr: Any) -> arb:
        return expr if isinstance(expr, arb) else evaluate(expr, self.values, node_ball)

    @property
    def is_analytic(self) -> bool:
        """Whether one expression holds on the whole line, or on the half that parity leaves of it."""
        if self.parts is None or len(self.parts) != 1:
            return False
        piece, whole = self.parts[0], self.ends[0] == -oo or self.factor != 1
        return whole and self.ends[1] == oo and (piece.lower, piece.upper) == (-oo, oo)

    def panels(self, lower: arb | None, upper: arb | None) -> tuple[tuple[Piece, Program], ...]:
        """Return the pieces, with the integrand on each; of infinitely many those between the cuts."""
        parts = self.parts
        if parts is None:
            low = self._cut_or_end(lower, self.ends[0]).lower()
            high = self._cut_or_end(upper, self.ends[1]).upper()
            parts = _parts_between(self.function, rational_midpoint(low), rational_midpoint(high))
        return tuple((part, _weighted(part.expr)) for part in parts)

    def _cut_or_end(self, cut: arb | None, end: Any) -> arb:
        return self.constant(end) if cut is None else cut

    @property
    def rate(self) -> Exact:
        if isinstance(self.q, Rational):
            return 1 / (2 * rational(self.q))
        return 1 / (2 * self.constant(self.q))

    def cut(self, side: int, target: float) -> tuple[arb | None, arb]:
        """Return where the panels end on `side` (``None`` at a kink) and a bound of the integral beyond."""
        tail, end = self.tails[side > 0], self.ends[side > 0]
        if tail is None:
            return (None if _is_infinite(end) else self.constant(end)), arb(0)
        growth, least = tail
        start = growth.start_of_tail(self.rate, target, approximate(least))
        bound = None if start is None else growth.tail(self.rate, start)
        if start is None or bound is None:
            raise Undecided("no point was found beyond which the tail of the integrand is small")
        return arb(side * start), bound.abs_upper()


def _is_infinite(end: Any) -> bool:
    return isinstance(end, Basic) and end in (oo, -oo)


def _mean(f: Expr, q: Any, a: Any, b: Any, prec: int, values: Mapping[Symbol, arb]) -> arb:
    closed = not values and not any(isinstance(v, arb) for v in (q, a, b))
    with working_precision(prec + _GUARD):
        if closed:
            plan = _plan(f, q, a, b)
            prepared = _prepared(plan, prec)
        else:
            plan = _new_plan(f, q, a, b, values)
            prepared = _prepare(plan, prec, _size(plan))
        if plan.factor == 0:
            return arb(0)
        value = prepared.raw() * prepared.scale
        return value if value.is_finite() else _refuse(plan)


@lru_cache(maxsize=1024)
def _plan(f: Expr, q: Expr, a: Expr, b: Expr) -> _Plan:
    return _new_plan(f, q, a, b, {})


def _new_plan(f: Expr, q: Any, a: Any, b: Any, values: Mapping[Symbol, arb]) -> _Plan:
    unknown = f.free_symbols - {x} - values.keys()
    if unknown:
        raise BadExpression(
            f"{', '.join(sorted(map(str, unknown)))} in {f} has no value; give one, or put a number there"
        )
    factor, left = _parity(f) if (a, b) == (-oo, oo) else (1, a)
    parts = _clipped(f, left)
    for part in parts or ():
        _weighted(part.expr)  # Refuses functions without enclosure, before anything is computed.
    plan = _Plan(f, parts, q, (left, b), values, factor, (None, None))
    rate = plan.rate
    if not (plan.constant(q) > 0 and rate > 0):
        raise BadParameter(f"the second moment of a normal variable must be positive, not {q}")
    if _is_empty(left, b, plan):
        raise BadParameter(f"the interval from {a} to {b} is empty; write its ends in ascending order")
    try:
        tails = _tail_of(-1, left, plan), _tail_of(1, b, plan)
    except Undecided as undecided:
        # A function with infinitely many poles has no bound at all.
        _refuse_pole(plan)
        raise undecided
    return _Plan(f, parts, q, (left, b), values, factor, tails)


def _is_empty(a: Any, b: Any, plan: _Plan) -> bool:
    """Tell whether the ends are in descending order, or at the same infinity."""
    if _is_infinite(a) or _is_infinite(b):
        return (_is_infinite(a) and a == oo) or (_is_infinite(b) and b == -oo)
    return bool(plan.constant(a) > plan.constant(b))


@lru_cache(maxsize=1024)
def _parity(f: Expr) -> tuple[int, Expr]:
    try:
        even, odd = is_even(f), is_odd(f)
    except Undecided:
        mirrored = f.subs(x, -x)
        even, odd = mirrored == f, mirrored == -f
    if even:
        return 2, Rational(0)
    return (0, Rational(0)) if odd else (1, -oo)


def _clipped(f: Expr, left: Any) -> tuple[Piece, ...] | None:
    """Return the pieces on which `f` is not 0, without those that end at 0 where the interval begins there.

    ``None`` where they could not be found on the whole line.
    """
    try:
        parts = pieces(f)
    except Undecided:
        return None
    return tuple(p for p in parts if p.expr != 0 and not (left == 0 and p.upper.is_nonpositive))


@lru_cache(maxsize=256)
def _parts_between(f: Expr, lower: fmpq, upper: fmpq) -> tuple[Piece, ...]:
    low, high = (Rational(int(end.p), int(end.q)) for end in (lower, upper))
    return tuple(p for p in pieces(f, lower=low, upper=high) if p.expr != 0)


@lru_cache(maxsize=1024)
def _weighted(expr: Expr) -> Program:
    return compiled(expr * exp(-_RATE * x**2), x)


def _tail_of(side: int, end: Any, plan: _Plan) -> tuple[Growth, fmpq] | None:
    if not _is_infinite(end):
        return None
    if plan.parts is None:
        return _bound(plan.function, side, plan)
    outer = [p for p in plan.parts if (p.upper if side > 0 else p.lower) == side * oo]
    if not outer:
        return None
    growth, start = _bound(outer[0].expr, side, plan)
    inner = outer[0].lower if side > 0 else outer[0].upper
    if not _is_infinite(inner):
        edge = (side * plan.constant(inner)).upper().ceil().unique_fmpz()
        start = max(start, fmpq(edge))
    return growth, start


def _bound(expr: Expr, side: int, plan: _Plan) -> tuple[Growth, fmpq]:
    """Return a growth that the weight outdoes, and where it begins to hold."""
    rate = plan.rate
    with working_precision(64):
        for start in STARTS:
            tail = HalfLine(side, start, plan.constant).tail(expr)
            if tail.high is not None and tail.high.a < rate:
                return tail.high, start
            if tail.low is not None and tail.low.diverges(rate):
                raise MomentDiverges(
                    f"the Gaussian mean of {expr} is infinite: at {'+' if side > 0 else '-'}oo it grows "
                    f"faster than exp(-x**2/(2q)) decays (q = {plan.q})"
                )
    raise Undecided(f"no bound was found for how {expr} grows as x goes to {'+' if side > 0 else '-'}oo")


# -- what depends on the precision --------------------------------------------------------------


Integrand = Callable[[acb, bool], acb]
_FEW_NODES = 2
"""The trapezoid rule is taken when its nodes are fewer than this per bit: ``acb.integral`` needs more evaluations."""


@dataclass(frozen=True, eq=False)
class _Prepared:
    """Integrals whose sum is the mean, but for the factor `scale` and the tails, bounded by the radius of `tail`."""

    parts: tuple[Callable[[], arb], ...]
    scale: arb
    tail: arb

    def raw(self) -> arb:
        """Return the sum of the integrals without the factor."""
        total = self.tail
        for part in self.parts:
            total = total + part()
        return total


@lru_cache(maxsize=1024)
def _prepared(plan: _Plan, prec: int) -> _Prepared:
    return _prepare(plan, prec, _size(plan))


def _prepare(plan: _Plan, prec: int, size: float) -> _Prepared:
    """Prepare for an integral of magnitude ``exp(size)`` to `prec` relative bits."""
    target = size - (prec + 2) * math.log(2)
    (lower, left), (upper, right) = plan.cut(-1, target), plan.cut(1, target)
    relative = arb(2) ** (-prec)
    absolute = relative * arb(size).exp()
    rate = arb(plan.rate)
    parts: list[Callable[[], arb]] = []
    for piece, program in plan.panels(lower, upper):
        ends = _ends(plan, piece, lower, upper)
        if ends is not None:
            leaves = _leaves(program, rate, plan.values)
            integrand = _integrand(program, leaves)
            fast = _trapezoid(plan, leaves, integrand, lower, upper, absolute / 4) if prec > _ROUGH else None
            parts.append(fast or partial(_integral, *_panel(integrand, *ends), relative, absolute))
    return _Prepared(tuple(parts), plan.factor * (rate / arb.pi()).sqrt(), arb(0, left + right))


def _integral(integrand: Integrand, lower: acb, upper: acb, relative: arb, absolute: arb) -> arb:
    return acb.integral(integrand, lower, upper, rel_tol=relative, abs_tol=absolute).real


def _trapezoid(
    plan: _Plan, leaves: list[arb], integrand: Integrand, lower: arb | None, upper: arb | None, target: arb
) -> Callable[[], arb] | None:
    """Return the trapezoid sum where the integrand is analytic around the whole line and few nodes suffice."""
    if plan.values or not plan.is_analytic or lower is None or upper is None:
        return None
    assert plan.parts is not None
    program = _weighted(plan.parts[0].expr)
    even = plan.factor == 2
    least = float((upper if even else upper.max(-lower)).upper())
    reach = float(2 ** math.ceil(math.log2(1.25 * least)))
    height = _height(program, reach, even)
    rule = trapezoid(integrand, height, reach, least, _FEW_NODES * ctx.prec, target, even) if height > 0 else None
    if rule is None:
        return None
    nodes = [arb(k * rule.step) for k in range(1 if even else -rule.count, rule.count + 1)]
    return partial(_sum, program, leaves, nodes, arb(rule.step), arb(0, rule.remainder), even)


def _sum(program: Program, leaves: list[arb], nodes: list[arb], step: arb, remainder: arb, even: bool) -> arb:
    """Return the trapezoid sum with its remainder; of an even integrand half of it."""
    code, place = program.real, program.leaves.index(x)

    def value(at: arb) -> arb:
        registers = leaves.copy()
        registers[place] = at
        return run(code, registers)

    total = value(arb(0)) / 2 if even else arb(0)
    for node in nodes:
        total = total + value(node)
    return total * step + remainder


@lru_cache(maxsize=1024)
def _height(program: Program, reach: float, even: bool) -> float:
    # The weight is analytic everywhere, so it is left out, and the answer serves every second moment.
    return analytic_height(_integrand(program, _leaves(program, arb(0), {})), reach, even)


def _leaves(program: Program, rate: arb, values: Values) -> list[arb]:
    known = {**values, _RATE: rate}
    return [arb(0) if leaf == x else evaluate(leaf, known, node_ball) for leaf in program.leaves]


def _ends(plan: _Plan, piece: Piece, lower: arb | None, upper: arb | None) -> tuple[arb, arb] | None:
    """Return the part of `piece` between the cuts; ``None`` when it is empty."""
    lows = [arb(plan.constant(piece.lower))] if not _is_infinite(piece.lower) else []
    highs = [arb(plan.constant(piece.upper))] if not _is_infinite(piece.upper) else []
    low = reduce(arb.max, lows + [lower] * (lower is not None))
    high = reduce(arb.min, highs + [upper] * (upper is not None))
    return None if high <= low else (low, high)


def _integrand(program: Program, real_leaves: list[arb]) -> Integrand:
    leaves = [acb(leaf) for leaf in real_leaves]
    place, analytic, anywhere = program.leaves.index(x), program.analytic, program.complex

    def integrand(at: acb, must_be_analytic: bool) -> acb:
        registers = leaves.copy()
        registers[place] = at
        return run(analytic if must_be_analytic else anywhere, registers)

    return integrand


def _panel(integrand: Integrand, lower: arb, upper: arb) -> tuple[Integrand, Any, Any]:
    """Return the integrand and exact ends; a panel with inexact ends is mapped to ``[0, 1]``."""
    if lower.is_exact() and upper.is_exact():
        return integrand, acb(lower), acb(upper)
    width = acb((upper - lower).max(arb(0)))
    start = acb(lower)

    def mapped(t: acb, must_be_analytic: bool) -> acb:
        return integrand(start + t * width, must_be_analytic) * width

    return mapped, acb(0), acb(1)


@lru_cache(maxsize=1024)
def _size(plan: _Plan) -> float:
    """Return the logarithm of the integral's magnitude, or of a bound of it where it may be 0.

    A value far below 1 is first seen as "at most the tolerance"; the tolerance is lowered until digits appear, or
    until rounding errors stop the progress.
    """
    with working_precision(_ROUGH + _GUARD):
        size = 0.0
        for _ in range(8):
            value = _prepare(plan, _ROUGH, size).raw()
            if not value.is_finite():
                _refuse(plan)
            magnitude = value.abs_upper()
            if not magnitude > 0:
                return size
            known = float(magnitude.log().mid())
            if not value.contains(0) or known > size - 2:
                return known
            size = 2 * known
    return known


def _at(plan: _Plan, expr: Any, at: arb | None) -> arb:
    return plan.constant(expr) if at is None else evaluate(expr, {**plan.values, x: at}, node_ball)


def _refuse_pole(plan: _Plan) -> None:
    """Raise where the integral is proved to diverge at a pole."""
    for piece in plan.parts or ():
        lower = [end for end in (piece.lower, plan.ends[0]) if not _is_infinite(end)]
        upper = [end for end in (piece.upper, plan.ends[1]) if not _is_infinite(end)]
        point = pole(piece.expr, lower, upper, partial(_at, plan))
        if point is not None:
            raise MomentDiverges(f"the Gaussian mean of {piece.expr} is infinite: it has a pole at x = {point}")


def _refuse(plan: _Plan) -> NoReturn:
    """Raise because an integral is not finite: proved to diverge at a pole, or undecided."""
    _refuse_pole(plan)
    functions = ", ".join(str(piece.expr) for piece in plan.parts) if plan.parts else str(plan.function)
    raise Undecided(
        f"the Gaussian mean of {functions} could not be enclosed: the integrand is not bounded, or not shown to be; "
        "cancel removable singularities, and write it as a real function on the whole interval"
    )
