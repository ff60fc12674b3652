"""Writes a flow down, call after call, whoever sees the calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gainderive.pytorch.graph._flow import LAYERS, Call, Flow, Node, Of, Op, Weight
from gainderive.pytorch.graph._functions import CASTS, MOVES, PIECES, TURNS, cast, kind_of_function, name_of

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class _Made:
    """Parameters from which a value was made, and whether they were only moved."""

    of: tuple[Any, ...]
    moved: bool
    turned: bool = False


class Recorder:
    """A flow in the making.

    Parameters
    ----------
    nodes, made : mapping
        Empty ones, by identity of the values that a subclass sees: tensors, or what stands for them.
    """

    def __init__(self, model: nn.Module, nodes: Any, made: Any) -> None:
        self._nodes: list[Node] = []
        self._node_of = nodes
        self._made = made
        self._names = {id(parameter): name for name, parameter in model.named_parameters(remove_duplicate=False)}

    def is_value(self, thing: Any) -> bool:
        """Tell whether `thing` is a tensor, or stands for one."""
        raise NotImplementedError

    def constant(self, value: Any) -> Any:
        """Return the tensor that a value is which depends on no input."""
        return value

    def input(self, value: Any) -> None:
        """Record an input of the model."""
        self._node_of[value] = self._add(Op.INPUT, (), "", "input")

    def function(
        self, function: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], result: Any, where: str
    ) -> None:
        """Record that a function was called in the forward of the module called `where`, and what it returned."""
        name = name_of(function)
        if name in CASTS and args and self.is_value(args[0]):
            function, name, args, kwargs = cast, "cast", args[:1], {}
        results = [args[0]] if name == "setitem" else list(self._values(result))
        known, made = self._known((args, kwargs)), self._made_of((args, kwargs))
        if not results:
            return
        if not known:
            self._remember(name, results, made)
            return
        op, weights = kind_of_function(name), tuple(weight for part in made if (weight := self._weight(part)))
        if op in LAYERS and not weights:
            op = Op.MIX
        if name == "getitem" and weights and not self._known(args[:1]):
            op = Op.LAYER  # Rows of a table of parameters, chosen by what flows.
        call: Call | None = None
        if op in (Op.ELEMENTWISE, Op.MIX, *LAYERS):
            call = function, self._placed(args), self._placed(kwargs)
        node = self._add(op, known, where, name, call=call, weights=weights if op in LAYERS else ())
        for value in results:
            self._node_of[value] = self._add(Op.CARRY, (node,), where, "piece") if name in PIECES else node

    def module(self, kind: Op | None, module: Any, where: str, args: Any, kwargs: Any, result: Any) -> None:
        """Record that a module was called, as one operation where it is one of `kind`."""
        results, known = list(self._values(result)), self._known((args, kwargs))
        if kind is None:  # Its parts were recorded, except what torch does not show, such as a Function of its own.
            if not known or self._known(results):
                return
            kind = Op.MIX
        if not results or (not known and kind is not Op.LAYER):
            return
        call: Call | None = (module, self._placed(args), {}) if kind in (Op.ELEMENTWISE, Op.MIX) else None
        node = self._add(kind, known, where, type(module).__name__, module=module, call=call)
        for value in results:
            self._node_of[value] = node

    def flow(self, output: Any) -> Flow:
        """Return what was recorded of a pass that returned `output`."""
        return Flow(tuple(self._nodes), self._known(output))

    def _add(self, op: Op, inputs: tuple[int, ...], where: str, does: str, **more: Any) -> int:
        self._nodes.append(Node(len(self._nodes), op, inputs, where, does, **more))
        return self._nodes[-1].index

    def _remember(self, name: str, results: list[Any], made: list[_Made]) -> None:
        """Remember that values were made of parameters alone."""
        parameters = tuple({id(p): p for part in made for p in part.of}.values())
        if not parameters:
            return
        moved = all(part.moved for part in made) and name in MOVES
        turned = moved and made[0].turned != (name in TURNS)
        for value in results:
            self._made[value] = _Made(parameters, moved, turned)

    def _made_of(self, value: Any) -> list[_Made]:
        found = []
        for part in self._values(value):
            constant = self.constant(part)
            if id(constant) in self._names:
                found.append(_Made((constant,), moved=True))
            elif part in self._made:
                found.append(self._made[part])
        return found

    def _weight(self, made: _Made) -> Weight | None:
        """Return the matrix among the parameters of which a factor was made."""
        matrices = [parameter for parameter in made.of if parameter.dim() > 1]
        if not matrices:
            return None
        return Weight(self._names[id(matrices[0])], matrices[0], made.turned, made.moved)

    def _known(self, value: Any) -> tuple[int, ...]:
        found = (self._node_of.get(part) for part in self._values(value))
        return tuple(dict.fromkeys(node for node in found if node is not None))

    def _values(self, thing: Any) -> Iterator[Any]:
        """Yield the tensors in arguments or results."""
        if self.is_value(thing):
            yield thing
            return
        if isinstance(thing, Mapping):
            thing = tuple(thing.values())
        elif hasattr(thing, "__dataclass_fields__"):
            thing = tuple(vars(thing).values())
        if isinstance(thing, (list, tuple)):
            for part in thing:
                yield from self._values(part)

    def _placed(self, value: Any) -> Any:
        """Return arguments with `Of` in place of the values that flow, and what does not flow as it is."""
        if self.is_value(value):
            node = self._node_of.get(value)
            return self.constant(value) if node is None else Of(node)
        if isinstance(value, Mapping):
            return {key: self._placed(part) for key, part in value.items()}
        if isinstance(value, (tuple, list)):
            return tuple(map(self._placed, value))
        return value
