"""``gainderive phase``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gainderive.cli._gains import with_settings
from gainderive.cli._workers import with_workers
from gainderive.errors import BadParameter


@click.command()
@click.argument("what")
@with_settings
@click.option("--sigma-w", required=True, metavar="A:B:N", help="N weight scales from A to B, or one number.")
@click.option("--sigma-b", default="0", show_default=True, metavar="A:B:N", help="Bias scales, likewise.")
@click.option("--start", default="1", show_default=True, metavar="Q", help="Second moment of the first preactivations.")
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File: .npz for the numbers, .svg, .png or .pdf.",
)
@click.option(
    "--checkpoint", type=click.Path(dir_okay=False, path_type=Path), help="File from which a broken sweep goes on."
)
@click.option("--scheduler", metavar="ADDRESS", help="Of a Dask scheduler whose workers compute.")
@with_workers
@click.option("--json", "as_json", is_flag=True, help="Plain data.")
def phase(
    what: str,
    settings: dict[str, str],
    sigma_w: str,
    sigma_b: str,
    start: str,
    out: Path | None,
    checkpoint: Path | None,
    scheduler: str | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Where deep networks with the activation WHAT go: fixed points and phases on a grid of scales.

    \b
    Example:
      gainderive phase tanh --sigma-w 0.5:3:64 --sigma-b 0:1:64 -o tanh.svg
      gainderive phase gelu --sigma-w 1:2:101 --sigma-b 0.1 --json
    """
    from gainderive import meanfield

    if out is not None and out.suffix not in (".npz", ".svg", ".png", ".pdf"):
        raise click.UsageError(f"{out}: a diagram is written as .npz, .svg, .png or .pdf")
    if out is not None and out.suffix != ".npz":
        from gainderive.render.phase_diagram import picture
    found = meanfield.phase(
        what,
        _numbers(sigma_w, "--sigma-w"),
        _numbers(sigma_b, "--sigma-b"),
        start=start,
        workers=_client(scheduler) if scheduler else workers or 1,
        checkpoint=checkpoint,
        progress=True,
        **settings,
    )
    if out is not None and out.suffix == ".npz":
        found.save(out)
    elif out is not None:
        picture(found).save(out)
    click.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False) if as_json else str(found))


def _numbers(text: str, name: str) -> list[float]:
    """Return the numbers that ``A:B:N`` or a single number stands for."""
    import numpy as np

    from gainderive import numbers

    parts = text.split(":")
    if len(parts) not in (1, 3):
        raise BadParameter(f"{name} must be a number, or A:B:N for N numbers from A to B, not {text!r}")
    ends = [float(numbers.exact(part, name)) for part in parts[:2]]
    if len(parts) == 1:
        return ends
    count = numbers.exact(parts[2], name)
    if not (count.is_Integer and 1 <= int(count) <= 100_000):
        raise BadParameter(f"{name}: the number of scales must be an integer between 1 and 100000, not {parts[2]}")
    scales: list[float] = np.linspace(ends[0], ends[1], int(count)).tolist()
    return scales


def _client(address: str) -> object:
    from gainderive.errors import MissingExtra

    try:
        from distributed import Client
    except ImportError:
        raise MissingExtra("a Dask scheduler", "dask[distributed]", "cluster") from None
    return Client(address)
