"""``gainderive verify``, ``list``, ``show`` and ``cite``: what concerns published results."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

import click

from gainderive import digest

_COLOURS = {"proved": "green", "enclosed": "cyan", "estimated": "yellow", "sampled": "yellow"}


def _coloured(status: str) -> str:
    return click.style(status, fg=_COLOURS.get(status, "red"))


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME|ID]...")
@click.option("as_json", "--json", is_flag=True, help="Plain data.")
@click.pass_context
def verify(context: click.Context, names: tuple[str, ...], as_json: bool) -> None:
    """Gather the evidence for results or activations; for all results when none is named.

    Exits with 1 when a computed status is not the declared one, or torch says something else than declared.

    \b
    Example:
      gainderive verify relu GD-0008
      gainderive verify --json
    """
    from gainderive.verification import verify as evidence

    everything = not names
    if everything:
        from gainderive import files

        names = tuple(files.results())
    reports = []
    for name in _shown(names, everything):
        reports.append(evidence(name))
        if not as_json:
            click.echo(_summary(reports[-1]) if everything else f"{reports[-1]}\n")
    if as_json:
        click.echo(json.dumps([report.to_dict() for report in reports], indent=2, ensure_ascii=False))
    if not all(report.ok for report in reports):
        context.exit(1)


def _summary(report: Any) -> str:
    status = str(report.status or "refused")
    problems = "".join(f"\n  PROBLEM {problem}" for problem in report.problems)
    return f"{report.id}  {_coloured(status)}{' ' * (9 - len(status))}  {report.title}{problems}"


def _shown(names: tuple[str, ...], everything: bool) -> Iterable[str]:
    # A bar among lines of output on the same terminal would be torn; it belongs to stderr with stdout elsewhere.
    if not everything or sys.stdout.isatty():
        return names
    from tqdm import tqdm

    bar: Iterable[str] = tqdm(names, desc="verify", unit="result", file=sys.stderr, disable=None)
    return bar


@click.command("list")
@click.option("as_json", "--json", is_flag=True, help="Plain data.")
def list_(as_json: bool) -> None:
    """List all published results and all activations and units that have a name.

    \b
    Example:
      gainderive list
      gainderive list --json
    """
    from gainderive import activations, units

    named = {name: list(activations.load(name).aliases) for name in activations.names()}
    several = {name: list(units.load(name).aliases) for name in units.names()}
    results = [
        {key: record[key] for key in ("id", "title", "claim", "status", "settles")} for record in digest.records()
    ]
    if as_json:
        click.echo(
            json.dumps({"results": results, "activations": named, "units": several}, indent=2, ensure_ascii=False)
        )
        return
    for record in results:
        padding = " " * (9 - len(record["status"]))
        click.echo(f"{record['id']}  {_coloured(record['status'])}{padding}  {record['title']}")
    for heading, found in (("Activations", named), ("Units", several)):
        click.echo(f"\n{heading}: " + ", ".join(_with_aliases(name, aliases) for name, aliases in found.items()))


def _with_aliases(name: str, aliases: list[str]) -> str:
    return f"{name} ({', '.join(aliases)})" if aliases else name


@click.command()
@click.argument("key", metavar="ID|NAME")
def show(key: str) -> None:
    """Print a published result: claim, assumptions, checked steps, commentary, sources.

    \b
    Example:
      gainderive show GD-0005
    """
    from gainderive import catalog
    from gainderive.render import text

    click.echo(text.result(catalog.result(key)))


@click.command()
@click.argument("key", metavar="ID|NAME")
def cite(key: str) -> None:
    """Print the BibTeX entry of a published result.

    \b
    Example:
      gainderive cite GD-0005
    """
    from gainderive import catalog

    click.echo(catalog.cite(key))
