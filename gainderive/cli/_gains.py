"""``gainderive gain`` and ``gainderive derive``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import click

from gainderive import digest
from gainderive.cli._workers import with_workers
from gainderive.errors import GainderiveError

_DEFAULT_DIGITS = 15


def _settings(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for setting in given:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise click.BadParameter(f"{setting!r} is not of the form name=value, such as negative_slope=0.2")
        if name.strip() in values:
            raise click.BadParameter(f"{name.strip()} is set twice")
        values[name.strip()] = value.strip()
    return values


with_settings = click.option(
    "settings",
    "--set",
    multiple=True,
    metavar="NAME=VALUE",
    callback=_settings,
    help="A parameter's value, such as negative_slope=0.2 or alpha=1/3; may be repeated.",
)


def _about_a_gain(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what names a gain: activation, criterion, parameters."""
    for decorate in (
        with_settings,
        click.option(
            "--criterion",
            default="forward",
            show_default=True,
            help="What the gain keeps: forward, centered, activation, backward or linearized.",
        ),
        click.argument("what"),
    ):
        command = decorate(command)
    return command


@click.command()
@_about_a_gain
@click.option("--digits", type=int, default=_DEFAULT_DIGITS, show_default=True, help="Digits of the rigorous interval.")
@click.option("every", "--all", is_flag=True, help="All five criteria.")
@click.option("as_json", "--json", is_flag=True, help="Plain data; numbers that a double would round are strings.")
def gain(what: str, criterion: str, settings: dict[str, str], digits: int, every: bool, as_json: bool) -> None:
    """Print the gain of WHAT: a name, or an expression in x.

    \b
    Example:
      gainderive gain relu
      gainderive gain leaky_relu --set negative_slope=0.2 --json
      gainderive gain "tanh(x) + x/5" --criterion backward --digits 50
    """
    # An unknown criterion has no entry, and is refused by the facade.
    known = digest.answers(what.strip()) if not settings and digits == _DEFAULT_DIGITS else None
    if every:
        click.echo(_all(known or _computed(what, settings, digits), as_json))
        return
    found = known.get(criterion) if known else None
    if found is None:
        from gainderive import facade

        found = facade.gain(what, criterion, digits=digits, **settings).to_dict()
    if isinstance(found, GainderiveError):
        raise found
    click.echo(_json(found) if as_json else _line(found, digits))


def _line(found: Mapping[str, Any], digits: int) -> str:
    ball = found["enclosure"]
    if digits == _DEFAULT_DIGITS or ball is None:
        return digest.describe(found)
    return f"{digest.describe(found)}\n[{ball['lower']}, {ball['upper']}]"


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)


def _computed(what: str, settings: Mapping[str, str], digits: int) -> dict[str, digest.Answer]:
    from gainderive import facade

    found = facade.gains(what, digits=digits, **settings)
    return {str(c): a if isinstance(a, GainderiveError) else a.to_dict() for c, a in found.items()}


def _all(found: Mapping[str, digest.Answer], as_json: bool) -> str:
    if not as_json:
        lines = {c: str(a) if isinstance(a, GainderiveError) else digest.describe(a) for c, a in found.items()}
        return digest.describe_all(lines)
    plain = {
        c: {"error": type(a).__name__, "message": str(a)} if isinstance(a, GainderiveError) else a
        for c, a in found.items()
    }
    return _json(plain)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME|EXPRESSION]...")
@click.option(
    "--digits", type=int, default=_DEFAULT_DIGITS, show_default=True, help="Digits of the rigorous intervals."
)
@with_workers
@click.option("as_json", "--json", is_flag=True, help="Plain data; numbers that a double would round are strings.")
def survey(names: tuple[str, ...], digits: int, workers: int | None, as_json: bool) -> None:
    """Derive, enclose and check all five gains of many activations; of every known one when none is named.

    \b
    Example:
      gainderive survey
      gainderive survey relu gelu "tanh(x) + x/5" --json
    """
    from gainderive import facade
    from gainderive.batch import cores

    found = facade.survey(names or None, digits=digits, workers=workers or cores(), progress=True)
    click.echo(_json(found.to_dict()) if as_json else str(found))


@click.command()
@_about_a_gain
@click.option(
    "form",
    "--format",
    type=click.Choice(["text", "markdown", "latex", "typst"]),
    default="text",
    show_default=True,
    help="How formulas are written.",
)
@click.option("--checks", is_flag=True, help="Say of each step how it was checked; with --format text.")
def derive(what: str, criterion: str, settings: dict[str, str], form: str, checks: bool) -> None:
    """Print the derivation of a gain, every step checked; parameters stay symbolic unless set.

    \b
    Example:
      gainderive derive leaky_relu
      gainderive derive selu --criterion backward --format markdown
    """
    from gainderive import facade
    from gainderive.render import text

    if checks and form != "text":
        raise click.UsageError(f"--checks belongs to --format text, not to {form}")
    derivation = facade.derive(what, criterion, **settings)
    derivation.check()
    match form:
        case "markdown":
            click.echo(derivation.to_markdown(), nl=False)
        case "latex":
            click.echo(derivation.to_latex())
        case "typst":
            click.echo(f"$ {derivation.to_typst()} $")
        case _:
            click.echo(text.derivation(derivation, checks=checks))
