"""``gainderive verify``, ``list``, ``show`` and ``cite``: what concerns published results."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

import click

from gainderive import digest
from gainderive.cli._workers import with_workers

_COLOURS = {"proved": "green", "enclosed": "cyan", "estimated": "yellow", "sampled": "yellow"}


def _coloured(status: str) -> str:
    return click.style(status, fg=_COLOURS.get(status, "red"))


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME|ID]...")
@with_workers
@click.option("as_json", "--json", is_flag=True, help="Plain data.")
@click.pass_context
def verify(context: click.Context, names: tuple[str, ...], workers: int | None, as_json: bool) -> None:
    """Gather the evidence for results or activations.

    When none is named: for all results, and for the forward gain of every activation and unit that no result settles.

    Exits with 1 when a computed status is not the declared one, or torch says something else than declared.

    \b
    Example:
      gainderive verify relu GD-0008
      gainderive verify --json
    """
    from gainderive.batch import cores, mapped

    everything = not names
    chosen = names or _all_names()
    # A bar among lines of output on the same terminal would be torn; it belongs to stderr with stdout elsewhere.
    bar = everything and not sys.stdout.isatty()
    reports = []
    gather = _gathered_if_any if everything else _gathered
    for report in mapped(gather, chosen, workers or cores(), progress=bar, what="verify", unit="gain"):
        if report is None:
            continue
        reports.append(report)
        if not as_json:
            click.echo(_summary(report) if everything else f"{report}\n")
    if as_json:
        click.echo(json.dumps([report.to_dict() for report in reports], indent=2, ensure_ascii=False))
    if not all(report.ok for report in reports):
        context.exit(1)


def _all_names() -> tuple[str, ...]:
    from gainderive import files

    entries = (*files.activations(), *files.units())
    return (*files.results(), *(name for name in entries if not digest.settling(name, "forward")))


def _gathered(name: str) -> Any:
    """Return the evidence of one result or gain; a function of the module, so that a process can call it."""
    from gainderive import catalog, verification
    from gainderive.errors import WithdrawnResult

    try:
        return verification.verify(name)
    except WithdrawnResult:
        return _NothingToVerify(catalog.find(name))


@dataclass(frozen=True)
class _NothingToVerify:
    """What stands in place of a report for a withdrawn result: nothing is claimed, so nothing contradicts it."""

    withdrawn: Any
    ok = True
    status = "withdrawn"
    problems = ()

    @property
    def id(self) -> str:
        return str(self.withdrawn.id)

    @property
    def title(self) -> str:
        return str(self.withdrawn.says)

    def to_dict(self) -> dict[str, Any]:
        nothing: dict[str, Any] = {"declared": None, "status": self.status, "ok": True, "rows": [], "problems": []}
        return {"id": self.id, "title": self.withdrawn.title, **nothing, "says": self.title}

    def __str__(self) -> str:
        return self.title


def _gathered_if_any(name: str) -> Any:
    """Return the evidence, or ``None`` for what has no forward gain: nothing is claimed of it."""
    from gainderive.facade import Gains

    try:
        return _gathered(name)
    except Gains.ANSWERS:
        return None


def _summary(report: Any) -> str:
    status = str(report.status or "refused")
    problems = "".join(f"\n  PROBLEM {problem}" for problem in report.problems)
    return f"{report.id or '-':<7}  {_coloured(status)}{' ' * (9 - len(status))}  {report.title}{problems}"


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
        {key: record[key] for key in ("id", "title", "claim", "status", "settles")} | _why(record)
        for record in digest.records()
    ]
    if as_json:
        click.echo(
            json.dumps({"results": results, "activations": named, "units": several}, indent=2, ensure_ascii=False)
        )
        return
    for record in results:
        padding = " " * (9 - len(record["status"]))
        why = f": {record['because']}" if "because" in record else ""
        click.echo(f"{record['id']}  {_coloured(record['status'])}{padding}  {record['title']}{why}")
    for heading, found in (("Activations", named), ("Units", several)):
        click.echo(f"\n{heading}: " + ", ".join(_with_aliases(name, aliases) for name, aliases in found.items()))


def _why(record: dict[str, Any]) -> dict[str, Any]:
    """Return why a result was withdrawn; nothing for one that stands."""
    return {key: record[key] for key in ("because", "since", "replaced_by") if key in record}


def _with_aliases(name: str, aliases: list[str]) -> str:
    return f"{name} ({', '.join(aliases)})" if aliases else name


@click.command()
@click.argument("key", metavar="ID|NAME")
@click.option("--checks", is_flag=True, help="Say how each step was checked, and what if an assumption fails.")
def show(key: str, checks: bool) -> None:
    """Print a published result: claim, assumptions, checked steps, commentary, sources; a withdrawn one says why.

    \b
    Example:
      gainderive show GD-0005
      gainderive show GD-0005 --checks
    """
    from gainderive import catalog
    from gainderive.render import text

    click.echo(text.published(catalog.find(key), checks=checks))


@click.command()
@click.argument("keys", metavar="ID|NAME...", nargs=-1, required=True)
@click.option("form", "--format", default="bibtex", show_default=True, help="bibtex, csl-json, or text (a line each).")
def cite(keys: tuple[str, ...], form: str) -> None:
    """Print how published results are cited, with the version and the digest of each derivation.

    \b
    Example:
      gainderive cite GD-0005
      gainderive cite GD-0005 GD-0008 --format csl-json
    """
    from gainderive import catalog

    click.echo(catalog.cite(keys, form))
