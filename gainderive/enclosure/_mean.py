r"""Certified Gaussian means: panels between kinks, integrated in ball arithmetic, plus bounded tails.

.. math:: E[f(x);\ a<x<b] = \frac{1}{\sqrt{2\pi q}} \sum_{\text{pieces}} \int f(x)\, e^{-x^2/(2q)}\,dx

Pieces that are polynomials with exponentials have a recurrence (:mod:`gainderive.enclosure._moments`). A function
that is analytic around the whole line gets the trapezoid rule with a proved remainder
(:mod:`gainderive.enclosure._strip`), past poles where they are known exactly (:mod:`gainderive.enclosure._residues`).
Every other piece is one panel for ``acb.integral``, whose error bound is rigorous. An unbounded piece is cut at a
``T`` beyond which :class:`gainderive.balls.Growth` bounds the rest; the bound is added as a radius. A function with
infinitely many kinks is cut first, its tails bounded by the worst of its branches, and split between the cuts. A
panel whose end is no exact binary number is mapped to ``[0, 1]`` by ``x = lower + t (upper - lower)`` with the balls
inside the integrand, so that every true value of the ends is covered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial, reduce
from itertools import pairwise
from typing import Any, NoReturn

from flint import acb, arb, ctx, fmpq
from sympy import Basic, Expr, Rational, Symbol, oo, sympify

from gainderive.balls import (
    STARTS,
    Exact,
    Growth,
    HalfLine,
    Program,
    Values,
    approximate,
    evaluate,
    rational,
    rational_midpoint,
    run,
    working_precision,
)
from gainderive.enclosure._moments import Moments, exponential_polynomial
from gainderive.enclosure._panels import Integrand, integral, integrand_of, leaf_balls, panel, weighted
from gainderive.enclosure._poles import pole
from gainderive.enclosure._residues import rational_form, residue_rule
from gainderive.enclosure._singular import Mapped, beside, cured, removable, singular_points, slow_tail
from gainderive.enclosure._strip import analytic_height, trapezoid
from gainderive.errors import BadExpression, BadParameter, MomentDiverges, Undecided
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.pieces import Piece, is_even, is_odd, pieces
from gainderive.symbols import x

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
    if not values:
        integrand, q, a, b = _arguments(node)
        return _mean(integrand, q, a, b, ctx.prec, {})
    known = node_values(node, values)
    integrand = node.integrand
    numbers = {s: v for s, v in known.items() if not isinstance(v, arb)}
    balls = {s: v for s, v in known.items() if isinstance(v, arb)}
    q, a, b = (_closed(end, numbers, balls) for end in (node.q, node.lower, node.upper))
    inside = {s: v for s, v in balls.items() if s in integrand.free_symbols}
    return _mean(integrand.xreplace(numbers) if numbers else integrand, q, a, b, ctx.prec, inside)


@lru_cache(maxsize=1024)
def _arguments(node: Basic) -> tuple[Expr, Expr, Expr, Expr]:
    """Return integrand, second moment and ends of a mean or an integral without symbols to be given a value."""
    node_values(node, {})
    return node.integrand, node.q, node.lower, node.upper


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

    `parts` is ``None`` where the pieces of the function can be found between cuts only. `factor` is 2 where parity
    leaves half of the line, 0 for an odd integrand; `tails` are the bounds to the left and right of the cuts; `size`
    bounds the order of magnitude of the integral from a first pass.
    """

    function: Expr
    parts: tuple[Piece, ...] | None
    q: Any
    ends: tuple[Any, Any]
    values: Mapping[Symbol, arb]
    factor: int
    tails: tuple[tuple[Growth, fmpq] | Mapped | None, tuple[Growth, fmpq] | Mapped | None]
    is_singular: bool = False

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
        return tuple((part, weighted(part.expr)) for part in parts)

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
        if isinstance(tail, Mapped):
            return side * arb(tail.start).exp(), arb(0)
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
            plan = _settled(_new_plan(f, q, a, b, values))
            prepared = _prepare(plan, prec, _size(plan) or 0.0)
        if plan.factor == 0:
            return arb(0)
        return prepared.raw() * prepared.scale


@lru_cache(maxsize=1024)
def _plan(f: Expr, q: Expr, a: Expr, b: Expr) -> _Plan:
    return _settled(_new_plan(f, q, a, b, {}))


def _settled(plan: _Plan) -> _Plan:
    """Return the plan, or one that looks after singular points where a first pass finds no finite value."""
    if _size(plan) is not None:
        return plan
    _refuse_pole(plan)
    singular = replace(plan, is_singular=True)
    try:
        return singular if _size(singular) is not None else _refuse(plan)
    except Undecided:
        _refuse(plan)


def _new_plan(f: Expr, q: Any, a: Any, b: Any, values: Mapping[Symbol, arb]) -> _Plan:
    unknown = f.free_symbols - {x} - values.keys()
    if unknown:
        raise BadExpression(
            f"{', '.join(sorted(map(str, unknown)))} in {f} has no value; give one, or put a number there"
        )
    factor, left = _parity(f) if (a, b) == (-oo, oo) else (1, a)
    parts = _clipped(f, left)
    for part in parts or ():
        weighted(part.expr)  # Refuses functions without enclosure, before anything is computed.
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


def _tail_of(side: int, end: Any, plan: _Plan) -> tuple[Growth, fmpq] | Mapped | None:
    if not _is_infinite(end):
        return None
    if plan.parts is None:
        return _bound(plan.function, side, plan)
    outer = [p for p in plan.parts if (p.upper if side > 0 else p.lower) == side * oo]
    if not outer:
        return None
    inner = outer[0].lower if side > 0 else outer[0].upper
    try:
        growth, start = _bound(outer[0].expr, side, plan)
    except Undecided:
        slow = _slow_tail(outer[0].expr, inner, side, plan)
        if slow is None:
            raise
        return slow
    if not _is_infinite(inner):
        edge = (side * plan.constant(inner)).upper().ceil().unique_fmpz()
        start = max(start, fmpq(edge))
    return growth, start


def _slow_tail(expr: Expr, inner: Expr, side: int, plan: _Plan) -> Mapped | None:
    """Return a tail that falls like a power, where it begins on the outermost piece."""
    if plan.values or not isinstance(plan.q, Rational):
        return None
    slow = slow_tail(expr, side, 1 / (2 * plan.q), plan.constant)
    if slow is None or _is_infinite(inner) or arb(slow.start).exp() > side * plan.constant(inner):
        return slow
    return None


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


_FEW_NODES = 2
"""The trapezoid rule is taken when its nodes are fewer than this per bit: ``acb.integral`` needs more evaluations."""
_FAR = 1e4
"""Nodes are not laid out farther than this: the edge of the strip alone would take too many boxes."""


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
    return _prepare(plan, prec, _size(plan) or 0.0)


def _prepare(plan: _Plan, prec: int, size: float) -> _Prepared:
    """Prepare for an integral of magnitude ``exp(size)`` to `prec` relative bits."""
    target = size - (prec + 2) * math.log(2)
    (lower, left), (upper, right) = plan.cut(-1, target), plan.cut(1, target)
    relative = arb(2) ** (-prec)
    absolute = relative * arb(size).exp()
    rate = arb(plan.rate)
    parts: list[Callable[[], arb]] = []
    for piece, program in plan.panels(lower, upper):
        moments = _moments(plan, piece, rate) if plan.parts is not None else None
        if moments is not None:
            parts.append(moments)
            continue
        ends = _ends(plan, piece, lower, upper)
        if ends is not None and plan.is_singular:
            pieces_of_it = _around_singular_points(plan, piece, *ends, target)
            parts += [partial(integral, *panel(f, low, high), relative, absolute) for f, low, high, _ in pieces_of_it]
            left = sum((rest for *_, rest in pieces_of_it), left)
        elif ends is not None:
            leaves = leaf_balls(program, rate, plan.values, node_ball)
            integrand = integrand_of(program, leaves)
            fast = _trapezoid(plan, leaves, integrand, lower, upper, absolute / 4) if prec > _ROUGH else None
            parts.append(fast or partial(integral, *panel(integrand, *ends), relative, absolute))
    for tail in plan.tails:
        if isinstance(tail, Mapped):
            slow, low, high, rest = _far_part(plan, tail, target)
            parts.append(partial(integral, *panel(slow, low, high), relative, absolute))
            left = left + rest
    cut_off = arb(0) if all(isinstance(part, Moments) for part in parts) else arb(0, left + right)
    return _Prepared(tuple(parts), plan.factor * (rate / arb.pi()).sqrt(), cut_off)


Part = tuple[Integrand, arb, arb, arb]
"""An integrand, the ends of a panel, and a bound of what is cut off beyond."""


def _far_part(plan: _Plan, mapped: Mapped, target: float) -> Part:
    """Return the integral in ``t`` from its start to where the rest is small."""
    start = mapped.growth.start_of_tail(fmpq(0), target, approximate(mapped.start))
    rest = None if start is None else mapped.growth.tail(fmpq(0), start)
    if start is None or rest is None:
        raise Undecided("no point was found beyond which the tail of the integrand is small")
    integrand = integrand_of(mapped.program, leaf_balls(mapped.program, arb(plan.rate), plan.values, node_ball))
    return integrand, arb(mapped.start), arb(start), rest.abs_upper()


def _around_singular_points(plan: _Plan, piece: Piece, lower: arb, upper: arb, target: float) -> list[Part]:
    """Return the panels of a piece between, and mapped ones beside, the points where it has no finite value."""
    rate = arb(plan.rate)
    program = weighted(piece.expr)
    plain = integrand_of(program, leaf_balls(program, rate, plan.values, node_ball))
    cures, hard = [], []
    for point in singular_points(piece.expr):
        at = plan.constant(point)
        if at < lower or at > upper:
            continue
        cure = removable(piece.expr, point)
        if cure is None:
            hard.append((at, point))
        else:
            leaves = leaf_balls(cure.quotient, rate, plan.values, node_ball)
            cures.append((acb(at), integrand_of(cure.quotient, leaves)))
    integrand = cured(plain, cures)
    hard.sort(key=lambda pair: rational_midpoint(pair[0]))
    found: list[Part] = []
    marks = [(lower, None), *hard, (upper, None)]
    for (left, first), (right, last) in pairwise(marks):
        if not right > left:
            if not (right - left).is_zero() and (first or last) not in (piece.lower, piece.upper):
                raise Undecided(f"whether {first or last} lies on the interval of {piece.expr} could not be decided")
            continue
        room = (right - left) / 2
        for point, side in ((first, 1), (last, -1)):
            if point is None:
                continue
            mapped = next(
                (m for m in beside(piece.expr, point, side, plan.constant) if arb(-m.start).exp() < room), None
            )
            if mapped is None:
                raise Undecided(f"no bound was found for {piece.expr} near x = {point}")
            found.append(_far_part(plan, mapped, target))
            if side > 0:
                left = left + arb(-mapped.start).exp()
            else:
                right = right - arb(-mapped.start).exp()
        found.append((integrand, left, right, arb(0)))
    return found


def _moments(plan: _Plan, piece: Piece, rate: arb) -> Callable[[], arb] | None:
    """Return the integral of a polynomial with exponentials, which needs no cut."""
    if plan.values or isinstance(plan.q, arb):
        # What is uncertain enters the recurrence at every step, and the integral but once.
        return None
    terms = exponential_polynomial(piece.expr)
    if terms is None:
        return None
    lows = [arb(plan.constant(end)) for end in (piece.lower, plan.ends[0]) if not _is_infinite(end)]
    highs = [arb(plan.constant(end)) for end in (piece.upper, plan.ends[1]) if not _is_infinite(end)]
    low, high = reduce(arb.max, lows) if lows else None, reduce(arb.min, highs) if highs else None
    if low is not None and high is not None and high <= low:
        terms = ()
    return Moments.of(terms, rate, low, high, plan.constant)


def _trapezoid(
    plan: _Plan, leaves: list[arb], integrand: Integrand, lower: arb | None, upper: arb | None, target: arb
) -> Callable[[], arb] | None:
    """Return the trapezoid sum where the integrand is analytic around the whole line and few nodes suffice."""
    if plan.values or not plan.is_analytic or lower is None or upper is None:
        return None
    assert plan.parts is not None
    program = weighted(plan.parts[0].expr)
    even = plan.factor == 2
    least = float((upper if even else upper.max(-lower)).upper())
    if least > _FAR:
        return None
    form = rational_form(plan.parts[0].expr)
    if form is not None:
        residues = residue_rule(form, integrand, arb(plan.rate), least, _FEW_NODES * ctx.prec, target, even)
        if residues is not None:
            return residues
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
    return analytic_height(integrand_of(program, leaf_balls(program, arb(0), {}, node_ball)), reach, even)


def _ends(plan: _Plan, piece: Piece, lower: arb | None, upper: arb | None) -> tuple[arb, arb] | None:
    """Return the part of `piece` between the cuts; ``None`` when it is empty."""
    lows = [arb(plan.constant(piece.lower))] if not _is_infinite(piece.lower) else []
    highs = [arb(plan.constant(piece.upper))] if not _is_infinite(piece.upper) else []
    low = reduce(arb.max, lows + [lower] * (lower is not None))
    high = reduce(arb.min, highs + [upper] * (upper is not None))
    return None if high <= low else (low, high)


@lru_cache(maxsize=1024)
def _size(plan: _Plan) -> float | None:
    """Return the logarithm of the integral's magnitude, or of a bound of it where it may be 0.

    ``None`` where no finite value is found.

    A value far below 1 is first seen as "at most the tolerance"; the tolerance is lowered until digits appear, or
    until rounding errors stop the progress.
    """
    with working_precision(_ROUGH + _GUARD):
        size = 0.0
        for _ in range(8):
            value = _prepare(plan, _ROUGH, size).raw()
            if not value.is_finite():
                return None
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
