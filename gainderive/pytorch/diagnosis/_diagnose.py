"""The question that users ask of a model: what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gainderive.errors import BadModel, BadParameter, MissingExtra
from gainderive.pytorch.diagnosis._switch import Kind

if TYPE_CHECKING:
    from torch import nn

    from gainderive.pytorch.diagnosis._loss import Loss
    from gainderive.pytorch.diagnosis._report import Report


def diagnose(
    model: nn.Module,
    batch: Any,
    *,
    target: Any = None,
    loss: Loss | None = None,
    switch: Kind = True,
    seed: int = 0,
) -> Report:
    """Return what is wrong with a model at initialization, what that rests on, and what to do about it.

    The model runs forward twice and backward once on `batch` in the mode it is in, and comes back as it was to the last
    bit, also when it raises: parameters, buffers, gradients, modes, hooks, random states. Statistics are taken in
    passing, gradients are reduced to their norms at once; nothing of the size of the model is kept.

    Parameters
    ----------
    model : Module
        Any module whose activations are elementwise.
    batch : tensor, array, tuple, list or dict
        What its forward takes: one argument, several, or keyword arguments. Some dozen samples or more, inputs alone.
    target : tensor, optional
        For `loss`, as its second argument; without one, the cross entropy for integers, the squared error for others.
    loss : callable, optional
        From the output (and `target`) to a number. Without loss and target, gradients are those of the product of the
        output with a fixed random tensor, which tells gradients of different layers from each other as well.
    switch : bool or "layernorm"
        Whether to try the advice on a copy of the model, with standardised inputs, and with LayerNorm in front of each
        activation if asked. Models of more than 20 million parameters are not copied.
    seed : int
        Of the random tensor and of the new weights.

    Raises
    ------
    BadModel
        When it is no module, has no layers with weights, or its forward, the loss or the backward pass raises.
    BadParameter
        For a batch that is none.
    MissingExtra
        Without torch.

    Examples
    --------
    >>> import torch
    >>> _ = torch.manual_seed(0)
    >>> net = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.Tanh(), torch.nn.Linear(64, 10))
    >>> _ = torch.nn.init.normal_(net[0].weight)
    >>> worst = diagnose(net, torch.randn(256, 64)).findings[0]
    >>> worst.cause == "weights_too_large", worst.layer
    (True, '0')
    """
    try:
        import torch
    except ImportError as error:
        raise MissingExtra("the diagnosis of a model", "torch", "torch") from error
    if not isinstance(model, torch.nn.Module):
        raise BadModel(f"a model is a torch.nn.Module, not {type(model).__name__}")
    if switch not in (True, False, "layernorm"):
        raise BadParameter(f"switch is True, False or 'layernorm', not {switch!r}")
    from gainderive.pytorch.diagnosis._batch import batch_of
    from gainderive.pytorch.diagnosis._layer import reported
    from gainderive.pytorch.diagnosis._measure import measure
    from gainderive.pytorch.diagnosis._report import Report
    from gainderive.pytorch.diagnosis._switch import switched
    from gainderive.pytorch.diagnosis.causes import findings

    model = getattr(model, "_orig_mod", model)  # What torch.compile wraps.
    given = batch_of(batch, model)
    measured = measure(model, given, target, loss, seed)
    if not measured.layers:
        raise BadModel(f"{type(model).__name__} calls no layer with weights on this batch; there is nothing to judge")
    return Report(
        model=type(model).__name__,
        findings=findings(measured),
        layers=tuple(map(reported, measured.layers)),
        switch=switched(model, measured, given, target, loss, switch, seed) if switch else None,
        loss=measured.loss,
        remarks=measured.structure.remarks,
    )
