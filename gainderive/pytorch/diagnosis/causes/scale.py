"""Weights whose scale is not the one that their place asks for: too large, too small, by a wrong gain or a wrong fan.

What is asked for is the range of right gains (`_accepted`), with ``fan_in`` or with the mean of both fans. Judged is
each layer by its own weights; whether that does harm depends on what lies around it:

- where the output is normalised, the scale is taken out again, and nothing is said;
- output layers and the ends of residual branches may be as small as one likes, also 0;
- a layer that is off by more than a factor of 3 is too large or too small by itself;
- one that is off by less is a wrong gain if its peers are right, or are all alike and it is not;
- and where all are off a little, alike, it depends on how this adds up over the layers between two normalisations.

`nn.Linear`'s default (GD-0018) is judged by the last point alone: harmless in a network of few layers, and not in a
deep one.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gainderive.pytorch.diagnosis._accepted import SLACK, Accepted, accepted
from gainderive.pytorch.diagnosis._measure import Measured, Measurement
from gainderive.pytorch.diagnosis._records import Cause, Finding
from gainderive.pytorch.graph import Op

HUGE = math.log(3.0)
"""Off by more than this, weights are too large or too small, whatever the others are."""
HUGE_AMONG_PEERS = math.log(4.0)
"""The same where the peers are right, so that one gain is wrong."""
FANS_APART = 1.5
APART = math.log(1.12)
"""Difference to peers from which a layer is not like them."""
ERRORS = 4.0
"""Standard errors that are added to every tolerance."""
EXACT = 0.03
"""Relative difference to a gain within which it is meant to be that gain."""
EFFECT = math.log(1e2)
"""Factor on the second moment, over the layers between two normalisations, from which small errors are a fault."""
EFFECT_OF_DEFAULT = math.log(1e4)
"""The same where all weights are as torch made them, which nobody chose."""
OUTPUT_COUNTS = 0.4
"""An output that is too large makes a large first loss; it saturates nothing."""
EMBEDDING = (0.01, 3.0)
"""Root mean squares between which vectors that are looked up are all right."""
SCALE_IS_FREE = ("query_key", "query_key_value", "gate")


@dataclass(frozen=True, eq=False)
class _Case:
    """A layer under judgement."""

    layer: Measured
    right: Accepted
    in_branch: bool

    @property
    def name(self) -> str:
        return self.layer.place.layer.name

    @property
    def role(self) -> str:
        return self.layer.place.layer.role

    @property
    def gain(self) -> float:
        """The gain in use with fan_in; of orthogonal weights the factor of the isometry."""
        weights = self.layer.weights
        if weights.initializer.startswith("orthogonal"):
            layer = self.layer.place.layer
            rows, columns = layer.shape[0], math.prod(layer.shape[1:])
            return math.sqrt(weights.second_moment * max(rows, columns))
        return weights.gain

    @property
    def gains(self) -> dict[str, float]:
        """The gain in use as each fan tells it."""
        layer = self.layer.place.layer
        if self.layer.weights.initializer.startswith("orthogonal"):
            return dict.fromkeys(("fan_in", "fan_avg", "fan_out"), self.gain)
        fans = {
            "fan_in": layer.fan_in,
            "fan_avg": (layer.fan_in + layer.fan_out) / 2,
            "fan_out": layer.fan_out,
        }
        return {name: math.sqrt(self.layer.weights.second_moment * fan) for name, fan in fans.items()}

    @property
    def error(self) -> float:
        """Relative standard error of the gain."""
        weights = self.layer.weights
        return weights.gain_error / weights.gain if weights.gain else 0.0

    @property
    def off(self) -> float:
        """Logarithm of the factor from the gain to the nearest right one; 0 for one that is near enough."""
        slack = math.log(SLACK) + ERRORS * self.error
        return min((self.right.off(self.gains[fan], slack) for fan in ("fan_in", "fan_avg")), key=abs)

    @property
    def is_default(self) -> bool:
        """Whether torch drew the weights when the layer was made."""
        return self.layer.weights.initializer == "kaiming_uniform_(a=sqrt(5))"

    @property
    def fan_ratio(self) -> float:
        layer = self.layer.place.layer
        return max(layer.fan_in, layer.fan_out) / max(min(layer.fan_in, layer.fan_out), 1)

    def is_exactly(self, fan: str) -> bool:
        return self.right.exactly(self.gains[fan], max(EXACT, 3 * self.error))


def findings(measured: Measurement) -> Iterator[Finding]:
    """Yield what is wrong with the scales of the weights."""
    yield from _embeddings(measured)
    cases = tuple(_cases(measured))
    apart = _apart(cases)
    together = tuple(_together(measured, [case for case in cases if case.name not in apart]))
    yield from together
    said = {name for finding in together for name in (finding.layer, *finding.others)}
    for case in cases:
        finding = None if case.name in said else _alone(case, cases, apart)
        if finding is not None:
            yield finding


def _cases(measured: Measurement) -> Iterator[_Case]:
    blocks = {residual.where for residual in measured.structure.residuals}
    for layer in measured.layers:
        of = layer.place.layer
        if of.kind in ("embedding", "attention_in", "recurrent") or of.normalised or of.parametrized:
            continue
        inside = any(block == "" or of.name.startswith(f"{block}.") for block in blocks)
        yield _Case(layer, accepted(layer.place), inside)


def _alone(case: _Case, cases: tuple[_Case, ...], apart: dict[str, float]) -> Finding | None:
    """Return what is wrong with one layer whatever becomes of the signal behind it."""
    off = case.off
    if case.gain == 0:
        if case.role == "output" or _may_be_small(case):
            return None
        return _finding(Cause.WEIGHTS_TOO_SMALL, case, 10.0, "All its weights are 0, so its units stay alike.")
    wrong_fan = _wrong_fan(case, off)
    if wrong_fan is not None:
        return wrong_fan
    differs = apart.get(case.name, 0.0)
    if case.role == "output":
        return _finding(Cause.WEIGHTS_TOO_LARGE, case, OUTPUT_COUNTS * off) if off > HUGE else None
    if case.role in SCALE_IS_FREE:
        off = off if off > HUGE else 0.0
    if off < 0 and _may_be_small(case) and not differs:
        return None
    if differs and (off or not case.is_exactly("fan_in")):
        cause = Cause.WRONG_GAIN if abs(differs) <= HUGE_AMONG_PEERS else _direction(differs)
        return _finding(cause, case, max(abs(off), abs(differs)))
    if abs(off) > HUGE and not (case.is_default and off < 0):
        return _finding(_direction(off), case, abs(off))
    if off and not case.is_default and _others_are_right(case, cases):
        return _finding(Cause.WRONG_GAIN, case, abs(off))
    return None


def _direction(off: float) -> Cause:
    return Cause.WEIGHTS_TOO_LARGE if off > 0 else Cause.WEIGHTS_TOO_SMALL


def _wrong_fan(case: _Case, off: float) -> Finding | None:
    """Return that the fan is wrong, if the gain is right with fan_out and with no other fan."""
    if case.fan_ratio < FANS_APART or case.is_default or case.role == "output":
        return None
    if case.is_exactly("fan_in") or not case.is_exactly("fan_out"):
        return None
    gains = case.gains
    away = {fan: case.right.away(gain) for fan, gain in gains.items()}
    if min(away["fan_in"], away["fan_avg"]) <= max(2 * away["fan_out"] + 0.01, case.error):
        return None
    size = abs(math.log(gains["fan_in"] / gains["fan_out"]))
    layer = case.layer.place.layer
    told = (
        f"Its weights have the gain {gains['fan_out']:.3g} with fan_out = {layer.fan_out:g}, which is right for "
        f"{case.right.because}; what the forward pass needs is fan_in = {layer.fan_in:g}, with which the gain is "
        f"{gains['fan_in']:.3g}."
    )
    return _finding(Cause.WRONG_FAN, case, max(size, abs(off)), told)


def _others_are_right(case: _Case, cases: tuple[_Case, ...]) -> bool:
    """Tell whether most of the other layers are as they should be, so that this one is not."""
    others = [other for other in cases if other is not case and _is_judged(other)]
    right = [other for other in others if not other.off]
    return 3 * len(right) >= 2 * len(others) if others else abs(case.off) > math.log(1.5)


def _is_judged(case: _Case) -> bool:
    """Tell whether the scale of a layer is not free."""
    return case.role not in (*SCALE_IS_FREE, "output") and not (case.off < 0 and _may_be_small(case))


def _may_be_small(case: _Case) -> bool:
    return case.role in ("branch_end", "shortcut") or case.in_branch


def _apart(cases: tuple[_Case, ...]) -> dict[str, float]:
    """Return for each layer that differs from all of its peers, which are alike, the logarithm of the factor.

    Peers are layers of one role, with one activation, at corresponding places: ``blocks.0.fc`` and ``blocks.1.fc``.
    Layers are alike if they agree in the standard deviation, or in the gain by any of the fans.
    """
    groups: dict[tuple[object, ...], list[_Case]] = defaultdict(list)
    for case in cases:
        layer = case.layer.place.layer
        if case.role != "output" and case.gain > 0:
            groups[layer.kind, case.role, case.right.because, re.sub(r"\d+", "#", layer.name)].append(case)
    found = {}
    for group in groups.values():
        for case in group:
            others = [other for other in group if other is not case]
            if len(others) == 1:  # Too few to tell which of two is wrong, which first layers may do.
                others += _firsts_like(case, groups)
            if len(others) > 1 or (len(others) == 1 and _is_meant(others[0]) and not _is_meant(case)):
                differs = _differs(case, others)
                if differs:  # Where the peers are right, what counts is the difference to what is right.
                    right = not any(other.off for other in others)
                    found[case.name] = case.off if right and case.off else differs
    return found


def _firsts_like(case: _Case, groups: dict[tuple[object, ...], list[_Case]]) -> list[_Case]:
    """Return first layers of the same kind and name as a hidden layer, with the same activation."""
    if case.role != "hidden":
        return []
    layer = case.layer.place.layer
    return groups.get((layer.kind, "first", case.right.because, re.sub(r"\d+", "#", layer.name)), [])


def _is_meant(case: _Case) -> bool:
    """Tell whether somebody meant the weights to be as they are: of two that differ it is the other one."""
    if case.is_exactly("fan_in") or case.is_exactly("fan_avg"):
        return True
    return not case.layer.weights.initializer.startswith(("none known", "orthogonal"))


def _differs(case: _Case, others: list[_Case]) -> float:
    least = math.inf
    for measure in ("deviation", "fan_in", "fan_avg", "fan_out"):
        logs = [math.log(_size(other, measure)) for other in others]
        middle = sorted(logs)[len(logs) // 2]
        alike = sum(abs(log - middle) <= APART + ERRORS * other.error for log, other in zip(logs, others, strict=True))
        if 4 * alike < 3 * len(others):
            continue
        difference = math.log(_size(case, measure)) - middle
        if abs(difference) <= APART + ERRORS * (case.error + max(other.error for other in others)):
            return 0.0
        least = min(least, difference, key=abs)
    return 0.0 if math.isinf(least) else least


def _size(case: _Case, measure: str) -> float:
    return math.sqrt(case.layer.weights.second_moment) if measure == "deviation" else case.gains[measure]


def _together(measured: Measurement, cases: list[_Case]) -> Iterator[Finding]:
    """Yield what small errors of one direction add up to between two normalisations."""
    for run in _runs(measured, cases):
        for sign in (1, -1):
            alike = [case for case in run if case.off * sign > 0 and _counts(case)]
            effect = sum(2 * abs(case.off) for case in alike)
            limit = EFFECT_OF_DEFAULT if all(case.is_default for case in alike) else EFFECT
            if len(alike) > 1 and effect > limit:
                worst = max(alike, key=lambda case: round(abs(case.off), 1))
                told = (
                    f"So are {len(alike)} layers in a row, which together change the second moment by a factor of "
                    f"{math.exp(sign * effect):.1e}."
                )
                yield _finding(_direction(sign), worst, effect / 2, told, [case for case in alike if case is not worst])


def _counts(case: _Case) -> bool:
    """Tell whether the scale of a layer is one of those that multiply along the way."""
    return case.role not in (*SCALE_IS_FREE, "output") and case.gain > 0 and _wrong_fan(case, case.off) is None


def _runs(measured: Measurement, cases: list[_Case]) -> Iterator[list[_Case]]:
    """Yield the layers between two normalisations that are not in residual branches."""
    by_name: dict[str, list[_Case]] = defaultdict(list)
    for case in cases:
        if not case.in_branch:
            by_name[case.layer.place.layer.name].append(case)
    run: list[_Case] = []
    for node in measured.structure.flow:
        if node.op is Op.NORM:
            if run:
                yield run
            run = []
        elif node.op is Op.LAYER:
            run.extend(by_name.pop(node.where, ()))
    if run:
        yield run


def _embeddings(measured: Measurement) -> Iterator[Finding]:
    """Yield embeddings whose vectors are so long or short that nothing else matters."""
    if measured.structure.norms:
        return
    for layer in measured.layers:
        if layer.place.layer.kind != "embedding":
            continue
        size = math.sqrt(layer.weights.second_moment)
        off = max(math.log(size / EMBEDDING[1]), 0.0) + min(math.log(max(size, 1e-30) / EMBEDDING[0]), 0.0)
        if off:
            yield Finding(
                cause=_direction(off),
                layer=layer.place.layer.name,
                result_id="GD-0001",
                evidence=f"The vectors of {layer.place.layer.name!r} have the root mean square {size:.3g} instead of "
                "about 1.",
                advice="Draw them from N(0, 1): nn.init.normal_(embedding.weight).",
                severity=abs(off),
            )


def _finding(cause: Cause, case: _Case, severity: float, more: str = "", others: Iterable[_Case] = ()) -> Finding:
    layer, weights = case.layer.place.layer, case.layer.weights
    accepted = " to ".join(f"{value:.3g}" for value in sorted({case.right.values[0], case.right.values[-1]}))
    evidence = (
        f"The gain in use of {layer.name!r} is {case.gain:.4g} ± {weights.gain_error:.1g} (fan_in = {layer.fan_in:g}); "
        f"right for {case.right.because} is {accepted}. {more}"
    )
    return Finding(
        cause=cause,
        layer=layer.name,
        result_id="GD-0018" if case.is_default else "GD-0001" if cause is Cause.WRONG_FAN else case.right.result_id,
        evidence=evidence.strip(),
        advice=f"Draw the weights with Var W = g^2/fan_in, g = {case.right.advised:.4g}: "
        f"nn.init.normal_(layer.weight, std={case.right.advised / math.sqrt(layer.fan_in):.4g}), or let "
        "gainderive.pytorch.initialize_(model) do it for all layers.",
        severity=severity,
        others=tuple(other.name for other in others),
    )
