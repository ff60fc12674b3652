"""What flows where in a model: a small graph of operations, from whichever recorder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from gainderive.pytorch.graph._nonlinearity import Nonlinearity


def bits(indices: Iterable[int]) -> int:
    """Return the number whose bits are set at `indices`; thousands of nodes would need too large sets."""
    mask = 0
    for index in indices:
        mask |= 1 << index
    return mask


class Op(Enum):
    """What an operation does to the values that flow through it, as far as their scale is concerned."""

    INPUT = "input"
    CONSTANT = "constant"
    """A parameter, a buffer, or a tensor made on the spot: nothing that depends on the inputs."""
    LAYER = "layer"
    """A linear map whose weights are parameters."""
    ATTENTION = "attention"
    """An attention layer as one module, with projections of its own."""
    RECURRENT = "recurrent"
    NORM = "normalisation"
    ELEMENTWISE = "elementwise"
    """One number after the other; its arguments may come from one tensor or from several."""
    CARRY = "carry"
    """Reshaping, slicing, pooling, dropout, joining: values are moved, left out or averaged."""
    ACTIVATION = "activation"
    """A nonlinear function of one value: one elementwise operation, or several that belong together."""
    SCALE = "scale"
    """A multiple of one value, perhaps shifted."""
    SUM = "sum"
    PRODUCT = "product"
    MIX = "mix"
    """A product of tensors, a softmax, or what is not known."""


LAYERS = (Op.LAYER, Op.ATTENTION, Op.RECURRENT)
"""Operations that have weights."""
Call = tuple[Callable[..., Any], tuple[Any, ...], Mapping[str, Any]]
"""A function and its positional and keyword arguments."""


@dataclass(frozen=True)
class Of:
    """Stands in an operation's arguments for the value of a node."""

    node: int


class Unknown:
    """Stands in an operation's arguments for a value that depends on no input and is not known."""


@dataclass(frozen=True, eq=False)
class Weight:
    """A parameter that is a factor of a product: its name, itself, whether transposed, and whether used as it is."""

    name: str
    parameter: Any
    turned: bool = False
    as_it_is: bool = True


@dataclass(frozen=True)
class Node:
    """One operation.

    Attributes
    ----------
    index : int
        Its place in the order of execution, which is also its place in the flow.
    op : Op
        What it does.
    inputs : tuple of int
        The nodes whose values it takes.
    where : str
        Qualified name of the module in whose forward it happens, or that it is.
    does : str
        Name of the function, or of the module's class.
    module : Module or None
        The module that it is, where one module is one operation.
    call : tuple or None
        Function, positional and keyword arguments of an elementwise operation or a product; nodes are `Of`.
    weights : tuple of Weight
        The weights of a layer that is no module of its own.
    phi : Nonlinearity or None
        The function that an activation or a scale is.
    """

    index: int
    op: Op
    inputs: tuple[int, ...]
    where: str
    does: str
    module: Any = None
    call: Call | None = None
    weights: tuple[Weight, ...] = ()
    phi: Nonlinearity | None = None


@dataclass(frozen=True)
class Flow:
    """All operations of one forward pass, in the order of execution.

    Attributes
    ----------
    nodes : tuple of Node
        The operations.
    outputs : tuple of int
        The nodes whose values are returned.
    """

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...] = field(default=())

    def __getitem__(self, index: int) -> Node:
        return self.nodes[index]

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    @cached_property
    def consumers(self) -> tuple[tuple[int, ...], ...]:
        """For each node those that take its value."""
        found: list[list[int]] = [[] for _ in self.nodes]
        for node in self.nodes:
            for index in dict.fromkeys(node.inputs):
                found[index].append(node.index)
        return tuple(map(tuple, found))

    @cached_property
    def ancestors(self) -> tuple[int, ...]:
        """For each node those from which values flow to it, itself among them, as the bits of a number."""
        found: list[int] = []
        for node in self.nodes:
            mask = 1 << node.index
            for index in node.inputs:
                mask |= found[index]
            found.append(mask)
        return tuple(found)

    def back(self, start: int, through: Callable[[Node], bool]) -> tuple[int, ...]:
        """Return what is met on the way back from `start`, itself first, going on only where `through` says so."""
        found, waiting = dict.fromkeys([start]), [start]
        while waiting:
            node = self.nodes[waiting.pop()]
            if through(node):
                fresh = [index for index in node.inputs if index not in found]
                found.update(dict.fromkeys(fresh))
                waiting.extend(fresh)
        return tuple(found)

    def within(self, indices: Iterable[int], op: Op) -> tuple[Node, ...]:
        """Return those of `indices` that do `op`, in the order of execution."""
        return tuple(self.nodes[index] for index in sorted(indices) if self.nodes[index].op is op)
