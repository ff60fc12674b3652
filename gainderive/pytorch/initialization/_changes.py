"""What becomes of each parameter of a model: drawn anew, set to a constant, or left."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gainderive.pytorch.graph import Layer, Op, Structure
from gainderive.pytorch.initialization._draw import drawn
from gainderive.pytorch.initialization._options import Distribution, Options
from gainderive.pytorch.initialization._plan import Setting
from gainderive.pytorch.initialization._rules import Decision, decision

if TYPE_CHECKING:
    from torch import nn

_FROZEN = "frozen (requires_grad is False)"
_FOREIGN = "a parameter of a normalisation that is not torch's, which may mean anything"
_PLAIN = "a normalisation begins as nothing but a normalisation"
_ENDS = "a branch ends in it: {branches} are added to its stream, each with 1/{branches} of the second moment"


@dataclass(frozen=True, eq=False)
class Change:
    """What becomes of one parameter.

    Attributes
    ----------
    parameter : str
        Its name.
    draw : callable or None
        From a generator to the new value; ``None`` where it is left.
    write : callable or None
        Puts a value in place.
    setting : Setting or None
        The row of the plan; ``None`` for a bias and for what is left.
    left : str
        Why it is left as it is; empty where it is not.
    statistics : bool
        Whether it stands for a module's running statistics instead of a parameter.
    """

    parameter: str
    draw: Callable[[Any], Any] | None = None
    write: Callable[[Any], None] | None = None
    setting: Setting | None = None
    left: str = ""
    statistics: bool = False

    def drawn(self, generator: Any) -> Callable[[], None]:
        """Return what puts a new value in place, the value drawn."""
        assert self.draw is not None
        assert self.write is not None
        value, write = self.draw(generator), self.write
        return lambda: write(value)


def changes_of(model: nn.Module, structure: Structure, options: Options) -> Iterator[Change]:
    """Yield what becomes of each parameter of `model`: weights, biases and normalisations, then what is left."""
    parameters = dict(model.named_parameters(remove_duplicate=False))
    told: set[int] = set()
    for change in (*_of_layers(parameters, structure, options), *_of_norms(parameters, structure)):
        touched = parameters.get(change.parameter)
        if touched is None or id(touched) not in told:
            told.add(id(touched))
            yield change
    told |= {id(p) for layer in structure if layer.parametrized for p in layer.module.parameters()}
    for name, parameter in model.named_parameters():
        if id(parameter) not in told:
            yield Change(name, left="no layer's weight or bias, and no normalisation's")


def _of_layers(parameters: dict[str, Any], structure: Structure, options: Options) -> Iterator[Change]:
    for layer in structure:
        chosen = decision(layer, structure, options)
        yield _of_weight(layer, parameters.get(layer.weight), chosen)
        if layer.bias is not None and layer.kind != "recurrent":
            yield _constant(layer.bias, parameters[layer.bias], 0.0)
        elif layer.bias is not None:
            yield Change(layer.bias, left=chosen.why)


def _of_weight(layer: Layer, weight: Any, chosen: Decision) -> Change:
    left = _left(layer, weight, chosen)
    if left or chosen.std is None:
        return Change(layer.weight, left=left)
    current = layer.module.weight if weight is None else weight
    std = chosen.std

    def draw(generator: Any) -> Any:
        return _drawn(layer, current, std, chosen.law, generator)

    write = _into(current) if weight is not None else _through(layer.module)
    return Change(layer.weight, draw, write, _row(layer, current, chosen))


def _left(layer: Layer, weight: Any, chosen: Decision) -> str:
    """Return why a weight is left as it is, or nothing."""
    if chosen.std is None:
        return chosen.why
    if weight is None and not layer.parametrized:
        return "it is no parameter, but computed by a hook"
    if weight is not None and not weight.requires_grad:
        return _FROZEN
    if weight is None and not all(p.requires_grad for p in layer.module.parametrizations["weight"].parameters()):
        return _FROZEN
    return "its numbers are complex, for which no rule is derived" if weight is not None and weight.is_complex() else ""


def _drawn(layer: Layer, current: Any, std: float, law: Distribution, generator: Any) -> Any:
    import torch

    blocks = _blocks(layer) if law is Distribution.ORTHOGONAL else 1
    parts = [drawn(part, std, law, generator) for part in current.detach().chunk(blocks)]
    value = torch.cat(parts) if blocks > 1 else parts[0]
    padding = getattr(layer.module, "padding_idx", None)
    if layer.kind == "embedding" and padding is not None:
        value[padding] = 0
    return value


def _blocks(layer: Layer) -> int:
    """Return how many matrices lie above each other in a weight: groups, or queries, keys and values."""
    if layer.kind not in ("conv", "attention_in"):
        return 1
    return round(layer.shape[0] * math.prod(layer.shape[2:]) / layer.fan_out)


def _row(layer: Layer, current: Any, chosen: Decision) -> Setting:
    return Setting(
        layer=layer.name,
        parameter=layer.weight,
        kind=layer.kind,
        role=layer.role,
        fan_in=layer.fan_in,
        fan_out=layer.fan_out,
        follower="" if layer.follower is None else str(layer.follower),
        gain=chosen.gain,
        ids=chosen.ids,
        rule=chosen.rule,
        law=chosen.law,
        before=_spread(current.detach()),
        after=chosen.std,
        why=chosen.why,
    )


def _spread(values: Any) -> float:
    """Return the standard deviation, of half precision in single."""
    import torch

    precise = values if values.dtype in (torch.float32, torch.float64) else values.float()
    return float(precise.std(correction=0))


def _of_norms(parameters: dict[str, Any], structure: Structure) -> Iterator[Change]:
    scales = {name: structure.branches_at(residual) for residual in structure.residuals for name in residual.norms}
    for node in structure.flow:
        if node.op is not Op.NORM or node.module is None:
            continue
        if not _is_torchs(node.module):
            for name, _ in node.module.named_parameters():
                yield Change(f"{node.where}.{name}".lstrip("."), left=_FOREIGN)
            continue
        weight, bias = (f"{node.where}.{name}".lstrip(".") for name in ("weight", "bias"))
        if weight in parameters:
            yield _of_scale(node, weight, parameters[weight], scales.get(node.where))
        if bias in parameters:
            yield _constant(bias, parameters[bias], 0.0)
        if getattr(node.module, "running_mean", None) is not None:
            yield Change(node.where, lambda _: None, _afresh(node.module), statistics=True)


def _is_torchs(module: Any) -> bool:
    """Tell whether a normalisation is torch's, so that its weight is a factor and not, say, one less than it."""
    homes = {kind.__module__ for kind in type(module).__mro__ if kind.__name__ != "Module"}
    return any(home.startswith("torch.nn.modules.") for home in homes)


def _of_scale(node: Any, name: str, weight: Any, branches: int | None) -> Change:
    value = 1.0 if branches is None else 1 / math.sqrt(branches)
    change = _constant(name, weight, value)
    if change.left:
        return change
    setting = Setting(
        layer=node.where,
        parameter=name,
        kind=node.does,
        role="normalisation" if branches is None else "branch_end",
        fan_in=None,
        fan_out=None,
        follower="",
        gain=None,
        ids=() if branches is None else ("GD-0057",),
        rule="normalisation" if branches is None else "branch",
        law="constant",
        before=float(weight.detach().double().mean()),
        after=value,
        why=_PLAIN if branches is None else _ENDS.format(branches=branches),
    )
    return Change(name, change.draw, change.write, setting)


def _constant(name: str, parameter: Any, value: float) -> Change:
    import torch

    if not parameter.requires_grad:
        return Change(name, left=_FROZEN)
    return Change(name, lambda _: torch.full_like(parameter.detach(), value), _into(parameter))


def _afresh(module: Any) -> Callable[[Any], None]:
    """Return what forgets the running statistics, which were those of other weights."""

    def write(_: Any) -> None:
        module.reset_running_stats()

    return write


def _into(parameter: Any) -> Callable[[Any], None]:
    def write(value: Any) -> None:
        import torch

        with torch.no_grad():
            parameter.copy_(value)

    return write


def _through(module: Any) -> Callable[[Any], None]:
    """Return what puts a weight in place by way of its parametrization."""

    def write(value: Any) -> None:
        module.weight = value

    return write
