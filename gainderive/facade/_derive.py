"""From an activation and a criterion to a checked derivation of the gain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sympy import Basic, Contains, Eq, Expr, Interval, Rational, S, Symbol, together

from gainderive import algebra, digest, enclosure, exact
from gainderive.activations import Activation
from gainderive.assumptions import NO_BIAS, STANDARD_PREACTIVATION, WEIGHTS, Assumption
from gainderive.criteria import Criterion
from gainderive.criteria import criterion as criterion_called
from gainderive.derivation import Derivation, Source, Step, equation, rewrite
from gainderive.derivation.reasons import Definition, Enclosed, NamedConstants, OnlyRoot, Solving
from gainderive.errors import NoClosedForm, NoSuchGain, SeveralGains, StepRefused, Undecided
from gainderive.exact import tidy
from gainderive.facade._resolve import resolve
from gainderive.facade._roots import solutions
from gainderive.facade._tangent import refuse_kink_at_zero
from gainderive.facade._unit import assumptions_of_unit, refuse_impossible_of_unit, unit_solution, unit_unfolded
from gainderive.gaussian import GaussMean
from gainderive.pieces import breakpoints
from gainderive.status import Status
from gainderive.symbols import g, x
from gainderive.units import Unit

Entry = Activation | Unit
"""What has a gain."""

ASSUMPTIONS = (STANDARD_PREACTIVATION, WEIGHTS, NO_BIAS)
"""Under which every gain of the facade holds."""

_SHORT = 24
"""Operations up to which a root is simplified as a whole; what stands under a longer one is tidy already."""
DIGITS_SHOWN = 30
"""Digits of the interval in a derivation that has no closed form."""


def derive(what: Any, criterion: str = "forward", **parameters: Any) -> Derivation:
    """Return the checked derivation of a gain, parameters symbolic unless given.

    Parameters
    ----------
    what : str, Expr or Activation
        A name, an expression in ``x``, or an activation.
    criterion : str
        One of the five.
    **parameters
        Values for the activation's parameters; those left out stay symbolic.

    Raises
    ------
    NoSuchGain, SeveralGains
        When the criterion has no solution, or more than one.

    Examples
    --------
    >>> import gainderive as gd
    >>> for step in gd.derive("relu").steps: print(step.becomes, "|", step.by.name)
    Eq(g**2*E[Piecewise((0, z < 0), (z**2, True))], 1) | definition
    Eq(g**2*E[x**2; 0 < x], 1) | split at the kinks
    Eq(g**2/2, 1) | antiderivative
    Eq(g, sqrt(2)) | solving
    """
    activation, values = resolve(what).chosen(**parameters)
    chosen = criterion_called(criterion)
    if values:
        activation = activation.at(**values)
    closed = activation if activation.is_closed else activation.at()
    for candidate in dict.fromkeys((activation, closed)):
        try:
            return closed_form(candidate, chosen)
        except NoClosedForm:
            continue
        except (NoSuchGain, SeveralGains):
            # Special values of parameters may have a gain where general ones have none: ELU has no kink at alpha = 1.
            if candidate == closed:
                raise
    return _interval(closed, chosen)


def closed_form(activation: Entry, criterion: Criterion) -> Derivation:
    """Return the derivation that ends in ``g = closed form``, after its check has passed.

    Raises
    ------
    NoClosedForm
        When none is found. The engine is not trusted: a derivation that the check refuses counts as none.
    """
    try:
        derivation = _found(activation, criterion)
        derivation.check()
    except (StepRefused, Undecided) as reason:
        raise NoClosedForm(f"none found for {activation.title}: {reason}") from reason
    return derivation


@lru_cache(maxsize=512)
def _found(activation: Entry, criterion: Criterion) -> Derivation:
    if isinstance(activation, Unit) and not activation.inputs:
        raise NoClosedForm(f"none found for {activation.title} with a symbolic number of preactivations")
    refuse_impossible(activation, criterion)
    steps = Chain(criterion.condition(activation))
    steps.unfold(activation)
    steps.extend(exact.close(steps.line))
    if g not in steps.line.free_symbols:
        _refuse_constant(activation, criterion, steps.line)
    if _is_rational_with_constants(steps.line, activation):
        steps.put_in_constants(activation)
        steps.extend(exact.tidied(steps.line))
    if steps.line.lhs != g:
        try:
            steps.append(_solved(steps.line))
        except NoClosedForm:
            if criterion is not Criterion.ACTIVATION or not isinstance(activation, Activation):
                raise
            return _kept_by_one(activation)
    steps.put_in_constants(activation)
    return _derivation(activation, criterion, steps, Status.PROVED)


def _kept_by_one(activation: Activation) -> Derivation:
    """Return the derivation of the activation gain 1, which an activation of unit second moment has.

    Raises
    ------
    NoClosedForm
        When the second moment is not 1 at ``q = 1``.
    """
    if closed_form(activation, Criterion.FORWARD).claim.rhs != 1:
        raise NoClosedForm(f"none found for the activation gain of {activation.title}")
    steps = Chain(Criterion.ACTIVATION.condition(activation))
    steps.unfold(activation)
    steps.put_in_constants(activation)
    node = steps.line.lhs
    given = GaussMean(node.integrand, x, 1)
    closed = exact.close(given)
    value = Derivation(f"The second moment of {activation.title}", given, equation(given, closed[-1].becomes), closed)
    steps.append(Step(equation(g, S.One), OnlyRoot(node, S.One, value)))
    return _derivation(activation, Criterion.ACTIVATION, steps, Status.PROVED)


def _interval(activation: Entry, criterion: Criterion) -> Derivation:
    refuse_impossible(activation, criterion)
    steps = Chain(criterion.condition(activation))
    steps.unfold(activation)
    if isinstance(activation, Unit):
        steps.extend(exact.reduced(steps.line))
        steps.extend(exact.close_where_possible(steps.line))
    steps.put_in_constants(activation)
    if criterion is Criterion.ACTIVATION:
        balls = solutions(activation).enclosed(DIGITS_SHOWN)
        if len(balls) > 1:
            raise SeveralGains(f"{activation.title} has {len(balls)} activation gains", balls)
        ball = balls[0]
    else:
        ball = enclosure.enclose(solution(activation, criterion), DIGITS_SHOWN)
    line = Contains(g, Interval(Rational(str(ball.lower)), Rational(str(ball.upper))), evaluate=False)
    steps.append(Step(line, Enclosed(DIGITS_SHOWN)))
    return _derivation(activation, criterion, steps, Status.ENCLOSED)


class Chain(list[Step]):
    """Steps in the making."""

    def __init__(self, given: Basic) -> None:
        super().__init__()
        self._given = given

    @property
    def line(self) -> Any:
        """The line reached so far."""
        return self[-1].becomes if self else self._given

    def unfold(self, activation: Entry) -> None:
        """Put in the definition of the activation or unit, and of its derivatives where they occur."""
        if isinstance(activation, Unit):
            self.append(unit_unfolded(self.line, activation))
            return
        unfolded = rewrite(self.line, _unfolding(activation))
        if unfolded != self.line:
            uses_derivative = self.line.has(activation.phi_prime.func)
            self.append(Step(unfolded, Definition(activation, activation.derivative if uses_derivative else None)))

    def put_in_constants(self, activation: Entry) -> None:
        """Put in the values of the activation's named constants; a unit has none."""
        if isinstance(activation, Unit):
            return
        values: dict[Basic, Basic] = {c.symbol: c.value for c in activation.constants}
        if self.line.free_symbols & set(values):
            self.append(Step(rewrite(self.line, values), NamedConstants(activation)))


def _derivation(activation: Entry, criterion: Criterion, steps: Chain, status: Status) -> Derivation:
    record = digest.settling(activation.name, criterion) if not activation.set_to else None
    return Derivation(
        title=f"The {criterion} gain of {activation.title}",
        given=criterion.condition(activation),
        claim=steps.line,
        steps=tuple(steps),
        assumptions=assumptions(activation),
        constants=tuple((c.symbol, c.value) for c in activation.constants),
        sources=(Source(activation.source),) if activation.source else (),
        status=status,
        id=record["id"] if record else None,
    )


def assumptions(activation: Entry) -> tuple[Assumption, ...]:
    """Return under what the gains of an activation or unit hold."""
    return assumptions_of_unit(activation, ASSUMPTIONS) if isinstance(activation, Unit) else ASSUMPTIONS


def unfold(expr: Expr, activation: Activation) -> Expr:
    """Return `expr` with the activation, its derivative and their values at 0 put in, constants symbolic."""
    return expr.xreplace(_unfolding(activation))


def _unfolding(activation: Activation) -> dict[Basic, Expr]:
    phi, phi_prime = activation.phi, activation.phi_prime
    at_zero = {
        phi.subs(x, 0): activation.expression.subs(x, 0),
        phi_prime.subs(x, 0): activation.derivative.subs(x, 0),
    }
    return {phi: activation.expression, phi_prime: activation.derivative} | at_zero


@lru_cache(maxsize=512)
def solution(activation: Entry, criterion: Criterion) -> Expr:
    """Return the gain as an expression in Gaussian means: ``(E phi^2)**(-1/2)`` and its like."""
    if isinstance(activation, Unit):
        return unit_solution(activation, criterion)
    left = criterion.left(replace(activation, expression=activation.numeric))
    power = 1 if criterion is Criterion.LINEARIZED else 2
    return unfold(left / g**power, replace(activation, expression=activation.numeric)) ** Rational(-1, power)


def _refuse_constant(activation: Entry, criterion: Criterion, line: Eq) -> None:
    """Tell apart the two ways in which a condition can be free of ``g``."""
    if algebra.equal(line.lhs, line.rhs):
        raise SeveralGains(f"every g > 0 satisfies the {criterion} criterion for {activation.title}", ())
    raise NoSuchGain(f"{activation.title} has no {criterion} gain: whatever g, the left side is {line.lhs}.")


def _is_rational_with_constants(line: Eq, activation: Entry) -> bool:
    """Tell whether the named constants are made so that everything but ``g`` cancels, as SELU's are."""
    values = {c.symbol: c.value for c in activation.constants}
    return bool(values) and algebra.canonical(line.lhs.subs(values) / g**2).is_Rational


def _solved(line: Eq) -> Step:
    for power in (2, 1, *_higher_powers(line)):
        factor = algebra.canonical(line.lhs / g**power)
        if g not in factor.free_symbols:
            return Step(equation(g, _root(line.lhs / g**power, power)), Solving(g))
    raise NoClosedForm(f"none found for g in {line}")


def _higher_powers(line: Eq) -> Iterator[int]:
    """Yield the one power of ``g`` on the left, if it is one above 2: looked for only when asked."""
    terms = algebra.terms(line.lhs, g)
    powers = {term.power for term in terms or ()}
    if len(powers) == 1 and min(powers) > 2:
        yield powers.pop()


def _root(value: Expr, power: int) -> Expr:
    """Return ``value**(-1/power)``, of a short value in the shortest way to write it."""
    plain = value ** Rational(-1, power)
    if value.count_ops() > _SHORT:
        return plain
    return min(tidy((1 / together(value)) ** Rational(1, power)), plain, key=Expr.count_ops)


def put_in(formula: Expr, values: Mapping[Symbol, Expr]) -> Expr:
    """Return `formula` at values of its symbols, written shorter where that is shown to be equal."""
    plain = formula.subs(dict(values))
    if plain == formula or plain.is_Rational:
        return plain
    neat = tidy(plain)
    return neat if algebra.equal(neat, plain) else plain


def refuse_impossible(activation: Entry, criterion: Criterion) -> None:
    """Raise :class:`NoSuchGain` where the structure of the activation rules the gain out."""
    if isinstance(activation, Unit):
        refuse_impossible_of_unit(activation, criterion)
        return
    if criterion is Criterion.LINEARIZED:
        _refuse_bad_tangent(activation)
        return
    vanishing = {
        Criterion.BACKWARD: (activation.derivative, "its derivative is 0 almost everywhere"),
        Criterion.CENTERED: (activation.derivative, "its variance is 0, because it is constant"),
    }.get(criterion, (activation.expression, "it is 0"))
    if vanishing[0] == 0 and not (criterion is Criterion.CENTERED and breakpoints(activation.expression)):
        raise NoSuchGain(f"{activation.title} has no {criterion} gain: {vanishing[1]}.")


def _refuse_bad_tangent(activation: Activation) -> None:
    name = f"{activation.title} has no linearized gain"
    refuse_kink_at_zero(name, activation.expression)
    if activation.derivative.subs(x, 0) == 0:
        raise NoSuchGain(f"{name}: its slope at 0 is 0.")
