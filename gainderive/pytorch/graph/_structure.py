"""What a model is made of, as far as its initialization is concerned: the values, without how they are found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gainderive.pytorch.graph._flow import Flow
from gainderive.pytorch.graph._nonlinearity import Nonlinearity


@dataclass(frozen=True, eq=False)
class Layer:
    """A linear map with weights of its own.

    Attributes
    ----------
    name : str
        Of the module, as in ``model.named_modules()``; of the parameter, where it is no module of its own.
    module : Module
        The module that holds the weight.
    kind : str
        ``"linear"``, ``"conv"``, ``"conv_transpose"``, ``"embedding"``, ``"bilinear"``, ``"attention_in"``,
        ``"attention_out"``, ``"recurrent"`` or ``"matmul"``.
    weight : str
        Qualified name of the weight, as in ``model.named_parameters()``; of a parametrized one the attribute.
    bias : str or None
        Qualified name of the bias.
    shape : tuple of int
        Of the weight.
    fan_in, fan_out : float
        How many terms meet in one output, and in how many outputs an input meets: those of torch, with groups taken
        into account, and with the stride of a transposed convolution, on average.
    follower : Nonlinearity or None
        The activation that its output meets first, through dropout, reshaping, pooling, normalisation and sums;
        ``None`` where another layer, an attention, a product or the end comes first.
    feeds : Nonlinearity or None
        The activation, or gated unit, that made its input.
    normalised : bool
        Whether its output is normalised before anything else becomes of it, so that its scale is taken out.
    role : str
        ``"first"``, ``"hidden"``, ``"branch_end"``, ``"shortcut"``, ``"output"``, ``"gate"``, ``"gated"``,
        ``"query_key"``, ``"value"``, ``"query_key_value"`` or ``"embedding"``.
    calls : int
        How often it is called in one forward pass; 0 where that is not known.
    tied : tuple of str
        Other names under which the weight is used.
    parametrized : str
        Class of the parametrization that computes the weight; empty without one.
    terms : int
        How many layers' outputs are added to its own without a skip connection, itself included.
    """

    name: str
    module: Any
    kind: str
    weight: str
    bias: str | None
    shape: tuple[int, ...]
    fan_in: float
    fan_out: float
    follower: Nonlinearity | None = None
    feeds: Nonlinearity | None = None
    normalised: bool = False
    role: str = "hidden"
    calls: int = 1
    tied: tuple[str, ...] = ()
    parametrized: str = ""
    terms: int = 1


@dataclass(frozen=True, eq=False)
class Residual:
    """A sum ``x + f(x)`` in the stream of a model.

    Attributes
    ----------
    where : str
        Qualified name of the module in whose forward it happens.
    ends : tuple of str
        The last layers of the branch ``f``, by name.
    norms : tuple of str
        Normalisations between these and the sum, by name.
    shortcuts : tuple of str
        Layers on the other side, where it is no plain skip.
    stream : int
        Which stream it belongs to: sums with one number follow each other.
    """

    where: str
    ends: tuple[str, ...]
    norms: tuple[str, ...]
    shortcuts: tuple[str, ...]
    stream: int


@dataclass(frozen=True, eq=False)
class Structure:
    """The layers of a model, what lies between them, and how this was found.

    Attributes
    ----------
    model : str
        Class of the model.
    how : str
        ``"run"``: seen while it ran on example inputs; ``"fx"``: traced symbolically; ``"order"``: only the order in
        which its modules are registered is known.
    layers : tuple of Layer
        In the order of execution, each once.
    residuals : tuple of Residual
        In the order of execution.
    norms : tuple of str
        Normalisations, by name.
    remarks : tuple of str
        What could not be found out.
    flow : Flow
        The operations.

    Examples
    --------
    >>> from torch import nn
    >>> from gainderive.pytorch.graph import structure
    >>> found = structure(nn.Sequential(nn.Linear(8, 16), nn.Tanh(), nn.Linear(16, 2)))
    >>> [(layer.name, layer.fan_in, str(layer.follower), layer.role) for layer in found.layers]
    [('0', 8, 'tanh', 'first'), ('2', 16, 'None', 'output')]
    """

    model: str
    how: str
    layers: tuple[Layer, ...]
    residuals: tuple[Residual, ...]
    norms: tuple[str, ...]
    remarks: tuple[str, ...]
    flow: Flow

    def __getitem__(self, name: str) -> Layer:
        """Return the layer called `name`."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(name)

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.layers)

    def branches(self, layer: Layer) -> int:
        """Return how many sums the stream has to which a branch that ends in `layer` is added; 0 for other layers."""
        return max((self.branches_at(sum_) for sum_ in self.residuals if layer.name in sum_.ends), default=0)

    def branches_at(self, residual: Residual) -> int:
        """Return how many residual sums the stream of `residual` has."""
        return sum(other.stream == residual.stream for other in self.residuals)
