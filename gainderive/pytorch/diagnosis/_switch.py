"""The switch test: the same model, re-initialised as advised, on standardised inputs."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from gainderive.errors import GainderiveError
from gainderive.pytorch.diagnosis._batch import Batch, standardised
from gainderive.pytorch.diagnosis._layer import reported
from gainderive.pytorch.diagnosis._loss import Loss
from gainderive.pytorch.diagnosis._measure import Measurement, measure
from gainderive.pytorch.diagnosis._records import LayerReport
from gainderive.pytorch.initialization import initialize_

if TYPE_CHECKING:
    from torch import nn

LARGEST = 20_000_000
"""Parameters up to which a copy of the model is made; larger models are to be re-initialised by their owner."""

Kind = bool | Literal["layernorm"]


@dataclass(frozen=True)
class Switch:
    """What became of the model when it was switched to the advice.

    Attributes
    ----------
    what : str
        What was changed.
    layers : tuple of LayerReport
        The same layers afterwards; empty where the test was not made.
    skipped : str
        Why it was not made; empty if it was.
    """

    what: str
    layers: tuple[LayerReport, ...] = ()
    skipped: str = ""


def switched(
    model: nn.Module, before: Measurement, batch: Batch, target: Any, loss: Loss | None, kind: Kind, seed: int
) -> Switch:
    """Return the switch test of a model; the model itself is not touched."""
    import torch

    what = "re-initialised by gainderive.pytorch.initialize_, on standardised inputs"
    if kind == "layernorm":
        what += ", with LayerNorm in front of every activation"
    size = sum(parameter.numel() for parameter in model.parameters())
    if size > LARGEST:
        return Switch(
            what,
            skipped=f"the model has {size:,} parameters, and only up to {LARGEST:,} are copied: apply "
            "gainderive.pytorch.initialize_ to it and call diagnose again",
        )
    try:
        twin = copy.deepcopy(model)
    except Exception as error:
        return Switch(what, skipped=f"the model cannot be copied ({type(error).__name__}: {error})")
    generator = torch.Generator(device=next(twin.parameters()).device).manual_seed(seed)
    try:
        example = batch.mapped(lambda values: values.detach().clone())  # A model may write to what it is given.
        initialize_(twin, example.kwargs or example.args, generator=generator)
        if kind == "layernorm":
            _normalise(twin, before)
        after = measure(twin, standardised(batch), target, loss, seed)
    except GainderiveError as error:
        return Switch(what, skipped=str(error))
    return Switch(what, tuple(map(reported, after.layers)))


def _normalise(twin: nn.Module, before: Measurement) -> None:
    """Standardise each sample's preactivations behind every layer that has an activation."""
    from torch.nn import functional

    def over_units(module: Any, given: Any, output: Any) -> Any:
        return functional.layer_norm(output, output.shape[-1:])

    def over_channels(module: Any, given: Any, output: Any) -> Any:
        return functional.group_norm(output, 1)

    for measured in before.layers:
        layer = measured.place.layer
        if layer.follower is not None and layer.kind in ("linear", "conv"):
            hook = over_units if layer.kind == "linear" else over_channels
            twin.get_submodule(layer.name).register_forward_hook(hook)
