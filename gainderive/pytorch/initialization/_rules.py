r"""Which standard deviation a layer gets, and why.

**The chain.** By GD-0001 weights of variance :math:`g^2/n` make of an input of mean square :math:`s` a preactivation
of second moment :math:`g^2 s`. A layer gets the gain of the activation that follows it (or, by convention, of the one
that made its input); where none does, 1.

**Residual sums.** If a branch keeps the second moment and its output is uncorrelated with the stream, then
:math:`E(x + f(x))^2 = 2\,E x^2`, and the stream grows as :math:`2^L` (GD-0056). With :math:`1/\sqrt L` in front of
each of the :math:`L` branches it grows by :math:`(1 + 1/L)^L < e` (GD-0057); where branches begin with a normalisation
by :math:`1 + L \cdot 1/L = 2`, instead of :math:`1 + L` (GD-0058). Where the sum is normalised it keeps as much of the
signal on the skips (GD-0059).

**Gated units.** :math:`E(u\,\phi(v))^2 = E u^2\,E\phi(v)^2` (GD-0040), and the gain of :math:`\phi` belongs to
:math:`E v^2 = 1`. So both layers before the product get 1, and the layer behind it the gain of the unit.

**Attention.** With second moment 1 of queries and keys the products over a head of size :math:`d`, divided by
:math:`\sqrt d`, have second moment 1 too (GD-0063): query, key and value get gain 1, and the projection behind ends a
branch.

**Embeddings.** A row is looked up, so nothing is added up: the standard deviation is 1, and :math:`1/\sqrt k` where
:math:`k` of them are added.

**Sine.** For :math:`\sin(\omega x)` with :math:`\omega \ne 1` the rule of Sitzmann et al. 2020 (section 3.2):
:math:`U(-1/n, 1/n)` in the first layer (GD-0067), then :math:`U(-\sqrt{6/n}/\omega, \sqrt{6/n}/\omega)`, which gives
:math:`\omega u` the second moment :math:`2\,E\sin^2`, about 1 (GD-0065).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from gainderive.criteria import Criterion
from gainderive.errors import GainderiveError, SeveralGains
from gainderive.facade import Gain
from gainderive.pytorch.graph import Layer, Nonlinearity, Structure
from gainderive.pytorch.initialization._options import Convention, Distribution, Mode, Options
from gainderive.units import Unit


@dataclass(frozen=True)
class Decision:
    """What a layer's weights shall be, and why.

    Attributes
    ----------
    rule : str
        Name of the rule.
    std : float or None
        Standard deviation of the weights; ``None`` where they are left as they are.
    law : Distribution
        Their law.
    gain : float or None
        The gain from which it follows; ``None`` where another rule holds.
    ids : tuple of str
        The results from which it follows.
    why : str
        The reason, in a sentence.
    """

    rule: str
    std: float | None
    law: Distribution
    gain: float | None
    ids: tuple[str, ...]
    why: str


def decision(layer: Layer, structure: Structure, options: Options) -> Decision:
    """Return what `layer` shall get in a model of this `structure`."""
    left = _left(layer)
    if left:
        return Decision("left", None, options.distribution, None, (), left)
    if layer.kind == "embedding":
        return _embedding(layer, options)
    omega = _frequency(layer) if _has_sines(structure) else None
    if omega is not None:
        return _sine(layer, omega)
    return _of_gain(layer, structure, options)


def _left(layer: Layer) -> str:
    """Return why a layer's weights are left as they are, or nothing."""
    if layer.kind == "recurrent":
        return "no rule is derived for recurrent weights, which meet the same activation at every step"
    if layer.parametrized and layer.parametrized != "WeightNorm":
        return f"its weight is computed by {layer.parametrized}, which settles its scale"
    return ""


def _embedding(layer: Layer, options: Options) -> Decision:
    law = Distribution.NORMAL if options.distribution is Distribution.ORTHOGONAL else options.distribution
    why = "a row is looked up and nothing is added up, so its entries are what the stream begins with"
    if layer.terms > 1:
        why += f"; {layer.terms} are added, so each has 1/{layer.terms} of the second moment"
    return Decision("embedding", 1 / math.sqrt(layer.terms), law, 1.0, (), why)


def _has_sines(structure: Structure) -> bool:
    return any(_omega(met) not in (None, 1.0) for layer in structure for met in (layer.follower, layer.feeds))


def _frequency(layer: Layer) -> float | None:
    """Return the omega of the sine that follows the layer, or else feeds it."""
    own = _omega(layer.follower)
    return own if own is not None or layer.follower is not None else _omega(layer.feeds)


def _omega(met: Nonlinearity | None) -> float | None:
    if met is None or met.name != "sin":
        return None
    return abs(float(met.settings.get("omega", 1)))


def _sine(layer: Layer, omega: float) -> Decision:
    n = layer.fan_in
    if layer.feeds is None and layer.role == "first":
        why = "first layer of a sine network: U(-1/n, 1/n), so that omega alone sets the frequencies (Sitzmann et al.)"
        return Decision("sine, first", 1 / (n * math.sqrt(3)), Distribution.UNIFORM, None, ("GD-0067",), why)
    why = f"U(±sqrt(6/n)/omega) with omega = {omega:g}: omega u has second moment 2 E sin², about 1 (Sitzmann et al.)"
    return Decision("sine", math.sqrt(2 / n) / omega, Distribution.UNIFORM, None, ("GD-0065",), why)


@dataclass(frozen=True)
class _Factor:
    """A factor of a layer's gain."""

    value: float
    id: str | None
    rule: str
    why: str


def _of_gain(layer: Layer, structure: Structure, options: Options) -> Decision:
    factors = [_main_factor(layer, options), *_further_factors(layer, structure, options)]
    value = math.prod(factor.value for factor in factors)
    return Decision(
        rule=" and ".join(dict.fromkeys(factor.rule for factor in factors)),
        std=value / math.sqrt(_fan(layer, options.mode)),
        law=options.distribution,
        gain=value,
        ids=tuple(dict.fromkeys(factor.id for factor in factors if factor.id)),
        why="; ".join(factor.why for factor in factors),
    )


def _fan(layer: Layer, mode: Mode) -> float:
    match mode:
        case Mode.FAN_IN:
            return layer.fan_in
        case Mode.FAN_OUT:
            return layer.fan_out
    return (layer.fan_in + layer.fan_out) / 2


def _main_factor(layer: Layer, options: Options) -> _Factor:
    """Return the gain of the activation to which the layer belongs."""
    if options.convention is Convention.FEEDER:
        if layer.feeds is None:
            return _Factor(1.0, "GD-0004", "linear", "no activation made its input")
        return _gain_of(layer.feeds, options.criterion, "fed by")
    if layer.role in ("gate", "gated"):
        return _Factor(1.0, "GD-0040", "gated unit", "before the product of a gated unit, whose gain comes behind it")
    if layer.role in ("query_key", "value", "query_key_value"):
        return _Factor(1.0, "GD-0063", "attention", "queries and keys of second moment 1 make such scores")
    if isinstance(layer.feeds and layer.feeds.entry, Unit) and layer.follower is None:
        assert layer.feeds is not None
        return _gain_of(layer.feeds, options.criterion, "behind the gated unit")
    if layer.role == "branch_end":
        return _Factor(1.0, "GD-0004", "linear", "a branch ends in it, without an activation")
    if layer.follower is None:
        rule = "output" if layer.role == "output" else "linear"
        return _Factor(1.0, "GD-0004", rule, "no activation follows: E u² is the mean square of its input")
    return _gain_of(layer.follower, options.criterion, "followed by")


def _further_factors(layer: Layer, structure: Structure, options: Options) -> Iterator[_Factor]:
    branches = structure.branches(layer)
    if layer.role == "branch_end" and not ends_normalised(layer, structure):
        why = f"{branches} branches are added to its stream, each with 1/{branches} of the second moment"
        yield _Factor(1 / math.sqrt(branches), "GD-0057", "branch", why)
    elif layer.terms > 1:
        why = f"{layer.terms} layers are added, each with 1/{layer.terms} of the second moment"
        yield _Factor(1 / math.sqrt(layer.terms), None, "sum", why)
    if layer.normalised:
        yield _Factor(1.0, None, "normalised", "the scale of its output is taken out by normalisation")
    if layer.calls > 1:
        yield _Factor(1.0, None, "shared", f"called {layer.calls} times, and set as for the first")
    if layer.tied:
        yield _Factor(1.0, None, "tied", f"one weight with {', '.join(layer.tied)}, set once")


def ends_normalised(layer: Layer, structure: Structure) -> bool:
    """Tell whether a normalisation lies between a branch's last layer and the sum, which then carries the scale."""
    return any(residual.norms for residual in structure.residuals if layer.name in residual.ends)


def _gain_of(met: Nonlinearity, criterion: Criterion, how: str) -> _Factor:
    """Return the gain of an activation, or what stands in for it where there is none or several."""
    try:
        found = met.gain(criterion)
    except SeveralGains as error:
        return _one_of_several(met, criterion, how, error)
    except GainderiveError as error:
        return _instead(met, criterion, how, error)
    return _Factor(float(found), found.id, "gain", f"{how} {met}{_told(found)}")


def _told(found: Gain) -> str:
    return "" if found.id else f" ({found.status})"


def _one_of_several(met: Nonlinearity, criterion: Criterion, how: str, error: SeveralGains) -> _Factor:
    """Return that root which is nearest to the forward gain, as a ratio; every gain is one where there are no roots."""
    values = [float(root) for root in error.roots]
    if not values:
        return _Factor(1.0, None, "gain", f"{how} {met}, of which every number is an {criterion} gain: 1")
    anchor = math.log(_forward(met))
    chosen = min(values, key=lambda value: abs(math.log(value) - anchor))
    shown = ", ".join(f"{value:.4g}" for value in values)
    why = f"{how} {met}, which has {len(values)} {criterion} gains ({shown}): the one nearest to its forward gain"
    return _Factor(chosen, None, "gain", why)


def _forward(met: Nonlinearity) -> float:
    try:
        return float(met.gain())
    except GainderiveError:
        return 1.0


def _instead(met: Nonlinearity, criterion: Criterion, how: str, error: GainderiveError) -> _Factor:
    """Return the forward gain where another was asked for, and 1 where there is none either."""
    reason = str(error).rstrip(".")
    if criterion is not Criterion.FORWARD:
        found = _gain_of(met, Criterion.FORWARD, how)
        return _Factor(found.value, found.id, "gain", f"{found.why}; its forward gain, because {reason}")
    return _Factor(1.0, None, "gain", f"{how} {met}, and 1 stands in for its gain: {reason}")
