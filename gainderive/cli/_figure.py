"""``gainderive figure``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gainderive import files
from gainderive.cli._gains import with_settings


@click.command()
@click.argument("name", metavar="|".join(files.figures()))
@click.argument("what")
@click.option(
    "-o", "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File: .svg, .png or .pdf."
)
@with_settings
@click.option("--gain", multiple=True, metavar="G", help="Weight scale, or the criterion it solves; may be repeated.")
@click.option("--sigma-b", metavar="S", help="Standard deviation of the biases.")
@click.option("--start", metavar="Q", help="Second moment from which the length map is iterated.")
@click.option("--q", metavar="Q", help="Second moment of the preactivation.")
@click.option("--layers", metavar="N", help="Depth of the sampled network.")
@click.option("--width", metavar="N", help="Width of the sampled network.")
@click.option("--seed", metavar="N", help="Seed of the sampled network.")
@click.option(
    "--theme",
    type=click.Choice(["auto", "light", "dark"]),
    default="auto",
    show_default=True,
    help="Colours; auto: an SVG follows its reader, all else is light.",
)
def figure(
    name: str, what: str, out: Path, settings: dict[str, str], gain: tuple[str, ...], theme: Any, **options: str | None
) -> None:
    """Draw a figure of WHAT, a name or an expression in x, for a slide or a page.

    \b
    Example:
      gainderive figure cobweb tanh --gain 5/3 -o tanh.svg
      gainderive figure depth tanh --gain 1 --gain forward --gain 3 -o depth.pdf
      gainderive figure slope leaky_relu --set negative_slope=0.2 --q 4 --theme dark -o slope.png
    """
    from gainderive.render import figures

    given = {option: value for option, value in options.items() if value is not None}
    drawn = figures.figure(name, what, **settings, **given, **_scales(name, gain))
    drawn.save(out, theme)
    click.echo(drawn.alt)


def _scales(name: str, given: tuple[str, ...]) -> dict[str, Any]:
    """Return the gains under the name by which the figure takes them: one, or several."""
    from gainderive.render import figures

    if not given:
        return {}
    if "gains" in figures.options(name):
        return {"gains": given}
    if len(given) > 1:
        raise click.UsageError(f"the figure {name!r} takes one --gain at most, not {len(given)}")
    return {"gain": given[0]}
