"""``gainderive claims``: what people say about initialization, and whether it is so."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from gainderive import digest

_COLOURS = {"true": "green", "imprecise": "yellow", "folklore": "magenta", "false": "red"}
"""Of each verdict, on a terminal."""


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--verdict", "wanted", type=click.Choice(list(_COLOURS)), help="Only those with this verdict.")
@click.option("--check", is_flag=True, help="Compute all anew; exit with 1 when a record is not what comes out.")
@click.option("--json", "as_json", is_flag=True, help="Plain data.")
@click.pass_context
def claims(context: click.Context, ids: tuple[str, ...], wanted: str | None, check: bool, as_json: bool) -> None:
    """Say which sentences about initialization are true, imprecise, folklore or false.

    Without an ID the verdicts are those of the committed digest. With one or more (D24, or its number alone) they are
    computed, and shown with all that led to them.

    \b
    Example:
      gainderive claims --verdict false
      gainderive claims D24
    """
    records = _computed(ids) if ids or check else _known()
    chosen = [record for record in records if wanted in (None, record["verdict"])]
    stale = [record["id"] for record in chosen if check and digest.claim(record["id"]) != _without_samples(record)]
    if as_json:
        click.echo(json.dumps(chosen, indent=2, ensure_ascii=False))
    elif ids:
        click.echo("\n\n".join(map(_story, chosen)))
    else:
        click.echo("\n".join(map(_line, chosen)))
    if stale:
        click.echo(f"the digest is stale for {', '.join(stale)}: gainderive build --update-digest", err=True)
        context.exit(1)


def _known() -> list[dict[str, Any]]:
    """Return the records of all claims that have a file; one that has no record yet is computed."""
    from gainderive import files

    held = {id: digest.claim(id) for id in files.claims()}
    return [record or _computed((id,))[0] for id, record in held.items()]


def _computed(ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return what is computed for the claims called `ids`; for all, where none is named."""
    from gainderive import ledger

    found = ledger.claims()
    return [found[id].to_dict() for id in dict.fromkeys(ids or found.ids)]


def _without_samples(record: Mapping[str, Any]) -> Mapping[str, Any]:
    from gainderive import ledger

    found: Mapping[str, Any] = ledger.claims()[record["id"]].to_record()
    return found


def _line(record: Mapping[str, Any]) -> str:
    return f"{record['id']:<5} {_coloured(record['verdict'], 9)}  {record['says']}"


def _coloured(verdict: str, width: int = 0) -> str:
    return click.style(verdict, fg=_COLOURS[verdict]) + " " * (width - len(verdict))


def _story(record: Mapping[str, Any]) -> str:
    """Return all that is known of a claim."""
    parts = [f"{record['id']}  {_coloured(record['verdict'])}  {record['says']}"]
    parts += [f"    part {_coloured(verdict, 9)}  {part}" for part, verdict in record["parts"].items()]
    parts += ["", "Computed:", *map(_row, record["evidence"])]
    for heading, sentence in (("Correct", record["corrected"]), ("Remark", record["remark"])):
        parts += ["", f"{heading}: {sentence}"] if sentence else []
    parts += ["", "Said by:", *(f"  - {_source(source)}" for source in record["who"])]
    parts += ["", f"Results: {', '.join(record['results'])}"] if record["results"] else []
    return "\n".join(parts)


def _row(row: Mapping[str, Any]) -> str:
    answer = {None: "", True: "holds; ", False: "fails; "}[row["holds"]]
    reading = f"{row['reading']}: " if row["reading"] else ""
    how = f" ({row['how']})" if row["how"] else ""
    return f"  - {reading}{row['what']}: {row['value']}\n      {answer}{row['status']}{how}"


def _source(source: Mapping[str, str]) -> str:
    return f"{source['text']} <{source['link']}>" if source["link"] else source["text"]
