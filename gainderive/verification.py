"""The evidence for one result, from every route that applies.

Routes are independent of each other: the checked steps, certified balls, double-precision quadrature
through SciPy, Monte Carlo with an anytime-valid bound, and what the installed torch says. A route agrees
when the interval that its own error gives meets the rigorous one; no tolerance is written anywhere.

>>> report = verify("relu")
>>> report.ok, report.status
(True, <Status.PROVED: 'proved'>)
>>> [row.route for row in report.rows][:3]
['symbolic steps', 'enclosure of g', 'quadrature of g']
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from typing import Any

from flint import arb
from sympy import Basic, Contains, Derivative, Expr, Interval, Piecewise, S, StrictLessThan, Sum, oo
from sympy.core.function import AppliedUndef

from gainderive import catalog, display, enclosure, facade, montecarlo, quadrature
from gainderive.activations import Activation
from gainderive.catalog import Absent, Agrees, Differs, Experiment, Result, Settles
from gainderive.criteria import Criterion
from gainderive.derivation import Derivation, Verdict, assignments, items
from gainderive.enclosure import Enclosure
from gainderive.errors import MissingExtra, StepRefused
from gainderive.gaussian import GaussIntegral, GaussMean
from gainderive.joint import JointMean
from gainderive.probability import Mean
from gainderive.status import Status
from gainderive.symbols import g, parameter
from gainderive.units import Unit

Node = GaussMean | GaussIntegral

DIGITS = 30
"""Digits of the enclosure in an evidence table."""
FALSE_ALARM = 1e-9
"""Probability that a Monte Carlo row contradicts a true result."""
RELATIVE_PRECISION = 5e-3
"""Relative radius that a second moment is sampled to: a gain off by 1 % changes it by 2 %, four radii."""
_ANY_PRECISION = 1e300
"""Absolute radius of a sample that stops at its first look."""

_COLUMNS = ("route", "value", "error", "verdict", "how")


@dataclass(frozen=True)
class Evidence:
    """One row: a route, the value and error it gives, and whether it agrees."""

    route: str
    value: str
    error: str
    ok: bool
    note: str = ""
    says: str = ""
    """The verdict in words, where it is not simply that the route agrees or does not."""

    @property
    def verdict(self) -> str:
        """What the row comes to, in words."""
        return (self.says or "agrees") if self.ok else "disagrees"

    def _cells(self) -> tuple[str, ...]:
        verdict = self.verdict if self.ok else display.element("strong", self.verdict)
        return self.route, self.value, self.error, verdict, self.note

    def _repr_html_(self) -> str:
        return display.table("", [self._cells()], _COLUMNS)


@dataclass(frozen=True)
class Verification:
    """The evidence table of one result.

    Attributes
    ----------
    id : str or None
        The published result's ID.
    title : str
        What is verified.
    declared : Status or None
        What the result's file claims; ``None`` when nothing is published.
    status : Status or None
        What the evidence gives; ``None`` when a step is refused.
    rows : tuple of Evidence
        One for each route that applies.
    """

    id: str | None
    title: str
    declared: Status | None
    status: Status | None
    rows: tuple[Evidence, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """What contradicts the result, in words; empty when nothing does."""
        found = [f"{row.route}: {row.note or 'does not agree'}" for row in self.rows if not row.ok]
        if self.declared is not None and self.status is not self.declared:
            found.append(f"the file declares {self.declared}, and the evidence gives {self.status or 'nothing'}")
        return tuple(found)

    @property
    def ok(self) -> bool:
        """Whether every route agrees and the computed status is the declared one."""
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "declared": None if self.declared is None else str(self.declared),
            "status": None if self.status is None else str(self.status),
            "ok": self.ok,
            "rows": [vars(row) for row in self.rows],
            "problems": list(self.problems),
        }

    def __str__(self) -> str:
        table = [("route", "value", "error", "verdict")]
        table += [(r.route, r.value, r.error, r.verdict if r.ok else r.verdict.upper()) for r in self.rows]
        widths = [max(len(line[i]) for line in table) for i in range(4)]
        lines = ["  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in table]
        notes = [f"{row.route}: {row.note}" for row in self.rows if row.note and row.ok]
        head = f"{self.id + ': ' if self.id else ''}{self.title} [{self.status or 'refused'}]"
        return "\n".join([head, *lines, *notes, *(f"PROBLEM {p}" for p in self.problems)])

    def _repr_html_(self) -> str:
        caption = f"{self.id + ': ' if self.id else ''}{self.title} [{self.status or 'refused'}]"
        evidence = display.table(caption, (row._cells() for row in self.rows), _COLUMNS)
        return display.joined(evidence, *([display.bullets(self.problems)] if self.problems else []))


def verify(what: Any, criterion: str = "forward", **parameters: Any) -> Verification:
    """Return the evidence table of a published result, or of any activation's gain.

    Parameters
    ----------
    what : str, Expr, Activation or Result
        An ID (``"GD-0005"``), a name (``"relu"``), an expression in ``x``, or a result.
    criterion : str
        Which gain, when `what` is no ID.
    **parameters
        Values of the activation's parameters, when `what` is no ID.

    Raises
    ------
    UnknownResult, UnknownActivation, BadExpression, NoSuchGain
        As :func:`gainderive.gain`.
    """
    if isinstance(what, Result):
        return _of_result(what)
    if isinstance(what, str) and what.upper().startswith("GD-"):
        return _of_result(catalog.result(what))
    if isinstance(what, str) and not parameters:
        published = catalog.settling(what, Criterion(criterion))
        if published is not None:
            return _of_result(published)
    activation = facade.resolve(what)
    gain = facade.gain(activation, criterion, **parameters)
    return _of_derivation(gain.derivation, Settles(gain.activation.name, gain.criterion), activation.at(**parameters))


def _of_result(result: Result) -> Verification:
    activation = facade.resolve(result.settles.activation) if result.settles else None
    found = _of_derivation(result.derivation, result.settles, activation)
    rows = list(found.rows)
    if result.experiment is not None:
        rows.append(_experiment_row(result.experiment))
    torch_row = _torch_row(result)
    if torch_row is not None:
        rows.append(torch_row)
    return replace(found, id=result.id, declared=result.status, rows=tuple(rows))


def _of_derivation(
    derivation: Derivation, settles: Settles | None, activation: Activation | Unit | None
) -> Verification:
    status, steps = _steps_row(derivation)
    rows = [steps]
    for quantity in _quantities(derivation, settles, activation):
        rows += _numeric_rows(quantity)
    if not all(row.ok for row in rows):
        status = None
    return Verification(derivation.id, derivation.title, None, status, tuple(rows))


def _steps_row(derivation: Derivation) -> tuple[Status | None, Evidence]:
    try:
        status = derivation.check()
    except StepRefused as refusal:
        return None, Evidence("symbolic steps", "refused", "", False, str(refusal))
    numeric = sum(verdict is Verdict.NUMERIC for verdict in derivation.verdicts())
    shown = f"{len(derivation.steps) - numeric} proved" + (f", {numeric} by interval" if numeric else "")
    return status, Evidence("symbolic steps", shown, "", True)


# -- what is compared ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Quantity:
    """An expression in Gaussian means, and what is claimed for it: an expression or an interval."""

    measured: Expr
    claimed: Expr | Interval
    name: str = ""
    note: str = ""
    digits: int = DIGITS
    jointly: Expr | None = None
    """The same in means over several variables, which Monte Carlo samples as they are."""

    def agrees(self, found: arb) -> bool:
        """Tell whether a ball of what is measured is compatible with the claim."""
        precision = int(DIGITS * 3.33) + 30
        if not isinstance(self.claimed, Interval):
            return bool(found.overlaps(enclosure.ball(self.claimed, precision)))
        end = enclosure.ball(self.claimed.end, precision)
        if self.claimed.start == -oo:
            return bool(found < end)
        with enclosure.working_precision(precision):
            return bool(found.overlaps(enclosure.ball(self.claimed.start, precision).union(end)))


def _quantities(
    derivation: Derivation, settles: Settles | None, activation: Activation | Unit | None
) -> Iterator[_Quantity]:
    if settles is not None and activation is not None and settles.criterion is not Criterion.ACTIVATION:
        closed = activation.at() if activation.parameters else activation
        claimed = derivation.claim.args[1]
        if isinstance(claimed, Expr):
            claimed = claimed.subs(dict(closed.set_to))
        jointly = facade.joint_solution(closed, settles.criterion) if isinstance(closed, Unit) else None
        yield _Quantity(facade.solution(closed, settles.criterion), claimed, name=str(g), jointly=jointly)
        return
    line = next((line for line in derivation.lines if _has_balls(line)), None)
    if line is None:
        return
    # A value at the middle of an unknown's interval is off by about the interval's width.
    digits = DIGITS - 3 if derivation.claim.has(Contains) else DIGITS
    constants = dict(derivation.constants)
    for name, measured, claimed in _pairs(line, derivation.claim):
        if measured.has(GaussMean, GaussIntegral):
            yield _at_a_point(name, measured.subs(constants), claimed.subs(constants), digits)


def _has_balls(line: Basic) -> bool:
    return line.has(GaussMean, GaussIntegral) and not line.has(AppliedUndef, Derivative, JointMean, Mean, Sum)


def _pairs(line: Basic, claim: Basic) -> Iterator[tuple[str, Expr, Expr | Interval]]:
    """Name and pair what a line measures with what the claim says of it, solved unknowns put in."""
    if isinstance(claim, StrictLessThan):
        yield "", line, Interval.open(-oo, claim.rhs)
        return
    if isinstance(line, Expr):
        yield "", line, claim.args[1]
        return
    solved = {item.args[0]: item.args[1] for item in items(claim)}
    point = {s: (v.start + v.end) / 2 if isinstance(v, Interval) else v for s, v in solved.items()}
    # A solution may mention another unknown that is solved too.
    point = {s: v.subs(point) for s, v in point.items()}
    for item in items(line):
        left, right = item.args
        if left in solved and solved[left] == right:
            continue
        if left in solved:
            yield str(left), right.subs(point), solved[left]
        else:
            yield "", left.subs(point), right.subs(point)


def _at_a_point(name: str, measured: Expr, claimed: Expr | Interval, digits: int) -> _Quantity:
    """Give free symbols values that satisfy their assumptions and that the author did not choose."""
    values = next(assignments(measured.free_symbols | claimed.free_symbols, measured, count=1))
    note = ", ".join(f"{symbol} = {value}" for symbol, value in values.items())
    return _Quantity(measured.xreplace(values), claimed.subs(values), name, f"at {note}" if note else "", digits)


# -- the numeric routes ----------------------------------------------------------------------


def _numeric_rows(quantity: _Quantity) -> list[Evidence]:
    sure = enclosure.enclose(quantity.measured, quantity.digits)
    of = f" of {quantity.name}" if quantity.name else ""
    agrees = quantity.agrees(sure.to_arb())
    rows = [Evidence(f"enclosure{of}", _decimal(sure), f"{float(sure.rad):.0e}", agrees, quantity.note)]
    jointly = quantity.measured if quantity.jointly is None else quantity.jointly
    for route, expr, mean in (
        ("quadrature", quantity.measured, _by_quadrature),
        ("Monte Carlo", jointly, _by_sampling),
    ):
        notes: list[str] = []
        joints = {node: parameter(f"m_{i}") for i, node in enumerate(sorted(expr.atoms(JointMean), key=str))}
        values = {symbol: _by_joint_sampling(notes, node) for node, symbol in joints.items()}
        ball = enclosure.ball(expr.xreplace(joints), 80, values, mean=partial(mean, notes))
        value, radius = float(ball.mid()), float(ball.rad())
        agrees = bool(ball.overlaps(sure.to_arb()))
        note = "; ".join(dict.fromkeys(notes))
        rows.append(Evidence(f"{route}{of}", _rounded(value, radius), f"{radius:.1e}", agrees, note))
    return rows


def _decimal(sure: Enclosure) -> str:
    return "0" if sure.contains(0) else f"{sure.mid:.{DIGITS}g}"


def _rounded(value: float, radius: float) -> str:
    digits = 15 if radius == 0 else max(1, min(15, int(math.log10(abs(value) / radius)) + 2 if value else 1))
    return f"{value:.{digits}g}"


def _by_quadrature(_: list[str], node: Node, precision: int) -> arb:
    del precision
    estimate = quadrature.scipy_mean(_on_the_line(node), float(node.q))
    return arb(estimate.value, estimate.error)


def _by_sampling(notes: list[str], node: Node, precision: int) -> arb:
    del precision
    size = _typical_size(node)
    sampled = montecarlo.gauss_mean(
        _on_the_line(node), float(node.q), precision=RELATIVE_PRECISION * size, alpha=FALSE_ALARM
    )
    notes.append(f"{sampled.size:,} samples, seed {sampled.seed}, error probability {FALSE_ALARM:g}")
    return arb(sampled.mean, sampled.radius)


def _by_joint_sampling(notes: list[str], node: JointMean) -> arb:
    # A pilot finds the size that the error is relative to; as in `_typical_size`.
    pilot = montecarlo.joint_mean(node, precision=_ANY_PRECISION, alpha=0.05, seed=1)
    size = max(abs(pilot.mean), math.hypot(math.sqrt(pilot.variance), pilot.mean) / 3)
    sampled = montecarlo.joint_mean(node, precision=RELATIVE_PRECISION * size, alpha=FALSE_ALARM)
    drawn = ", ".join(map(str, node.variables))
    notes.append(f"{sampled.size:,} samples of ({drawn}), seed {sampled.seed}, error probability {FALSE_ALARM:g}")
    return arb(sampled.mean, sampled.radius)


def _typical_size(node: Node) -> float:
    """Return the size that a Monte Carlo error is relative to: the mean, unless it nearly cancels."""
    f, q = _on_the_line(node), float(node.q)
    return max(abs(quadrature.mean(f, q).value), math.sqrt(quadrature.mean(f**2, q).value) / 3)


def _on_the_line(node: Node) -> Expr:
    """Return the integrand, 0 outside of the node's interval."""
    if isinstance(node, GaussMean):
        return node.integrand
    x, inside = node.variable, ((node.integrand, node.variable < node.upper), (S.Zero, True))
    return Piecewise((S.Zero, x < node.lower), *inside)


def _experiment_row(experiment: Experiment) -> Evidence:
    sampled = montecarlo.sample_mean(
        experiment.draw, precision=2 * RELATIVE_PRECISION * abs(experiment.expected), alpha=FALSE_ALARM
    )
    return Evidence(
        "experiment",
        _rounded(sampled.mean, sampled.radius),
        f"{sampled.radius:.1e}",
        sampled.contains(experiment.expected),
        f"{experiment.what}; expected {experiment.expected:.6g}; {sampled.size:,} samples, seed {sampled.seed}",
    )


# -- what torch says -------------------------------------------------------------------------


def _torch_row(result: Result) -> Evidence | None:
    """Compare with the installed torch; without torch there is no row, and the table says so in a note."""
    if result.settles is None or result.settles.criterion is not Criterion.FORWARD:
        return None
    if find_spec("torch") is None:
        return Evidence(
            "torch", "not installed", "", True, str(MissingExtra("the comparison", "torch", "torch")), "not compared"
        )
    return compare_with_torch(result)


def compare_with_torch(result: Result) -> Evidence:
    """Return the row that holds a result's declared relation against the installed torch.

    Every name of the activation that torch knows must have the same value there.
    """
    version = torch_version()
    assert result.settles is not None
    assert version is not None
    values = {name: torch_gain(name) for name in result.names}
    known = {name: value for name, value in values.items() if value is not None}
    if not known:
        return Evidence(
            "torch", "no entry", "", isinstance(result.torch, Absent), _unless(Absent, result, version), "as declared"
        )
    if len(set(known.values())) > 1:
        return Evidence("torch", str(known), "", False, f"{version} gives its names different values")
    value = next(iter(known.values()))
    gain = facade.gain(result.settles.activation, result.settles.criterion, digits=20)
    assert gain.value is not None
    relative = value / gain.value - 1
    # A correctly rounded operation errs by half a unit; torch's formulas chain at most four of them.
    agrees = abs(relative) <= 4 * 2.0**-53
    if agrees:
        note = f"{version} agrees" if isinstance(result.torch, Agrees) else f"{version} agrees, against the declaration"
        return Evidence("torch", repr(float(value)), f"{4 * 2.0**-53:.0e}", isinstance(result.torch, Agrees), note)
    side = "above" if relative > 0 else "below"
    note = f"{version} is {abs(relative):.2%} {side} the derived gain"
    if not isinstance(result.torch, Differs):
        return Evidence("torch", repr(float(value)), "", False, note)
    if result.torch.value is not None and float(result.torch.value) != value:
        return Evidence("torch", repr(float(value)), "", False, f"{note}; declared is {result.torch.value}")
    return Evidence("torch", repr(float(value)), "", True, f"{note}: {result.torch.because}", "differs, as declared")


def _unless(expected: type, result: Result, version: str) -> str:
    if isinstance(result.torch, expected):
        return f"{version} has no entry"
    return f"{version} has no entry for {', '.join(result.names)}, against the declaration"


def torch_version() -> str | None:
    """Return name and version of the installed torch, ``None`` where there is none."""
    if find_spec("torch") is None:
        return None
    import torch

    return f"torch {torch.__version__.split('+')[0]}"


def torch_gain(name: str) -> float | None:
    """Return what the installed torch says of `name`, or ``None`` where it has no entry."""
    from torch.nn.init import calculate_gain

    try:
        return float(calculate_gain(name))
    except ValueError:
        return None


__all__ = ["Evidence", "Verification", "compare_with_torch", "torch_gain", "torch_version", "verify"]
