"""The API reference: a page for each room that has public names, and one for the command line, as MyST sources.

Which names are public is read from the roof, ``gainderive/__init__.py``, and their text from the docstrings, by
Sphinx's autodoc; commands and options are read from the click commands themselves. Nothing is listed a second time.

>>> from gainderive.cli import cli
>>> "api/cli" in pages(cli)
True
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import click

from gainderive import public_objects

FOLDER = "api"
"""Folder of the pages in the site."""
_WIDTH = 88
"""Columns of a command's help."""
_COMMAND_LINE = "The command line"


def pages(commands: click.Group | None) -> dict[str, str]:
    """Return the source of every page of the reference by its docname.

    Parameters
    ----------
    commands : click.Group or None
        The command line's root, whose page is left out without it. It is passed in, because the room of the command
        line stands above this one.
    """
    rooms = public_objects()
    of_rooms = {f"{FOLDER}/{room}": _room(room, objects) for room, objects in rooms.items()}
    of_commands = {} if commands is None else {f"{FOLDER}/cli": _command_line(commands)}
    return {f"{FOLDER}/index": _index(rooms), **of_rooms, **of_commands}


def _index(rooms: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        f"* - {{doc}}`{room} </{FOLDER}/{room}>`\n  - {', '.join(f'{{py:obj}}`gainderive.{name}`' for name in names)}"
        for room, names in rooms.items()
    ]
    return "\n".join(
        [
            "# Reference",
            "",
            "What `import gainderive` offers, by the room of the library in which it lives; all of it is called",
            "`gainderive.<name>`, whatever its room. Every example on these pages is run by the tests.",
            "The activations and units are data: the {doc}`table of all </activations/index>` leads to them.",
            "",
            ":::{list-table}",
            ":header-rows: 1",
            "",
            "* - Room",
            "  - Public names",
            *rows,
            ":::",
            "",
            f"The same from a shell: {{doc}}`/{FOLDER}/cli`.",
            "",
            ":::{toctree}",
            ":hidden:",
            "",
            *rooms,
            "cli",
            ":::",
            "",
        ]
    )


def _room(room: str, objects: Mapping[str, Any]) -> str:
    directives = [_directive(f"gainderive.{name}", documented) for name, documented in objects.items()]
    body = "\n\n".join([f".. automodule:: gainderive.{room}\n   :no-members:", *directives])
    return f"# {room}\n\n```{{eval-rst}}\n{body}\n```\n"


def _directive(name: str, documented: Any) -> str:
    if inspect.ismodule(documented):
        return f".. automodule:: {name}\n   :members:"
    if not inspect.isclass(documented):
        return f".. autofunction:: {name}"
    if issubclass(documented, Exception):
        return f".. autoexception:: {name}\n   :show-inheritance:"
    return f".. autoclass:: {name}\n   :members:"


def _command_line(commands: click.Group) -> str:
    intro = (
        "What each command says with `--help`. The answers' exit codes: 0; 1 when evidence contradicts what is "
        "declared or a record is stale; 2 for bad input, with one line that says what to do."
    )
    return "\n\n".join([f"# {_COMMAND_LINE}", intro, *_helps(commands, "gainderive")]) + "\n"


def _helps(command: click.Command, path: str, parent: click.Context | None = None) -> Iterator[str]:
    """Yield a section for a command and for everything below it, as they print it themselves."""
    context = command.make_context(path.split()[-1], [], parent=parent, resilient_parsing=True)
    context.terminal_width = _WIDTH
    yield f"## {path}\n\n```console\n$ {path} --help\n{command.get_help(context).rstrip()}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None and not below.hidden:
                yield from _helps(below, f"{path} {name}", context)
