"""The weights of an operation: their names, what they connect, and their fans."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gainderive.pytorch.graph._flow import Node, Of, Op, Weight

if TYPE_CHECKING:
    from torch import nn

_ROLES = {
    "in_proj_weight": "query_key_value",
    "q_proj_weight": "query_key",
    "k_proj_weight": "query_key",
    "v_proj_weight": "value",
}
"""The weights into an attention layer, as torch names them, and what their outputs are."""


@dataclass(frozen=True, eq=False)
class Slot:
    """A weight in its place: what a `Layer` is made of, before anything is known of its surroundings."""

    name: str
    module: Any
    kind: str
    weight: str
    bias: str | None
    shape: tuple[int, ...]
    fan_in: float
    fan_out: float
    key: Any
    """Equal for slots that hold one and the same parameter."""
    parametrized: str = ""
    role: str = ""
    """What it does in an attention layer, of which it is no end: ``"query_key"``, ``"value"`` or both."""

    @property
    def ends(self) -> bool:
        """Whether what leaves it leaves the operation; not so for the projections into an attention."""
        return not self.role


def slots(node: Node, model: nn.Module) -> tuple[Slot, ...]:
    """Return the weights of a layer, an attention or a recurrent layer."""
    if node.op is Op.ATTENTION and node.module is None:
        return tuple(_of_attention_function(node, model))
    if node.op is Op.ATTENTION:
        return tuple(_of_attention(node.module, node.where))
    if node.op is Op.RECURRENT:
        return tuple(_of_recurrent(node.module, node.where))
    if node.op is not Op.LAYER:
        return ()
    if node.module is not None:
        return (of_module(node.module, node.where),)
    return tuple(_of_function(node, model, weight) for weight in node.weights[:1])


def of_module(module: Any, name: str) -> Slot:
    """Return the weight of a module that is one layer."""
    shape = tuple(module.weight.shape)
    kind = kind_of_layer(module)
    fans = _fans(module, kind, shape)
    parametrizations = getattr(module, "parametrizations", {})
    held = dict(parametrizations.items()).get("weight")
    return Slot(
        name=name,
        module=module,
        kind=kind,
        weight=_joined(name, "weight"),
        bias=_joined(name, "bias") if getattr(module, "bias", None) is not None else None,
        shape=shape,
        key=id(module.weight) if held is None else id(held),
        parametrized="" if held is None else " and ".join(type(part).__name__.lstrip("_") for part in held),
        fan_in=fans[0],
        fan_out=fans[1],
    )


def kind_of_layer(module: Any) -> str:
    """Return the kind of a module with a weight.

    >>> from torch import nn
    >>> kind_of_layer(nn.Conv2d(1, 2, 3)), kind_of_layer(nn.Embedding(5, 2))
    ('conv', 'embedding')
    """
    from torch import nn

    if hasattr(module, "transposed"):
        return "conv_transpose" if module.transposed else "conv"
    if isinstance(module, (nn.Embedding, nn.EmbeddingBag)):
        return "embedding"
    return "bilinear" if isinstance(module, nn.Bilinear) else "linear"


def _fans(module: Any, kind: str, shape: tuple[int, ...]) -> tuple[float, float]:
    field = math.prod(shape[2:])
    match kind:
        case "embedding":  # One row of the table is looked up: a one-hot input has one term.
            return 1, shape[1]
        case "bilinear":
            return shape[1] * shape[2], shape[0]
        case "conv":
            return shape[1] * field, shape[0] // module.groups * field
        case "conv_transpose":  # Each output meets one tap in `stride`, on average.
            terms = shape[0] // module.groups * field / math.prod(module.stride)
            return int(terms) if terms == int(terms) else terms, shape[1] * field
    return shape[1], shape[0]


def _of_attention(module: Any, name: str) -> Iterator[Slot]:
    packed = module.in_proj_weight is not None
    bias = _joined(name, "in_proj_bias") if module.in_proj_bias is not None else None
    for attribute in ["in_proj_weight"] if packed else ["q_proj_weight", "k_proj_weight", "v_proj_weight"]:
        weight = getattr(module, attribute)
        shape = tuple(weight.shape)
        yield Slot(
            name=_joined(name, attribute.removesuffix("_weight")),
            module=module,
            kind="attention_in",
            weight=_joined(name, attribute),
            bias=bias,
            shape=shape,
            fan_in=shape[1],
            # Queries, keys and values lie above each other, and are three matrices.
            fan_out=shape[0] // 3 if packed else shape[0],
            key=id(weight),
            role=_ROLES[attribute],
        )
        bias = None
    out = of_module(module.out_proj, _joined(name, "out_proj"))
    yield Slot(**{**vars(out), "kind": "attention_out"})


def _of_attention_function(node: Node, model: nn.Module) -> Iterator[Slot]:
    """Yield the weights of a call of ``multi_head_attention_forward``, whose parameters may belong to any module."""
    assert node.call is not None
    given = inspect.signature(node.call[0]).bind(*node.call[1], **node.call[2]).arguments
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    for argument in (*_ROLES, "out_proj_weight"):
        name = names.get(id(given.get(argument)))
        if name is None:
            continue
        shape = tuple(given[argument].shape)
        bias = {"in_proj_weight": "in_proj_bias", "out_proj_weight": "out_proj_bias"}.get(argument, "")
        yield Slot(
            name=name,
            module=model.get_submodule(name.rpartition(".")[0]),
            kind="attention_out" if argument == "out_proj_weight" else "attention_in",
            weight=name,
            bias=names.get(id(given.get(bias))),
            shape=shape,
            fan_in=shape[1],
            fan_out=shape[0] // 3 if argument == "in_proj_weight" else shape[0],
            key=id(given[argument]),
            role=_ROLES.get(argument, ""),
        )


def _of_recurrent(module: Any, name: str) -> Iterator[Slot]:
    for attribute, weight in module.named_parameters(recurse=False):
        if weight.dim() > 1:
            shape = tuple(weight.shape)
            bias = attribute.replace("weight", "bias")
            yield Slot(
                name=_joined(name, attribute),
                module=module,
                kind="recurrent",
                weight=_joined(name, attribute),
                bias=_joined(name, bias) if hasattr(module, bias) else None,
                shape=shape,
                fan_in=shape[1],
                fan_out=shape[0],
                key=id(weight),
            )


def _of_function(node: Node, model: nn.Module, weight: Weight) -> Slot:
    owner = weight.name.rpartition(".")[0]
    shape = tuple(weight.parameter.shape)
    kind, fans = _of_product(node, weight, shape)
    bias = next(
        (name for name, p in model.named_parameters() if node.call and p.dim() == 1 and _is_argument(p, node.call)),
        None,
    )
    return Slot(
        name=weight.name,
        module=model.get_submodule(owner),
        kind=kind,
        weight=weight.name,
        bias=bias,
        shape=shape,
        fan_in=fans[0],
        fan_out=fans[1],
        key=id(weight.parameter),
        parametrized="" if weight.as_it_is else "its forward",
    )


def _is_argument(parameter: Any, call: Any) -> bool:
    return any(value is parameter for value in (*call[1], *call[2].values()))


def _of_product(node: Node, weight: Weight, shape: tuple[int, ...]) -> tuple[str, tuple[float, float]]:
    """Return the kind and the fans of a layer that is a call of a function with a parameter."""
    args, kwargs = (node.call[1], node.call[2]) if node.call else ((), {})
    does = node.does
    if does.startswith("conv"):
        groups = kwargs.get("groups", args[-1] if len(args) == 7 else 1)
        field = math.prod(shape[2:])
        if does.startswith("conv_transpose"):
            stride = kwargs.get("stride", args[3] if len(args) > 3 else 1)
            strides = stride ** (len(shape) - 2) if isinstance(stride, int) else math.prod(stride)
            return "conv_transpose", (shape[0] / groups * field / strides, shape[1] * field)
        return "conv", (shape[1] * field, shape[0] // groups * field)
    if does.startswith("embedding") or does == "getitem":
        return "embedding", (1, shape[1])
    if does == "linear":
        fans = (shape[1], shape[0])
        return "linear", fans[::-1] if weight.turned else fans
    if does == "einsum" and isinstance(args[0], str):
        return "matmul", _of_einsum(args[0], args[1:], shape)
    first = bool(args) and not isinstance(args[0], Of) and does not in ("addmm", "addmv", "baddbmm")
    first = first != (does == "rmatmul")
    inner, outer = (shape[-1], shape[-2]) if first != weight.turned else (shape[-2], shape[-1])
    return "matmul", (inner, outer)


def _of_einsum(equation: str, operands: tuple[Any, ...], shape: tuple[int, ...]) -> tuple[float, float]:
    given, _, returned = equation.replace(" ", "").partition("->")
    if len(operands) == 1 and isinstance(operands[0], tuple):
        operands = operands[0]
    place = next((i for i, operand in enumerate(operands) if not isinstance(operand, Of)), 0)
    labels = given.split(",")[place]
    others = "".join(part for i, part in enumerate(given.split(",")) if i != place)
    sizes = dict(zip(labels, shape, strict=False))
    return (
        math.prod(size for label, size in sizes.items() if label not in returned),
        math.prod(size for label, size in sizes.items() if label in returned and label not in others),
    )


def _joined(*parts: str) -> str:
    return ".".join(part for part in parts if part)
