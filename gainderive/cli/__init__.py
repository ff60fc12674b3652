"""The command line: ``gainderive gain relu`` and its sisters.

Exit codes: 0; 1 when a verification contradicts what is declared, when a site or the digest is not fresh, or when
whoever reads the output went away; 2 for bad input, with one line on stderr; 130 when interrupted.

Only click and the standard library are imported before a command needs more, so a published gain is answered
from the digest without loading any computer algebra.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from gainderive import __version__
from gainderive.cli._build import build
from gainderive.cli._claims import claims
from gainderive.cli._diagnose import diagnose
from gainderive.cli._figure import figure
from gainderive.cli._gains import derive, gain, survey
from gainderive.cli._phase import phase
from gainderive.cli._results import cite, list_, show, verify
from gainderive.cli._slides import handbook, slides
from gainderive.errors import GainderiveError

__all__ = ["cli", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__)
def cli() -> None:
    """Derive, prove, enclose and verify the initialization gains of neural networks.

    \b
    Example:
      gainderive gain relu
      gainderive gain "tanh(x) + x/5" --criterion backward --digits 50
    """


for command in (
    gain,
    survey,
    derive,
    verify,
    phase,
    claims,
    diagnose,
    list_,
    show,
    cite,
    figure,
    slides,
    handbook,
    build,
):
    cli.add_command(command)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    color = False if os.environ.get("NO_COLOR") else None
    try:
        code = cli.main(args, prog_name="gainderive", standalone_mode=False, color=color) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        code = 2
    except click.ClickException as error:
        code = _refuse(error.format_message(), color)
    except GainderiveError as error:
        code = _refuse(str(error), color)
    except OSError as error:
        code = _refuse(str(error), color)
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        code = 130
    sys.exit(code)


def _refuse(message: str, color: bool | None) -> int:
    prefix = click.style("Error:", fg="red", bold=True)
    click.echo(f"{prefix} {' '.join(message.split())}", err=True, color=color)
    return 2
