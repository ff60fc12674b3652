"""From a model to its structure: recorded, refined, and read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gainderive.errors import BadModel, MissingExtra
from gainderive.pytorch.graph._flow import Flow, Node, Op
from gainderive.pytorch.graph._fx import traced
from gainderive.pytorch.graph._made_up import made_up
from gainderive.pytorch.graph._order import ordered
from gainderive.pytorch.graph._refine import refined
from gainderive.pytorch.graph._run import recorded
from gainderive.pytorch.graph._structure import Layer, Residual, Structure
from gainderive.pytorch.graph._surroundings import Surroundings
from gainderive.pytorch.graph._weights import Slot, slots

if TYPE_CHECKING:
    from torch import nn


def structure(model: nn.Module, *args: Any, **kwargs: Any) -> Structure:
    """Return the structure of a model: its layers, the activations between them, its residual sums.

    Parameters
    ----------
    model : Module
        It comes back as it was, also when its forward raises.
    *args, **kwargs
        Example inputs. With them the model runs once, in evaluation mode and without gradients, and all it does is
        seen. Without them it is traced by ``torch.fx``; where that fails it runs on an input that is made up from its
        first layer; and where that fails too its modules are taken in the order in which they were registered.
        ``Structure.how`` says which it was, and ``Structure.remarks`` why.

    Raises
    ------
    BadModel
        When it is no module, has parameters without values (on the meta device, or lazy), or its forward raises.

    Examples
    --------
    >>> from torch import nn
    >>> mlp = nn.Sequential(nn.Linear(8, 9), nn.GELU(), nn.Dropout(0.1), nn.Linear(9, 9), nn.GELU(), nn.Linear(9, 1))
    >>> for layer in structure(mlp):
    ...     print(layer.name, layer.role, layer.follower)
    0 first gelu
    3 hidden gelu
    5 output None
    """
    _check(model)
    flow, how, remarks = _flow(model, args, kwargs)
    seen = Surroundings(refined(flow))
    residuals = tuple(_residuals(seen, model))
    layers = tuple(_layers(seen, model, how, residuals))
    remarks += tuple(_unseen(model, layers))
    return Structure(
        model=type(model).__name__,
        how=how,
        layers=layers,
        residuals=residuals,
        norms=tuple(dict.fromkeys(n.where for n in seen.flow if n.op is Op.NORM and n.module is not None)),
        remarks=remarks,
        flow=seen.flow,
    )


def _check(model: Any) -> None:
    try:
        import torch
    except ImportError as error:
        raise MissingExtra("the structure of a model", "torch", "torch") from error
    if not isinstance(model, torch.nn.Module):
        kind = type(model).__name__
        raise BadModel(
            f"a model is a torch.nn.Module, not {model.__name__ if kind == 'type' else kind}; make one first"
        )
    for name, parameter in model.named_parameters():
        if torch.nn.parameter.is_lazy(parameter):
            raise BadModel(f"{name} is lazy and has no shape yet: call the model once with a batch, then again this")
        if parameter.is_meta:
            raise BadModel(f"{name} is on the meta device and has no values: model.to_empty(device='cpu') makes room")


def _flow(model: nn.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[Flow, str, tuple[str, ...]]:
    if args or kwargs:
        return recorded(model, args, kwargs), "run", ()
    found = traced(model)
    if isinstance(found, Flow):
        return found, "fx", ()
    for inputs in made_up(model):
        try:
            seen = recorded(model, (inputs,), {})
        except BadModel:
            continue
        return (
            seen,
            "run",
            (f"{found}; it ran on an input of shape {tuple(inputs.shape)}, made up from its first layer",),
        )
    why = f"{found}; what is known is the order in which its modules are registered. Example inputs tell more."
    return ordered(model), "order", (why,)


@dataclass(frozen=True, eq=False)
class _Place:
    node: Node
    slot: Slot


def _layers(seen: Surroundings, model: nn.Module, how: str, residuals: tuple[Residual, ...]) -> Iterator[Layer]:
    names = _names_of_parameters(model)
    places: dict[Any, list[_Place]] = defaultdict(list)
    for node in seen.flow:
        for slot in slots(node, model):
            if slot.bias is None and node.module is None:
                slot = replace(slot, bias=seen.added(node.index, names))
            places[slot.key].append(_Place(node, slot))
    ends = {name for residual in residuals for name in residual.ends}
    shortcuts = {name for residual in residuals for name in residual.shortcuts}
    for held in places.values():
        yield _layer(seen, held, how, ends, shortcuts, names)


def _layer(
    seen: Surroundings,
    held: list[_Place],
    how: str,
    ends: set[str],
    shortcuts: set[str],
    names: Mapping[int, tuple[str, ...]],
) -> Layer:
    """Return the layer that is met at the places `held`, described as it is met first; as an output if it is one."""
    place = max(held, key=lambda p: (p.slot.kind != "embedding", -p.node.index))
    slot, node = place.slot, place.node
    follower, normalised, end = seen.ahead(node.index) if slot.ends else (None, False, "mix")
    feeds, before = seen.behind(node.index)
    role = _role(seen, place, ends, shortcuts, end, before, follower is not None)
    used = dict.fromkeys([p.slot.weight for p in held] + [n for p in held for n in names.get(p.slot.key, ())])
    return Layer(
        name=slot.name,
        module=slot.module,
        kind=slot.kind,
        weight=slot.weight,
        bias=slot.bias,
        shape=slot.shape,
        fan_in=slot.fan_in,
        fan_out=slot.fan_out,
        follower=None if role == "branch_end" else follower,
        feeds=feeds if slot.ends else None,
        normalised=normalised,
        role=role,
        calls=0 if how == "order" else sum(p.slot.name == slot.name for p in held),
        tied=tuple(name for name in used if name != slot.weight),
        parametrized=slot.parametrized,
        terms=seen.plain_terms(node.index) if slot.ends else 1,
    )


def _role(
    seen: Surroundings, place: _Place, ends: set[str], shortcuts: set[str], end: str, before: str, follows: bool
) -> str:
    name, index = place.slot.name, place.node.index
    if place.slot.kind == "embedding":
        return "embedding"
    if not place.slot.ends:
        return place.slot.role
    if name in ends or _operation(place) in ends:
        return "branch_end"
    if name in shortcuts:
        return "shortcut"
    for gated in seen.gated.values():
        if index in (gated.gate, gated.value):
            return "gated" if index == gated.value else "gate"
    if follows:
        return "first" if before == "input" else "hidden"
    attention = seen.attention_role(index) if end == "mix" else None
    if attention or seen.is_last(index):
        return attention or "output"
    return "first" if before == "input" else "hidden"


def _operation(place: _Place) -> str:
    return place.node.where


def _residuals(seen: Surroundings, model: nn.Module) -> Iterator[Residual]:
    streams = seen.streams()
    for joint in seen.joints:
        yield Residual(
            where=seen.flow[joint.node].where,
            ends=_slot_names(seen, joint.ends, model),
            norms=tuple(seen.flow[index].where for index in joint.norms),
            shortcuts=_slot_names(seen, joint.shortcuts, model),
            stream=streams[joint.node],
        )


def _slot_names(seen: Surroundings, indices: tuple[int, ...], model: nn.Module) -> tuple[str, ...]:
    found = (slot.name for index in indices for slot in slots(seen.flow[index], model) if slot.ends)
    return tuple(dict.fromkeys(found))


def _names_of_parameters(model: nn.Module) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    for name, parameter in model.named_parameters(remove_duplicate=False):
        found[id(parameter)].append(name)
    return {key: tuple(names) for key, names in found.items()}


def _unseen(model: nn.Module, layers: tuple[Layer, ...]) -> Iterator[str]:
    """Yield what has to be said of weights that no layer uses."""
    used = {name for layer in layers for name in (layer.weight, *layer.tied)}
    used |= {f"{layer.name}.{p}" for layer in layers for p, _ in layer.module.named_parameters() if layer.parametrized}
    for name, parameter in model.named_parameters():
        if parameter.dim() > 1 and name not in used:
            yield f"{name} was not met as the weight of a layer"
