"""``gainderive build``."""

from __future__ import annotations

import click

from gainderive.cli._workers import with_workers


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False),
    default="build/site",
    show_default=True,
    help="Folder of the site; replaced as a whole.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when the site or the digest is not fresh.")
@click.option("--update-digest", is_flag=True, help="Write gainderive/digest.json too (in a clone of the repository).")
@with_workers
@click.pass_context
def build(context: click.Context, out: str, check: bool, update_digest: bool, workers: int | None) -> None:
    """Derive, verify and render every published result, activation, unit and claim into a site; redo only what changed.

    \b
    Example:
      gainderive build --out build/site
    """
    from pathlib import Path

    from gainderive.batch import cores
    from gainderive.cli import cli
    from gainderive.render import site

    if check and update_digest:
        raise click.UsageError("--check writes nothing, and --update-digest writes the digest; choose one")
    built = site.build(Path(out), check=check, workers=workers or cores(), progress=True, commands=cli)
    click.echo(
        f"{len(built.records)} results, {len(built.activations)} activations, {len(built.units)} units, "
        f"{len(built.claims)} claims, {len(built.derived)} derived, {len(built.changed)} files changed: {out}"
    )
    if update_digest and site.write_digest(built):
        click.echo("the digest was updated")
    elif not built.digest_is_fresh:
        click.echo("the digest is stale: gainderive build --update-digest", err=True)
    if check and (built.changed or not built.digest_is_fresh):
        context.exit(1)
