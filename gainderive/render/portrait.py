"""Everything that a page, the comparison and the digest say of an activation or a unit, computed once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, Max, S

from gainderive import catalog, facade, notation
from gainderive.catalog import Result
from gainderive.criteria import Criterion
from gainderive.derivation import Derivation
from gainderive.errors import GainderiveError, NoClosedForm, NoSuchGain, Undecided
from gainderive.facade import Entry, Gain, Gains, Moment
from gainderive.pieces import Breakpoint, breakpoints
from gainderive.render.markdown import MOST_OPERATIONS
from gainderive.symbols import x
from gainderive.units import Unit
from gainderive.verification import torch_gain, torch_version


@dataclass(frozen=True)
class Portrait:
    """What there is to say of an activation or a unit."""

    entry: Entry

    @cached_property
    def closed(self) -> Entry:
        """The activation or unit at its default parameters."""
        return self.entry.at()

    @property
    def general(self) -> Entry:
        """The activation or unit with its parameters symbolic, but a number of preactivations that is a number."""
        return self.closed if isinstance(self.entry, Unit) and not self.entry.inputs else self.entry

    @cached_property
    def gains(self) -> Gains:
        """The five gains, their derivations checked."""
        return facade.verified_gains(self.entry.name)

    @cached_property
    def moments(self) -> Mapping[str, Moment | GainderiveError]:
        """The moments under N(0, 1)."""
        return facade.moments(self.entry.name)

    @cached_property
    def length_map(self) -> Derivation | None:
        """The length map in closed form, where one is found."""
        try:
            return facade.length_map(self.entry.name)
        except NoClosedForm:
            return None

    @cached_property
    def derivations(self) -> dict[Criterion, Derivation]:
        """The derivation of each gain that has a closed form, and of the absence of one that is proved absent.

        A unit's gain that is enclosed is derived too: its means over several variables become means over one.
        """
        found: dict[Criterion, Derivation] = {}
        for criterion in Criterion:
            answer = self.gains[criterion]
            if isinstance(answer, Gain) and (answer.exact is not None or isinstance(self.entry, Unit)):
                found[criterion] = facade.derive(self.entry.name, criterion)
            elif isinstance(answer, NoSuchGain) and answer.proof is not None:
                found[criterion] = answer.proof
        return found

    @property
    def is_largest(self) -> bool:
        """Whether this is a unit that depends on its preactivations through the largest of them alone."""
        unit = self.closed
        if not isinstance(unit, Unit) or len(unit.inputs) < 2:
            return False
        through = {Max(*unit.inputs): x}
        return not any(output.xreplace(through).free_symbols & set(unit.inputs) for output in unit.outputs)

    @cached_property
    def curves(self) -> tuple[Expr, ...]:
        """What there is to draw, in ``x``: the activation, or a unit's outputs along its last preactivation.

        The other preactivations are 1, so that a gated unit shows its gate; a random parameter stays.
        """
        closed = self.closed
        if not isinstance(closed, Unit):
            return (closed.numeric,)
        *others, last = closed.inputs
        along = dict.fromkeys(others, S.One) | {last: x}
        return tuple(output.subs(along) for output in closed.outputs)

    @property
    def extremes(self) -> tuple[Expr, ...]:
        """The curves; where a parameter is random, those at its two ends."""
        random = self.closed.random if isinstance(self.closed, Unit) else None
        if random is None:
            return self.curves
        return tuple(curve.subs(random.symbol, end) for end in (random.lower, random.upper) for curve in self.curves)

    @cached_property
    def breakpoints(self) -> tuple[Breakpoint, ...] | None:
        """Kinks and jumps at the default parameters; ``None`` where they are not found exactly."""
        try:
            found = [point for curve in self.extremes for point in breakpoints(curve)]
        except Undecided:
            return None
        # Of several outputs that break at one place a jump is the worst that happens there.
        worst = {point.at: point for point in sorted(found, key=lambda point: (point.is_jump, point.is_kink))}
        return tuple(sorted(worst.values(), key=lambda point: float(point.at)))

    @property
    def kinks(self) -> list[Breakpoint]:
        """Where the derivative alone is discontinuous."""
        return [point for point in self.breakpoints or () if point.is_kink]

    @property
    def jumps(self) -> list[Breakpoint]:
        """Where the activation itself is discontinuous."""
        return [point for point in self.breakpoints or () if point.is_jump]

    @property
    def second_moment(self) -> float | None:
        """The second moment at ``q = 1``."""
        found = self.moments["second moment"]
        return float(found.enclosure) if isinstance(found, Moment) and found.enclosure is not None else None

    @property
    def results(self) -> tuple[Result, ...]:
        """The published results that settle a gain of it or name it in their title; those that speak of a unit."""
        named = re.compile(rf"(?<!\w){re.escape(self.entry.title)}(?!\w)")
        speaks = isinstance(self.entry, Unit)
        return tuple(
            r
            for r in catalog.results()
            if self.entry.name in r.names or named.search(r.title) or (speaks and named.search(_one_line(r.commentary)))
        )

    @property
    def torch(self) -> tuple[str, float | None, str]:
        """``"agrees"``, ``"differs"``, ``"absent"`` or ``"not installed"``, torch's value, and the difference."""
        if torch_version() is None:
            return "not installed", None, ""
        names = (self.entry.name, *self.entry.aliases)
        value = next((v for v in map(torch_gain, names) if v is not None), None)
        if value is None:
            return "absent", None, ""
        gain = self.gains[Criterion.FORWARD]
        if not isinstance(gain, Gain) or gain.value is None:
            return "differs", value, "there is none"
        relative = value / gain.value - 1
        # A correctly rounded operation errs by half a unit; torch's formulas chain at most four of them.
        if abs(relative) <= 4 * 2.0**-53:
            return "agrees", value, ""
        return "differs", value, f"{abs(relative):.2%} {'above' if relative > 0 else 'below'} it"

    @property
    def breaks(self) -> str:
        """Where the activation or unit has kinks and jumps, in words, as Markdown."""
        if self.is_largest:
            return "kinks where the largest preactivations tie"
        if self.breakpoints is None:
            return "whether it has kinks or jumps could not be decided"
        named = [
            f"{kind}{'s' if len(points) > 1 else ''} at {', '.join(map(place, points))}"
            for kind, points in (("kink", self.kinks), ("jump", self.jumps))
            if points
        ]
        return " and ".join(named) or "no kinks or jumps"


def place(point: Breakpoint) -> str:
    """Return where a break is, as Markdown."""
    if point.at.count_ops() <= MOST_OPERATIONS:
        return f"${notation.latex(point.at)}$"
    return rf"$\approx {float(point.at):.6g}$"


def _one_line(text: str) -> str:
    return " ".join(text.split())
