"""``gainderive diagnose``: what is wrong with a model, from the command line."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click

from gainderive.errors import BadModel, BadParameter, GainderiveError, MissingExtra


@click.command()
@click.argument("factory", metavar="MODULE:FACTORY")
@click.option(
    "--input",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The batch: a .npy file, or a .pt file with tensors. Without it the factory returns (model, batch).",
)
@click.option("as_json", "--json", is_flag=True, help="Plain data.")
@click.option("page", "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write the report as one page.")
@click.option("--no-switch", is_flag=True, help="Do not try the advice on a copy of the model.")
@click.option("--layernorm", is_flag=True, help="Try the advice with LayerNorm in front of every activation.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the synthetic loss and of the new weights.")
def diagnose(
    factory: str, file: Path | None, as_json: bool, page: Path | None, no_switch: bool, layernorm: bool, seed: int
) -> None:
    """Say what is wrong with the initialization of a PyTorch model, and what to do about it.

    FACTORY is a module, or a function without arguments that returns one; MODULE may be in the current folder.

    \b
    Example:
      gainderive diagnose mypackage.models:make --input batch.npy
      gainderive diagnose train:model --input batch.pt --html report.html
    """
    if no_switch and layernorm:
        raise click.UsageError("--no-switch and --layernorm contradict each other")
    model, batch = _model(factory)
    if file is not None:
        batch = _read(file)
    if batch is None:
        raise BadParameter(f"{factory} returns a model alone: give the batch with --input, or return (model, batch)")
    from gainderive.pytorch import diagnose as asked

    report = asked(model, batch, switch=False if no_switch else "layernorm" if layernorm else True, seed=seed)
    if page is not None:
        from gainderive import files

        files.write(page, report.to_html().encode())
    click.echo(report.to_json() if as_json else str(report))


def _model(named: str) -> tuple[Any, Any]:
    """Return the model that `named` stands for, and its batch if it brings one."""
    try:
        import torch
    except ImportError as error:
        raise MissingExtra("the diagnosis of a model", "torch", "torch") from error
    module, colon, attribute = named.partition(":")
    if not colon or not module or not attribute:
        raise BadModel(f"{named!r} is not of the form module:factory, such as mypackage.models:make")
    found = _imported(module)
    try:
        for part in attribute.split("."):
            found = getattr(found, part)
    except AttributeError:
        raise BadModel(f"{module} has no {attribute!r}") from None
    if callable(found) and not isinstance(found, torch.nn.Module):
        try:
            found = found()
        except Exception as error:
            raise BadModel(f"{named} raises {type(error).__name__}: {error}") from error
    model, batch = found if isinstance(found, tuple) and len(found) == 2 else (found, None)
    if not isinstance(model, torch.nn.Module):
        raise BadModel(f"{named} gives {type(model).__name__}, not a torch.nn.Module or (module, batch)")
    return model, batch


def _imported(name: str) -> Any:
    """Import a module as Python does from the current folder."""
    folder = os.getcwd()
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    except GainderiveError:
        raise
    except Exception as error:
        raise BadModel(f"{name} cannot be imported: {type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(folder)


def _read(path: Path) -> Any:
    """Return the batch in a file; nothing in it is executed."""
    import numpy as np

    if path.suffix not in (".npy", ".pt"):
        raise BadParameter(f"{path} ends in neither .npy nor .pt; save the batch with numpy.save or torch.save")
    try:
        if path.suffix == ".npy":
            return np.load(path, allow_pickle=False)
        import torch

        return torch.load(path, map_location="cpu", weights_only=True)
    except OSError:
        raise
    except Exception as error:
        raise BadParameter(f"{path} holds no batch: {str(error).splitlines()[0] if str(error) else error}") from error
