"""One forward and backward pass in which everything is measured in passing."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gainderive.errors import BadModel
from gainderive.pytorch.diagnosis._apart import apart
from gainderive.pytorch.diagnosis._batch import Batch
from gainderive.pytorch.diagnosis._ends import Ends
from gainderive.pytorch.diagnosis._loss import Loss, loss_of
from gainderive.pytorch.diagnosis._plan import Key, Place, axis_of, plan, units_of, values_in
from gainderive.pytorch.diagnosis._records import Bias, Weights
from gainderive.pytorch.diagnosis._stream import Stream
from gainderive.pytorch.diagnosis._weights import Shape, biased, weighed
from gainderive.pytorch.graph import Op, Structure, structure
from gainderive.pytorch.graph._modules import kinds_of_modules
from gainderive.pytorch.graph._run import Running, without_fast_path

if TYPE_CHECKING:
    from torch import Tensor, nn


LARGE = 5_000_000
"""Parameters from which a second forward pass on the whole batch takes noticeable time."""


@dataclass(frozen=True, eq=False)
class Measured:
    """Everything that was measured at a layer.

    Attributes
    ----------
    place : Place
        The layer and its surroundings.
    weights : Weights
        Of the layer.
    bias : Bias or None
        Of the layer.
    rows : Tensor or None
        The weights, a row for each unit; ``None`` where they are not of that form.
    biases : Tensor or None
        The bias of each unit.
    input, output, u, h : Stream or None
        What came by.
    first : bool
        Whether it gets an input of the model, or one that only was moved or computed without weights.
    gradient : float or None
        Norm of the gradient by the weights.
    norm_units : tuple of Tensor or None
        Scales and shifts of the normalisation between layer and activation, for each unit.
    positions : tuple of int
        Extent of a convolution's input along its spatial axes.
    """

    place: Place
    weights: Weights
    bias: Bias | None
    rows: Any
    biases: Any
    input: Stream | None
    output: Stream | None
    u: Stream | None
    h: Stream | None
    first: bool
    gradient: float | None
    norm_units: tuple[Any, Any] | None
    positions: tuple[int, ...]

    @cached_property
    def row_norms(self) -> Tensor:
        """For each unit the norm of its weights."""
        return self.rows.flatten(1).norm(dim=1).double()

    @cached_property
    def row_means(self) -> Tensor:
        """For each unit the mean of its weights."""
        return self.rows.flatten(1).mean(dim=1).double()

    @property
    def norm(self) -> tuple[float, float, float] | None:
        """Mean squared scale, mean shift and mean squared shift of the normalisation before the activation."""
        if self.norm_units is None:
            return None
        scales, shifts = self.norm_units
        return float(scales.square().mean()), float(shifts.mean()), float(shifts.square().mean())


@dataclass(frozen=True, eq=False)
class Measurement:
    """All layers of a model, measured in one pass."""

    structure: Structure
    layers: tuple[Measured, ...]
    loss: float | None


def measure(model: nn.Module, batch: Batch, target: Any = None, loss: Loss | None = None, seed: int = 0) -> Measurement:
    """Run `model` twice, once to see its structure and once to measure it, and leave it as it was.

    Raises
    ------
    BadModel
        When its forward, the loss or the backward pass raises.
    """
    # Twice, because what the first run does to parameters and inputs is not to be seen by the second.
    with apart(model, batch.tensors):
        found = _seen(model, batch)
        places = plan(found, model)
    with apart(model, batch.tensors) as aliases:
        firsts = _firsts(found)
        probe = _Probe(model, places, firsts)
        gradients: dict[str, float] = {}
        with ExitStack() as stack:
            stack.enter_context(_gradients(aliases, gradients))
            total = _run(model, batch, probe, target, loss, seed)
        layers = tuple(_measured(model, place, probe, gradients, place.layer.name in firsts) for place in places)
    return Measurement(found, layers, total)


def _seen(model: nn.Module, batch: Batch) -> Structure:
    """Return the structure of a model as it runs on the batch; of a large model on a few samples, if it takes them."""
    few = batch.few
    if few is not None and sum(parameter.numel() for parameter in model.parameters()) > LARGE:
        with suppress(BadModel):
            return structure(model, *few.args, **few.kwargs)
    return structure(model, *batch.args, **batch.kwargs)


def _run(model: nn.Module, batch: Batch, probe: _Probe, target: Any, loss: Loss | None, seed: int) -> float | None:
    from torch.overrides import TorchFunctionMode

    class Mode(TorchFunctionMode):
        def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            result = func(*args, **(kwargs or {}))
            probe.called(func, args, kwargs or {}, result)
            return result

    kinds = kinds_of_modules(model)
    doing = "forward"
    try:
        with without_fast_path():
            probe.inputs((batch.args, batch.kwargs))
            with probe.hooked(model, kinds), Mode():
                output = model(*batch.args, **batch.kwargs)
            doing = "the loss" if loss is not None or target is not None else "the synthetic loss"
            scalar = loss_of(output, target, loss, seed)
            del output
            doing = "backward"
            if scalar is None or not scalar.requires_grad:
                return None if scalar is None else float(scalar.detach())
            scalar.backward()
            return float(scalar.detach())
    except Exception as error:
        raise BadModel(
            f"{type(model).__name__}: {doing} raises {type(error).__name__}: {error}. Pass inputs that it takes, "
            "and targets with target=."
        ) from error


@contextmanager
def _gradients(aliases: dict[str, Tensor], norms: dict[str, float]) -> Iterator[None]:
    """Turn every gradient into its norm as soon as it is complete, and free it."""

    def hook(name: str) -> Callable[[Tensor], None]:
        def reduced(alias: Tensor) -> None:
            if alias.grad is not None:
                norms[name] = math.hypot(norms.get(name, 0.0), float(alias.grad.norm()))
                alias.grad = None

        return reduced

    handles = [
        alias.register_post_accumulate_grad_hook(hook(name)) for name, alias in aliases.items() if alias.requires_grad
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


class _Probe(Running):
    """Recognises the operations of a plan while the model runs, and looks at their values."""

    def __init__(self, model: nn.Module, places: tuple[Place, ...], firsts: frozenset[str]) -> None:
        super().__init__(model)
        self._firsts = firsts
        self.streams: dict[tuple[str, str], Stream] = {}
        """By the name of a layer and what of it is measured."""
        self.positions: dict[str, tuple[int, ...]] = {}
        self._seen: Counter[tuple[str, str]] = Counter()
        self._wanted: dict[Key, list[tuple[Place, str]]] = defaultdict(list)
        for place in places:
            for what, keys in (("call", place.calls), ("u", place.preactivations), ("h", place.activations)):
                for key in dict.fromkeys(keys):
                    if what != "u" or self._has_own_u(place):
                        self._wanted[key].append((place, what))

    @staticmethod
    def _has_own_u(place: Place) -> bool:
        """Tell whether something lies between the layer and its activation."""
        return bool(place.preactivations) and not set(place.preactivations) <= set(place.calls)

    def function(self, function: Any, args: Any, kwargs: Any, result: Any, where: str) -> None:
        before = len(self._nodes)
        super().function(function, args, kwargs, result, where)
        self._note(before, args, kwargs, result)

    def module(self, kind: Op | None, module: Any, where: str, args: Any, kwargs: Any, result: Any) -> None:
        before = len(self._nodes)
        super().module(kind, module, where, args, kwargs, result)
        self._note(before, args, kwargs, result)

    def _note(self, before: int, args: Any, kwargs: Any, result: Any) -> None:
        """Look at the values of an operation, if it was recorded as one."""
        import torch

        for position, node in enumerate(self._nodes[before:]):
            key = (node.where, node.does, self._seen[node.where, node.does])
            self._seen[key[:2]] += 1
            if position:  # A piece of what the first one returned.
                continue
            # A module's hook runs inside of the mode, which would take the sums of a look for the model's own.
            with torch._C.DisableTorchFunction():
                for place, what in self._wanted.get(key, ()):
                    if what == "call":
                        self._look(place, "input", next(iter(values_in((args, kwargs))), None))
                    self._look(place, "output" if what == "call" else what, next(iter(values_in(result)), None))

    def _look(self, place: Place, what: str, value: Any) -> None:
        import torch
        from torch.utils._python_dispatch import _disable_current_modes

        # What is done to look at a value is no operation of the model.
        with torch._C.DisableTorchFunction(), _disable_current_modes(), torch.no_grad():
            self._looked(place, what, value)

    def _looked(self, place: Place, what: str, value: Any) -> None:
        if value is None or (what == "input" and place.layer.kind == "embedding"):
            return
        layer = place.layer
        units = _features(layer) if what == "input" else units_of(layer)
        axis = axis_of(tuple(value.shape), units, layer)
        if axis is None:
            axis, units = value.dim() - 1, value.shape[-1] if value.dim() else 1
        if what == "input" and layer.kind == "conv":
            self.positions.setdefault(layer.name, tuple(value.shape[2 - len(layer.shape) :]))
        stream = self.streams.get((layer.name, what))
        if stream is None:
            at_phi = what in ("u", "h") or (what == "output" and not self._has_own_u(place))
            ends = place.phi.ends if place.phi is not None and at_phi else Ends()
            brief = not at_phi and not (what == "input" and layer.name in self._firsts)
            stream = self.streams[layer.name, what] = Stream(units, ends, brief=brief)
        if stream.units == units and value.dim():
            stream.add(value, axis)


def _features(layer: Any) -> int:
    match layer.kind:
        case "conv":
            return int(layer.shape[1] * getattr(layer.module, "groups", 1))
        case "conv_transpose":
            return int(layer.shape[0])
        case "matmul":
            return int(layer.fan_in)
    return int(layer.shape[1])


def _firsts(found: Structure) -> frozenset[str]:
    """Return the layers to which an input of the model comes without passing a layer or a normalisation."""
    flow = found.flow
    names = set()
    for node in flow:
        if node.op in (Op.LAYER, Op.ATTENTION, Op.RECURRENT) and node.inputs:
            behind = flow.back(node.inputs[0], lambda n: n.op in (Op.CARRY, Op.SCALE, Op.SUM, Op.PRODUCT))
            if all(flow[index].op in (Op.INPUT, Op.CARRY, Op.SCALE, Op.SUM, Op.PRODUCT) for index in behind) and any(
                flow[index].op is Op.INPUT for index in behind
            ):
                names.add(node.where)
    return frozenset(layer.name for layer in found.layers if layer.name in names)


def _measured(model: nn.Module, place: Place, probe: _Probe, gradients: dict[str, float], first: bool) -> Measured:
    layer = place.layer
    weight, bias = _tensor(model, layer.weight), None if layer.bias is None else _tensor(model, layer.bias)
    follower = None if layer.follower is None else layer.follower.name
    rows = weight.detach().movedim(1, 0) if layer.kind == "conv_transpose" else weight.detach()
    per_unit = rows.dim() > 1 and rows.shape[0] == units_of(layer) and layer.kind != "embedding"
    biases = bias.detach() if bias is not None and bias.numel() == rows.shape[0] else None

    def stream(what: str) -> Stream | None:
        return probe.streams.get((layer.name, what))

    packed = layer.kind == "attention_in"
    return Measured(
        place=place,
        # torch draws queries, keys and values as one matrix, whose fan_out counts the rows of all three.
        weights=weighed(weight, Shape(layer.fan_in, len(weight) if packed else layer.fan_out, follower)),
        bias=biased(bias),
        rows=rows if per_unit else None,
        biases=None if biases is None else biases.double(),
        input=stream("input"),
        output=stream("output"),
        u=stream("u") or stream("output"),
        h=stream("h"),
        first=first,
        gradient=_gradient(model, layer, gradients),
        norm_units=_norm_units(model, place.norm),
        positions=probe.positions.get(layer.name, ()),
    )


def _norm_units(model: nn.Module, name: str) -> tuple[Tensor, Tensor] | None:
    module = model.get_submodule(name) if name else None
    scales, shifts = getattr(module, "weight", None), getattr(module, "bias", None)
    if scales is None or shifts is None:
        return None
    return scales.detach().double(), shifts.detach().double()


def _tensor(model: nn.Module, name: str) -> Tensor:
    owner, _, attribute = name.rpartition(".")
    found: Tensor = getattr(model.get_submodule(owner), attribute)
    return found


def _gradient(model: nn.Module, layer: Any, gradients: dict[str, float]) -> float | None:
    if layer.parametrized:
        own = [norm for name, norm in gradients.items() if name.startswith(f"{layer.name}.parametrizations.weight")]
        return math.hypot(*own) if own else None
    return next((gradients[name] for name in (layer.weight, *layer.tied) if name in gradients), None)
