"""Statements that checked derivations, algebra and balls decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from sympy import Basic, Expr, Rational, Tuple, exp, expand, fraction, oo, sympify, together
from sympy.core.relational import Relational

from gainderive import algebra, balls, catalog, zeros
from gainderive.derivation import assignments, items, sign_between
from gainderive.errors import BadClaim, BadExpression, StepRefused, Undecided
from gainderive.ledger._evidence import Decision, Row, Statement
from gainderive.ledger._numbers import Number, ball, decimal, made, settled
from gainderive.status import Status
from gainderive.symbols import x

_DIGITS = 10
"""Digits of a number in a row."""


@dataclass(frozen=True)
class Derived:
    """A published result whose derivation checks, and which says what the sentence says.

    Parameters
    ----------
    result : str
        Its ID.
    says : Basic, optional
        What the sentence says, as an equation, a relation, or a tuple of them; each has to be among what the result
        claims, where both sides of an equation may be written in another way. Left out, the whole claim is meant.
    """

    result: str
    says: Basic | None = None

    def decide(self) -> Decision:
        """Check every step of the derivation, and compare."""
        derivation = catalog.result(self.result).derivation
        try:
            status = derivation.check()
        except StepRefused as refusal:
            return Decision(False, (Row(f"derivation {self.result}", "refused", Status.PROVED, False, str(refusal)),))
        claim, how = items(derivation.claim), f"{len(derivation.steps)} steps checked"
        named = f"{self.result} ({derivation.title})"
        if self.says is None:
            return Decision(True, (Row(named, _text(derivation.claim), status, True, how),))
        said = {one: any(_same(one, other) for other in claim) for one in items(self.says)}
        rows = tuple(
            Row(f"{_text(one)}, by {named}", _text(derivation.claim), status, holds, how) for one, holds in said.items()
        )
        return Decision(all(row.holds for row in rows), rows)


@dataclass(frozen=True)
class Refuted:
    """The contrary of a statement: it holds when the statement fails."""

    statement: Statement

    def decide(self) -> Decision:
        """Decide the statement, and turn the answer round."""
        found = self.statement.decide()
        how = "the sentence says that it is not so"
        rows = (replace(row, holds=not found.holds, how=f"{row.how}; {how}" if row.how else how) for row in found.rows)
        return Decision(not found.holds, tuple(rows))


@dataclass(frozen=True)
class Identity:
    """An equation that algebra decides; where it fails, balls at a point show by how much.

    Parameters
    ----------
    left, right : Expr or int
        May have free symbols, for whose values it has to hold always.
    what : str
        The left side in words.
    """

    left: Expr | int
    right: Expr | int
    what: str = ""

    def decide(self) -> Decision:
        """Decide whether both sides are equal wherever they are defined."""
        left_side, right_side = sympify(self.left), sympify(self.right)
        what = self.what or str(left_side)
        if algebra.equal(left_side, right_side):
            return Decision(True, (Row(what, str(right_side), Status.PROVED, True, "decided by algebra"),))
        for values in assignments(left_side.free_symbols | right_side.free_symbols, left_side - right_side):
            left, right = left_side.xreplace(values), right_side.xreplace(values)
            if _are_apart(left, right):
                at = ", ".join(f"{symbol} = {value}" for symbol, value in values.items())
                shown = f"{decimal(left, _DIGITS)}, not {decimal(right, _DIGITS)}"
                how = f"said to be {self.right}" + (f"; at {at}" if at else "")
                return Decision(False, (Row(what, shown, Status.ENCLOSED, False, how),))
        raise Undecided(f"whether {what} is {self.right} could not be decided")


@dataclass(frozen=True)
class Compares:
    """An inequality or equation between two numbers: ``Compares("the slope", slope, "<=", 1)``.

    Parameters
    ----------
    what : str
        The left side in words.
    left : Expr or Enclosure, or callable that returns one
        A number.
    relation : str
        ``"<"``, ``"<="``, ``">"``, ``">="`` or ``"="``; an equation is decided by algebra, and refuted by balls.
    right : Expr or Enclosure, or callable that returns one
        A number.
    """

    what: str
    left: Number
    relation: str
    right: Number

    def decide(self) -> Decision:
        """Decide the relation."""
        left, right = made(self.left), made(self.right)
        both = isinstance(left, Expr) and isinstance(right, Expr)
        status = Status.ENCLOSED
        if both and algebra.equal(left, right):
            holds, status = self.relation in ("=", "<=", ">="), Status.PROVED
        elif self.relation == "=":
            settled(lambda bits: _differ(left, right, bits), f"{self.what} = {right}")
            holds = False
        else:
            less = settled(lambda bits: _is_less(left, right, bits), f"{self.what} {self.relation} {right}")
            holds = less if "<" in _known(self.relation) else not less
        wanted = f"said to be {self.relation} {decimal(right, _DIGITS)}"
        return Decision(holds, (Row(self.what, decimal(left, _DIGITS), status, holds, wanted),))


@dataclass(frozen=True)
class Throughout:
    """An inequality between functions of ``x`` on a whole open interval, by balls, zeros included.

    Parameters
    ----------
    what : str
        The left side in words.
    left : Expr
        In ``x``.
    relation : str
        ``"<"``, ``"<="``, ``">"`` or ``">="``.
    right : Expr or int
        In ``x``.
    lower, upper : Expr or int
        Ends of the interval.
    """

    what: str
    left: Expr
    relation: str
    right: Expr | int
    lower: Expr | int = -oo
    upper: Expr | int = oo

    def decide(self) -> Decision:
        """Decide the sign of the difference between its zeros."""
        lower, upper = sympify(self.lower), sympify(self.upper)
        difference = sympify(self.left - self.right)
        if "<" in _known(self.relation):
            difference = -difference
        where = f"for x from {lower} to {upper}"
        wanted = f"said to be {self.relation} {self.right} {where}"
        if algebra.is_zero(difference):
            holds = "=" in self.relation
            return Decision(holds, (Row(self.what, f"always {self.right}", Status.PROVED, holds, where),))
        counterexample = _counterexample(difference, lower, upper)
        if counterexample is not None:
            shown = f"{decimal(self.left.subs(x, counterexample), _DIGITS)} at x = {counterexample}"
            return Decision(False, (Row(self.what, shown, Status.ENCLOSED, False, wanted),))
        inside = _zeros_between(difference, lower, upper)
        if inside and "=" not in self.relation:
            shown = f"equal at x = {decimal(inside[0], _DIGITS)}"
            return Decision(False, (Row(self.what, shown, Status.ENCLOSED, False, wanted),))
        signs = {_sign(difference, a, b) for a, b in pairwise((lower, *inside, upper))}
        shown = f"always {self.relation} {self.right}"
        return Decision(signs == {1}, (Row(self.what, shown, Status.ENCLOSED, signs == {1}, where),))


def _zeros_between(difference: Expr, lower: Expr, upper: Expr) -> tuple[Expr, ...]:
    """Return the zeros in an open interval, in ascending order; most differences have none, which is shown sooner."""
    try:
        _sign(difference, lower, upper)
    except Undecided:
        found = zeros.real_zeros(difference, x, lower, upper)
        return tuple(sorted((zero for zero in found if lower < zero < upper), key=float))
    return ()


def _sign(difference: Expr, lower: Expr, upper: Expr) -> int:
    """Return the sign on a whole open interval, of numerator and denominator as sums where the quotient is not seen."""
    try:
        return sign_between(difference, lower, upper)
    except Undecided:
        above, below = fraction(together(difference.rewrite(exp)))
        return sign_between(expand(above), lower, upper) * sign_between(expand(below), lower, upper)


def _counterexample(difference: Expr, lower: Expr, upper: Expr) -> Rational | None:
    """Return a point at which a ball shows that the difference is negative, if one was found."""
    return next((p for p in _points(lower, upper) if balls.sign_of(difference.subs(x, p)) == -1), None)


def _points(lower: Expr, upper: Expr) -> list[Rational]:
    """Return points of an interval, dense where functions usually bend."""
    parts = [Rational(k, 16) for k in range(1, 16)]
    if lower == -oo and upper == oo:
        return [sign * p / (1 - p) for p in parts for sign in (1, -1)]
    if upper == oo:
        return [lower + p / (1 - p) for p in parts]
    if lower == -oo:
        return [upper - p / (1 - p) for p in parts]
    return [lower + p * (upper - lower) for p in parts]


def _known(relation: str) -> str:
    if relation not in ("<", "<=", ">", ">="):
        raise BadClaim(f"{relation!r} is no relation; there are <, <=, > and >=, and = between numbers")
    return relation


def _are_apart(left: Expr, right: Expr) -> bool:
    """Tell whether balls show two numbers to be different; also unequal functions may be equal at a point."""
    try:
        return settled(lambda bits: _differ(left, right, bits), f"{left} = {right}")
    except Undecided:
        return False


def _differ(left: Number, right: Number, bits: int) -> bool | None:
    return True if not ball(made(left), bits).overlaps(ball(made(right), bits)) else None


def _is_less(left: Number, right: Number, bits: int) -> bool | None:
    a, b = ball(made(left), bits), ball(made(right), bits)
    return True if a < b else False if a > b else None


def _same(one: Basic, other: Basic) -> bool:
    """Tell whether two lines say the same, the sides of a relation in any form."""
    if one == other:
        return True
    if not (isinstance(one, Relational) and isinstance(other, Relational) and one.rel_op == other.rel_op):
        return False
    try:
        return all(algebra.equal(a, b) for a, b in zip(one.args, other.args, strict=True))
    except (BadExpression, TypeError, ValueError, AttributeError):
        return False


def _text(shown: Basic) -> str:
    if isinstance(shown, Tuple):
        return "; ".join(map(_text, shown))
    if isinstance(shown, Relational):
        return f"{shown.lhs} {'=' if shown.rel_op == '==' else shown.rel_op} {shown.rhs}"
    return str(shown)
