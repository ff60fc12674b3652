"""The initialization of a whole model: planned, drawn, and only then written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gainderive.errors import BadParameter
from gainderive.pytorch.graph import Structure, structure
from gainderive.pytorch.initialization._changes import Change, changes_of
from gainderive.pytorch.initialization._options import Options, options
from gainderive.pytorch.initialization._plan import Plan

if TYPE_CHECKING:
    from torch import Generator, nn


def initialize_(
    model: nn.Module,
    example: Any = None,
    *,
    criterion: str = "forward",
    mode: str = "fan_in",
    distribution: str = "normal",
    convention: str = "follower",
    generator: Generator | None = None,
    dry_run: bool = False,
) -> Plan:
    r"""Set each layer of a model to ``Var W = g**2 / fan``, with the gain of the activation that follows it.

    Which activation that is, where branches of residual sums end, and what is an output is found by tracing the model.
    Biases become 0, the weights of normalisations 1. What is no weight of a layer is left as it is, and so is what is
    frozen. :func:`gainderive.pytorch.graph.structure` says what is seen, and the plan what follows.

    Parameters
    ----------
    model : Module
        It is changed in place, as a whole or, after an error, not at all.
    example : Tensor, tuple or mapping
        Inputs with which the model can be called: one, several, or named ones. They are looked at for their shapes
        alone. Without them ``torch.fx`` traces the model, which fails where the way depends on values.
    criterion : str
        One of the five meanings of the gain. Where an activation has no such gain, its forward gain is taken, and where
        it has several, the one nearest to that; the plan says so.
    mode : str
        ``"fan_in"``, ``"fan_out"`` or ``"fan_avg"``.
    distribution : str
        ``"normal"``, ``"uniform"``, ``"truncated_normal"`` (at two standard deviations, and corrected) or
        ``"orthogonal"``; all with the same second moment.
    convention : str
        ``"follower"``: a layer gets the gain of the activation behind it, as in He et al. 2015; ``"feeder"``: of the
        one that made its input. The two agree between equal activations. Only the second makes 1 the second moment
        of every preactivation, the first layer's and the output's included.
    generator : Generator
        Source of randomness; torch's global one by default.
    dry_run : bool
        Return the plan and change nothing.

    Returns
    -------
    Plan
        Layer by layer, what is set, by which rule, and why.

    Raises
    ------
    BadModel
        When the model is on the meta device, lazy, or raises for `example`.
    BadParameter, UnknownCriterion
        For options that do not exist.

    Examples
    --------
    >>> import torch
    >>> net = torch.nn.Sequential(torch.nn.Linear(100, 50), torch.nn.Tanh(), torch.nn.Linear(50, 10))
    >>> plan = initialize_(net, generator=torch.Generator().manual_seed(0))
    >>> plan["0"].id, round(plan["0"].after, 6), plan.biases
    ('GD-0008', 0.159254, ('0.bias', '2.bias'))
    >>> bool(net[0].bias.abs().max() == 0), abs(net[0].weight.std().item() - 0.159254) < 0.005
    (True, True)
    """
    chosen = options(criterion, mode, distribution, convention)
    args, kwargs = _given(example)
    found = structure(model, *args, **kwargs)
    _check_generator(generator)
    changes = tuple(changes_of(model, found, chosen))
    plan = _plan(found, chosen, changes, applied=not dry_run)
    if not dry_run:
        # Everything is drawn before anything is written, so that an error leaves the model as it is.
        for write in [change.drawn(generator) for change in changes if change.draw is not None]:
            write()
    return plan


def _given(example: Any) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
    if example is None:
        return (), {}
    if isinstance(example, Mapping):
        return (), example
    return tuple(example) if isinstance(example, (tuple, list)) else (example,), {}


def _check_generator(generator: Any) -> None:
    import torch

    if generator is not None and not isinstance(generator, torch.Generator):
        kind = type(generator).__name__
        raise BadParameter(f"generator is a torch.Generator, such as torch.Generator().manual_seed(0), not {kind}")


def _plan(found: Structure, chosen: Options, changes: tuple[Change, ...], *, applied: bool) -> Plan:
    constants = [change for change in changes if change.setting is None and change.draw is not None]
    return Plan(
        model=found.model,
        how=found.how,
        applied=applied,
        criterion=chosen.criterion,
        mode=chosen.mode,
        convention=chosen.convention,
        settings=tuple(change.setting for change in changes if change.setting is not None),
        biases=tuple(change.parameter for change in constants if not change.statistics),
        statistics=tuple(change.parameter for change in constants if change.statistics),
        left=tuple(f"{change.parameter}: {change.left}" for change in changes if change.left),
        remarks=found.remarks,
    )
