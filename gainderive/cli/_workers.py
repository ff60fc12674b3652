"""The option that all batch work has."""

from __future__ import annotations

import click

with_workers = click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Number of processes; as many as there are processors unless told otherwise.",
)
