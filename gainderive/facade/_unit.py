"""What is particular to a unit on the way from a criterion to a gain: unfolding, reduction, and impossibility."""

from __future__ import annotations

from sympy import Basic, Expr, Rational, S

from gainderive import algebra, exact, pieces
from gainderive.assumptions import Assumption, own_weights
from gainderive.criteria import Criterion
from gainderive.derivation import Step, rewrite
from gainderive.derivation._state import parts
from gainderive.derivation.reasons import UnitDefinition
from gainderive.derivation.reasons.unit_definition import Partial, unfolding
from gainderive.errors import NoSuchGain, Undecided
from gainderive.facade._tangent import refuse_kink_at_zero
from gainderive.gaussian import SWITCHES
from gainderive.symbols import g, x
from gainderive.units import Unit


def unit_unfolded(line: Basic, unit: Unit) -> Step:
    """Return the step that puts in the definition of the unit, and of its partial derivatives where they occur."""
    partials = tuple(
        Partial(j, variable, unit.partial(j, variable))
        for j in range(len(unit.outputs))
        for variable in unit.inputs
        if any(part.has(unit.slope(j, variable).func) for part in parts(line))
    )
    return Step(rewrite(line, unfolding(unit, partials)), UnitDefinition(unit, partials))


def in_gaussian_means(expr: Expr, unit: Unit) -> Expr:
    """Return `expr` with the unit put in, and its means over all variables as Gaussian means over ``x`` alone."""
    line: Expr = unit_unfolded(expr, unit).becomes
    steps = exact.reduced(line)
    return steps[-1].becomes if steps else line


def unit_left(unit: Unit, criterion: Criterion) -> Expr:
    """Return the left side of the criterion as an expression in ``g`` and Gaussian means over ``x`` alone."""
    return in_gaussian_means(criterion.left(unit), unit)


def unit_solution(unit: Unit, criterion: Criterion) -> Expr:
    """Return the gain as an expression in Gaussian means over ``x`` alone."""
    power = 1 if criterion is Criterion.LINEARIZED else 2
    return (unit_left(unit, criterion) / g**power) ** Rational(-1, power)


def joint_solution(unit: Unit, criterion: Criterion) -> Expr:
    """Return the gain as an expression in means over all of the unit's variables, for sampling these."""
    power = 1 if criterion is Criterion.LINEARIZED else 2
    unfolded: Expr = unit_unfolded(criterion.left(unit), unit).becomes
    return (unfolded / g**power) ** Rational(-1, power)


def refuse_impossible_of_unit(unit: Unit, criterion: Criterion) -> None:
    r"""Raise :class:`NoSuchGain` where the structure of the unit rules the gain out.

    A unit that has a tangent map at the origin has the tangent of its restriction to each axis; so a kink there on
    one axis rules it out, and where all restrictions are flat it vanishes, if there is one.
    """
    if criterion is not Criterion.LINEARIZED:
        return
    name = f"{unit.title} has no linearized gain"
    flat = True
    for output in unit.outputs:
        for variable in unit.inputs:
            others = {other: S.Zero for other in unit.inputs if other != variable}
            restricted = output.subs(others).subs(variable, x)
            refuse_kink_at_zero(name, restricted)
            flat = flat and algebra.is_zero(pieces.derivative(restricted).subs(x, 0))
    if flat:
        raise NoSuchGain(f"{name}: its tangent at 0 vanishes.")
    if any(output.has(*SWITCHES) for output in unit.outputs):
        raise Undecided(f"whether {unit.title} has a tangent at 0 is not decided: it has case distinctions.")


def assumptions_of_unit(unit: Unit, common: tuple[Assumption, ...]) -> tuple[Assumption, ...]:
    """Return the assumptions under which a unit's gain holds: the common ones, and its own."""
    own: list[Assumption] = []
    if len(unit.inputs) > 1:
        own += [own_weights(len(unit.inputs)), _FANS]
    if len(unit.outputs) > 1:
        own.append(_fan_of_outputs(len(unit.outputs)))
    if unit.random is not None:
        a, lower, upper = unit.random.symbol, unit.random.lower, unit.random.upper
        own.append(
            Assumption(
                f"{a} is uniform between {lower} and {upper}, with {lower} < {upper}, drawn anew for each element and "
                "independent of everything else",
                otherwise=f"Under another law of {a} the mean over {a} is another number, and the gain with it; for a "
                f"fixed {a} the unit is an activation with a gain of its own, as Leaky ReLU is one (GD-0006).",
            )
        )
    return (*common, *own, *([unit.remark] if unit.remark else []))


_FANS = Assumption(
    "fan_in counts the outputs of the units below, fan_out all preactivations of the units above",
    otherwise="What matters is the variance g² / fan: a count that is c times as large asks for a gain that is √c "
    "times as large (GD-0043 is such a case).",
)


def _fan_of_outputs(outputs: int) -> Assumption:
    return Assumption(
        f"fan_in counts all outputs of the units below, {outputs} of each; the gradients of different outputs are "
        "uncorrelated",
        otherwise=f"If each unit below is counted once, fan_in is {outputs} times smaller, and so must be g². "
        "Correlated gradients add their cross terms to the backward condition, except where at most one output has a "
        "slope.",
    )
