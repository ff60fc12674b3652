"""What lies before and behind a layer in a flow: activations, normalisation, sums, gates, the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr

from gainderive import units
from gainderive.activations import Activation
from gainderive.pytorch.graph._flow import LAYERS, Flow, Node, Of, Op, bits
from gainderive.pytorch.graph._functions import PRODUCTS, SUMS
from gainderive.pytorch.graph._nonlinearity import Nonlinearity
from gainderive.symbols import branch, x
from gainderive.units import Unit

_LINEAR = (Op.CARRY, Op.SCALE, Op.NORM, Op.SUM)
"""What a layer's output may pass and still be a preactivation."""


@dataclass(frozen=True, eq=False)
class Gated:
    """A product ``u phi(v)`` of two layers' outputs, or of two parts of one layer's."""

    node: int
    value: int
    gate: int
    unit: Nonlinearity


@dataclass(frozen=True, eq=False)
class Joint:
    """A sum on whose sides different numbers of layers lie: ``x + f(x)``, or with a projection of ``x``."""

    node: int
    ends: tuple[int, ...]
    norms: tuple[int, ...]
    shortcuts: tuple[int, ...]
    skip: int
    """The side that is no branch."""


class Surroundings:
    """Questions to a refined flow."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    def ahead(self, start: int) -> tuple[Nonlinearity | None, bool, str]:
        """Return the activation that a layer's output meets first, whether it is normalised, and what ends the way.

        The last is ``"activation"``, ``"product"``, ``"mix"``, ``"layer"`` or ``"end"``.
        """
        waiting, seen = [(start, False)], {start}
        met: list[tuple[int, bool]] = []
        end = "end"
        while waiting:
            waiting.sort(reverse=True)
            index, normalised = waiting.pop()
            if index != start and self.flow[index].op not in _LINEAR:
                met.append((index, normalised))
                continue
            normalised = normalised or self.flow[index].op is Op.NORM
            for taker in self.flow.consumers[index]:
                if taker not in seen:
                    seen.add(taker)
                    waiting.append((taker, normalised))
        for index, normalised in sorted(met):
            node = self.flow[index]
            if node.op is Op.ACTIVATION:
                return node.phi, normalised or self._normalised(start), "activation"
        if met:
            op = self.flow[min(met)[0]].op
            end = "product" if op is Op.PRODUCT else "mix" if op is Op.MIX else "layer"
        return None, self._normalised(start), end

    def _normalised(self, start: int) -> bool:
        """Tell whether the first thing that happens to a value, apart from being moved, is a normalisation."""
        index = start
        while len(self.flow.consumers[index]) == 1 and index not in self.flow.outputs:
            (index,) = self.flow.consumers[index]
            if self.flow[index].op is Op.NORM:
                return True
            if self.flow[index].op not in (Op.CARRY, Op.SCALE):
                return False
        return False

    def behind(self, start: int) -> tuple[Nonlinearity | None, str]:
        """Return the activation or unit that made a layer's input, and what the way back ends with.

        The last is ``"activation"``, ``"input"``, ``"norm"``, ``"stream"`` (a sum), ``"layer"`` or ``"mix"``.
        """
        index = start
        node = self.flow[start]
        while node.inputs:
            index = node.inputs[0]
            node = self.flow[index]
            match node.op:
                case Op.ACTIVATION:
                    return node.phi, "activation"
                case Op.PRODUCT:
                    gated = self.gated.get(index)
                    return (gated.unit, "activation") if gated else (None, "mix")
                case Op.NORM:
                    return None, "norm"
                case Op.SUM:
                    return None, "stream"
                case Op.MIX:
                    return None, "mix"
                case Op.LAYER | Op.ATTENTION | Op.RECURRENT:
                    return None, "layer"
        return None, "input"

    @cached_property
    def gated(self) -> dict[int, Gated]:
        """The gated units, by the nodes of their products."""
        found = {}
        for node in self.flow:
            if node.does == "glu":
                layer = self._layer_of(node.inputs[0])
                if layer is not None:
                    glu = Nonlinearity(units.load("glu"), where=node.where)
                    found[node.index] = Gated(node.index, layer, layer, glu)
            elif node.op is Op.PRODUCT and len(node.inputs) == 2:
                for value, gate in (node.inputs, node.inputs[::-1]):
                    unit = self._unit(node, value, gate)
                    if unit is not None:
                        found[node.index] = unit
                        break
        return found

    def _unit(self, node: Node, value: int, gate: int) -> Gated | None:
        phi = None
        if self.flow[gate].op is Op.ACTIVATION:
            phi = self.flow[gate].phi
            (gate,) = self.flow[gate].inputs
        u, v = self._layer_of(value), self._layer_of(gate)
        if u is None or v is None or self.flow[u].inputs != self.flow[v].inputs or (phi is None and u == v):
            return None
        return Gated(node.index, u, v, _unit_of(phi, node.where))

    def _layer_of(self, index: int) -> int | None:
        """Return the layer whose output, moved and scaled at most, is the value of a node."""
        while self.flow[index].op in (Op.CARRY, Op.SCALE) and len(self.flow[index].inputs) == 1:
            (index,) = self.flow[index].inputs
        return index if self.flow[index].op is Op.LAYER else None

    @cached_property
    def joints(self) -> tuple[Joint, ...]:
        """The residual sums."""
        found = []
        for node in self.flow.within(range(len(self.flow)), Op.SUM):
            if len(node.inputs) == 2:
                joint = self._joint(node, *node.inputs) or self._joint(node, *reversed(node.inputs))
                joint = joint or self._projected(node)
                if joint is not None:
                    found.append(joint)
        return tuple(found)

    def reach(self, start: int) -> tuple[int, ...]:
        """Return what makes a value, back to the last layers, these included."""
        return self.flow.back(start, lambda node: node.op not in LAYERS)

    def _joint(self, node: Node, skip: int, branch_: int) -> Joint | None:
        """Return the sum as ``x + f(x)``, if no layer lies between some value before `branch_` and `skip`."""
        above = self.flow.ancestors[branch_] & ~bits(self.reach(branch_))
        if not above & bits(self.reach(skip)):
            return None
        ends = self._ends(branch_, self.flow.ancestors[skip])
        return Joint(node.index, ends, self._norms(branch_), (), skip) if ends else None

    def _projected(self, node: Node) -> Joint | None:
        """Return the sum of a branch and a shorter one, both from one value."""
        one, other = node.inputs
        common = self.flow.ancestors[one] & self.flow.ancestors[other]
        if not common:
            return None
        depth = {side: self._depth(side, common.bit_length() - 1) for side in node.inputs}
        if depth[one] == depth[other]:
            return None
        skip, branch_ = sorted(node.inputs, key=depth.__getitem__)
        ends = self._ends(branch_, common)
        shortcuts = self._ends(skip, common)
        return Joint(node.index, ends, self._norms(branch_), shortcuts, skip) if ends else None

    def _depth(self, end: int, start: int) -> int:
        """Return how many layers the longest way from `start` to `end` has."""
        longest = {start: 0}
        for index in range(start + 1, end + 1):
            before = [longest[i] for i in self.flow[index].inputs if i in longest]
            if before:
                longest[index] = max(before) + (self.flow[index].op in LAYERS)
        return longest.get(end, 0)

    def _ends(self, side: int, others: int) -> tuple[int, ...]:
        """Return the last layers of a branch: those without an activation behind them, if there are any."""
        bare = self.flow.back(side, lambda node: node.op in (*_LINEAR, Op.PRODUCT))
        for met in (bare, self.reach(side)):
            found = sorted(index for index in met if self.flow[index].op in LAYERS and not others >> index & 1)
            if found:
                return tuple(found)
        return ()

    def _norms(self, side: int) -> tuple[int, ...]:
        """Return the normalisation through which a branch's last layer goes to the sum."""
        index = side
        while self.flow[index].op in (Op.CARRY, Op.SCALE) and len(self.flow[index].inputs) == 1:
            (index,) = self.flow[index].inputs
        return (index,) if self.flow[index].op is Op.NORM else ()

    def plain_terms(self, start: int) -> int:
        """Return how many layers' outputs meet a layer's own in sums that are no residual ones, itself included."""
        terms, index = 1, start
        joints = {joint.node for joint in self.joints}
        while len(self.flow.consumers[index]) == 1:
            (index,) = self.flow.consumers[index]
            node = self.flow[index]
            if node.op is Op.SUM and index not in joints:
                terms += sum(self._layer_of(side) is not None for side in node.inputs if start not in self.reach(side))
            elif node.op not in (Op.CARRY, Op.SCALE):
                break
        return terms

    def streams(self) -> dict[int, int]:
        """Return for each residual sum the number of its stream."""
        number: dict[int, int] = {}
        for joint in self.joints:
            before = [n for n in self._along(joint.skip) if n in number]
            number[joint.node] = number[max(before)] if before else len(set(number.values()))
        return number

    def _along(self, start: int) -> tuple[int, ...]:
        """Return what lies on the way back along skips and projections of skips."""
        projections = {index for joint in self.joints for index in joint.shortcuts}
        through: Callable[[Node], bool] = lambda node: node.op not in LAYERS or node.index in projections  # noqa: E731
        return self.flow.back(start, through)

    def attention_role(self, start: int) -> str | None:
        """Return what a layer's output is in an attention, or ``None`` where it is nothing of it."""
        reached = self._linearly(start)
        roles = set()
        for index in sorted({taker for met in reached for taker in self.flow.consumers[met]}):
            node = self.flow[index]
            if node.op is Op.MIX and node.does == "scaled_dot_product_attention" and node.call is not None:
                third = [node.call[2].get("value"), *node.call[1][2:3]]
                roles.add("value" if any(isinstance(v, Of) and v.node in reached for v in third) else "query_key")
            elif node.op is Op.MIX and node.does in PRODUCTS:
                after = self._linearly(index)
                scores = any(self.flow[t].does == "softmax" for met in after for t in self.flow.consumers[met])
                roles.add("query_key" if scores else "value")
        return roles.pop() if len(roles) == 1 else "query_key_value" if roles else None

    def _linearly(self, start: int) -> set[int]:
        """Return what a value becomes by linear operations and products with others, itself included."""
        reached, waiting = {start}, [start]
        while waiting:
            fresh = [t for t in self.flow.consumers[waiting.pop()] if t not in reached]
            fresh = [t for t in fresh if self.flow[t].op in (*_LINEAR, Op.PRODUCT)]
            reached.update(fresh)
            waiting.extend(fresh)
        return reached

    def added(self, start: int, names: Mapping[int, tuple[str, ...]]) -> str | None:
        """Return the name of the vector of parameters that is added to a layer's output, where one is."""
        for taker in self.flow.consumers[start]:
            node = self.flow[taker]
            if node.does in SUMS and node.call is not None:
                for value in node.call[1]:
                    if id(value) in names and value.dim() == 1:
                        return names[id(value)][0]
        return None

    def is_last(self, start: int) -> bool:
        """Tell whether no other layer takes what becomes of a layer's output."""
        return not any(
            self.flow[index].op in LAYERS and self.flow.ancestors[index] >> start & 1
            for index in range(start + 1, len(self.flow))
        )


def _unit_of(phi: Nonlinearity | None, where: str) -> Nonlinearity:
    """Return the gated unit ``u phi(v)``: the catalogue's, where it has one.

    Of an opaque gate it is the gate itself, which has the same gain (GD-0040).
    """
    if phi is None:
        return Nonlinearity(units.load("bilinear"), where=where)
    if not isinstance(phi.activation, Activation):
        return phi
    u, v = branch(1), branch(2)
    wanted: Expr = u * phi.activation.numeric.subs(x, v)
    for unit in map(units.load, units.names()):
        if unit.random is None and not unit.requires and unit.at().outputs == (wanted,):
            return Nonlinearity(unit, where=where)
    return Nonlinearity(Unit(name="gated", title=f"u times {phi} of v", outputs=(wanted,)), where=where)
