"""From an activation and a criterion to a gain, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sympy import Expr

from gainderive import digest, enclosure, numbers
from gainderive.activations import Activation
from gainderive.callables import Opaque
from gainderive.criteria import Criterion
from gainderive.criteria import criterion as criterion_called
from gainderive.enclosure import Enclosure
from gainderive.errors import GainderiveError, NoClosedForm, NoSuchGain, SeveralGains, Undecided
from gainderive.facade._derive import Entry, closed_form, put_in, refuse_impossible, solution
from gainderive.facade._gain import Gain, Gains
from gainderive.facade._opaque import estimated
from gainderive.facade._remarks import SEEN, beside_jumps
from gainderive.facade._resolve import understand
from gainderive.facade._roots import solutions
from gainderive.facade._scan import RANGE
from gainderive.pieces import breakpoints
from gainderive.status import Status


def gain(what: Any, criterion: str = "forward", *, digits: int = 15, **parameters: Any) -> Gain:
    """Return the gain of an activation.

    Parameters
    ----------
    what : str, Expr, Activation or callable
        A name (``"relu"``), an expression in ``x`` (``"tanh(x) + x/5"``), an activation, a function of NumPy, torch,
        jax or one's own (of arrays or of numbers), or an ``nn.Module``. A callable that the catalogue knows is its
        entry; of any other the gain is estimated in double precision, kinks and jumps found.
    criterion : str
        One of the five meanings; ``"forward"`` unless told otherwise.
    digits : int
        The enclosure's relative radius is at most ``10**-digits``. Of a callable without a formula at most
        15 may be asked, and ``.error`` says what was reached.
    **parameters
        The activation's parameters, named as in torch; one left out has torch's default. A Python
        float stands for the shortest decimal that denotes it; a SymPy symbol stays symbolic.

    Raises
    ------
    UnknownActivation, UnknownCriterion, BadParameter, BadExpression, BadCallable, BadDigits
        For bad input.
    NoSuchGain
        When the criterion has no solution; the message says why.
    SeveralGains
        When it has more than one; ``.roots`` holds all.
    MomentDiverges, Undecided
        When a moment is infinite, or could not be bounded.

    Examples
    --------
    >>> gain("leaky_relu", negative_slope=0.2).value
    1.3867504905630728
    >>> gain("leaky_relu", negative_slope=0.2).exact
    5*sqrt(13)/13
    >>> print(gain("tanh", digits=30).enclosure)
    1.592537419722831427770438846019 ± 1e-30
    >>> gain("sigmoid", "backward").status
    <Status.ENCLOSED: 'enclosed'>
    """
    if type(what) is str and type(criterion) is str and type(digits) is int and not parameters:
        return _asked(what, criterion, digits)
    return _answered(what, criterion, digits, parameters)


@lru_cache(maxsize=1024, typed=True)
def _asked(what: str, criterion: str, digits: int) -> Gain:
    """Return the gain of what can be remembered by its text."""
    return _answered(what, criterion, digits, {})


def _answered(what: Any, criterion: str, digits: int, parameters: Mapping[str, Any]) -> Gain:
    chosen = criterion_called(criterion)
    places = numbers.digits(digits)
    understood = understand(what)
    if isinstance(understood, Opaque):
        return estimated(understood, chosen, places, parameters)
    general, values = understood.entry.chosen(**{**understood.settings, **parameters})
    return _gain(general, general.at(**values), chosen, places)


def gains(what: Any, *, digits: int = 15, **parameters: Any) -> Gains:
    """Return all five gains of an activation: for each criterion the ``Gain``, or the error that says why not.

    Examples
    --------
    >>> print(gains("relu"))  # doctest: +ELLIPSIS
    forward     sqrt(2) = 1.4142135623730951, proved, GD-0005
    centered    1/sqrt(1/2 - 1/(2*pi)) = 1.7128585504496627, proved
    activation  sqrt(2) = 1.4142135623730951, proved
    backward    sqrt(2) = 1.4142135623730951, proved
    linearized  ReLU has no linearized gain: it has no tangent at 0, where it has a kink: slope 0 ... 1 to the right.
    """
    understood = understand(what)
    if isinstance(understood, Opaque):
        activation: Entry | Opaque = understood
    else:
        activation = understood.entry
        parameters = {**understood.settings, **parameters}
    found: list[tuple[Criterion, Gain | GainderiveError]] = []
    for criterion in Criterion:
        try:
            found.append((criterion, gain(activation, criterion, digits=digits, **parameters)))
        except GainderiveError as error:
            if not isinstance(error, Gains.ANSWERS):
                raise
            found.append((criterion, error))
    if not isinstance(activation, Opaque):
        activation = activation.at(**parameters)
    return Gains(activation, tuple(found))


@lru_cache(maxsize=1024)
def _gain(general: Entry, closed: Entry, criterion: Criterion, digits: int) -> Gain:
    refuse_impossible(closed, criterion)
    formula = _general_formula(general, criterion)
    exact = put_in(formula, closed.set_to) if formula is not None else _formula(closed, criterion)
    if exact is None and not closed.is_closed:
        raise NoClosedForm(
            f"none found for the {criterion} gain of {closed.title} with symbolic parameters; give them numbers for an "
            "enclosure"
        )
    # A result with symbolic parameters settles every value of them, one without settles the defaults.
    is_settled = formula is not None or closed == general.at()
    record = digest.settling(general.name, criterion) if is_settled else None
    ball = _enclosed(closed, criterion, exact, digits)
    return Gain(
        activation=closed,
        criterion=criterion,
        value=None if ball is None else float(ball),
        exact=exact,
        formula=formula if formula is not None else exact,
        enclosure=ball,
        status=Status.ENCLOSED if exact is None else Status.PROVED,
        id=record["id"] if record else None,
        remark=_remark(closed, criterion, exact),
    )


def _remark(activation: Entry, criterion: Criterion, exact: Expr | None) -> str | None:
    if criterion is Criterion.ACTIVATION and exact is None:
        return solutions(activation).remark
    if criterion is not Criterion.BACKWARD or not isinstance(activation, Activation):
        return None
    try:
        jumps = [str(point.at) for point in breakpoints(activation.expression) if point.is_jump]
    except Undecided:
        return None
    return beside_jumps(jumps) if jumps else None


def _general_formula(activation: Entry, criterion: Criterion) -> Expr | None:
    """Return the closed form with symbolic parameters; ``None`` too where only special values have a gain."""
    try:
        formula = _formula(activation, criterion)
        if formula is None and isinstance(activation, Activation) and activation.relations:
            spread, meanings = activation.by_widths
            formula = _formula(spread, criterion)
            return None if formula is None else put_in(formula, meanings)
    except (NoSuchGain, SeveralGains):
        return None
    return formula


@lru_cache(maxsize=512)
def _formula(activation: Entry, criterion: Criterion) -> Expr | None:
    """Return the closed form whose derivation has just passed its check, or ``None``."""
    try:
        solved: Expr = closed_form(activation, criterion).claim.rhs
    except NoClosedForm:
        return None
    return solved


def _enclosed(activation: Entry, criterion: Criterion, exact: Expr | None, digits: int) -> Enclosure | None:
    if exact is not None:
        return None if exact.free_symbols else enclosure.enclose(exact, digits)
    if criterion is not Criterion.ACTIVATION:
        return enclosure.enclose(solution(activation, criterion), digits)
    found = solutions(activation)
    roots = found.enclosed(digits)
    if len(roots) > 1:
        raise SeveralGains(
            f"{activation.title} has {len(roots)} activation gains: {', '.join(str(float(r)) for r in roots)}; "
            + (found.remark if found.are_all else SEEN.format(low=RANGE[0], high=RANGE[1])),
            [Gain(activation, criterion, float(r), None, None, r, Status.ENCLOSED) for r in roots],
        )
    return roots[0]
