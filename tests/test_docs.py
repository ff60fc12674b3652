"""Every Python example in the hand-written pages runs as printed, and every command that they show is understood."""

import doctest
import itertools
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import gainderive
from gainderive import catalog, files
from gainderive.cli import cli
from gainderive.render import api, beside
from gainderive.verification import verify

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(page for page in DOCS.rglob("*.md") if "notebooks" not in page.relative_to(DOCS).parts)
EXAMPLE = re.compile(r"^( *)```python\n(.*?)^\1```", flags=re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (gainderive\b.*?)(?:  #.*)?$|`(gainderive [^`]+)`", flags=re.MULTILINE)


def examples(page: str) -> list[str]:
    """Return the blocks of a page that show a session."""
    return [block for _, block in EXAMPLE.findall(page) if ">>>" in block]


def failures(page: str, name: str) -> int:
    """Run the examples of a page in one namespace; return how many differ from what is printed."""
    joined = "\n\n".join(examples(page))
    test = doctest.DocTestParser().get_doctest(joined, {}, name, name, 0)
    return doctest.DocTestRunner().run(test).failed


def _name(page: Path) -> str:
    return str(page.relative_to(DOCS))


@pytest.mark.parametrize("page", [p for p in PAGES if examples(p.read_text(encoding="utf-8"))], ids=_name)
def test_every_example_runs_as_printed(page: Path) -> None:
    assert failures(page.read_text(encoding="utf-8"), _name(page)) == 0


def test_a_spoiled_example_is_noticed() -> None:
    page = "```python\n>>> 1 + 1\n2\n```\n\n    ```python\n    >>> 1 + 1\n    3\n    ```\n"
    assert len(examples(page)) == 2
    assert failures(page, "spoiled") == 1


def commands(page: str) -> Iterator[list[str]]:
    """Yield the command lines that a page shows, in blocks and in the text, split into arguments."""
    for block, inline in COMMAND.findall(page):
        yield shlex.split(block or inline.replace("\n", " "))


def understood(arguments: list[str]) -> None:
    """Parse a command line as the program does, without doing what it says; raise what the program would."""
    _, name, *rest = arguments
    if name not in cli.commands:
        raise click.UsageError(f"there is no command {name}")
    cli.commands[name].make_context(name, rest)


SHOWING = [*PAGES, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
SHOWN = sorted(
    {tuple(c) for page in SHOWING for c in commands(page.read_text(encoding="utf-8")) if c[1:] != ["--help"]}
)


@pytest.mark.parametrize("arguments", SHOWN, ids=" ".join)
def test_every_command_shown_is_understood(arguments: tuple[str, ...]) -> None:
    understood(list(arguments))


def test_teachers_see_every_kind_of_figure() -> None:
    page = (DOCS / "teaching" / "index.md").read_text(encoding="utf-8")
    assert {c[2] for c in commands(page) if c[1] == "figure"} == set(files.figures())


@pytest.mark.parametrize(
    "line", ["gainderive gian relu", "gainderive gain relu --digit", "gainderive figure tanh -o a.svg"]
)
def test_a_spoiled_command_is_noticed(line: str) -> None:
    with pytest.raises(click.UsageError):
        understood(shlex.split(line))


def test_authors_read_of_every_field_beside_a_result() -> None:
    result = catalog.result("GD-0004")
    fields = json.loads(beside.beside(result, verify(result))["GD-0004.json"])
    page = (DOCS / "authors" / "numbers.md").read_text(encoding="utf-8")
    terms = re.findall(r"^(`.*`)\n: ", page.split("## From a page")[1].split("\n## ")[0], flags=re.MULTILINE)
    assert sorted(name for term in terms for name in re.findall(r"`(\w+)`", term)) == sorted(fields)


def test_the_reference_shows_every_public_name_once() -> None:
    pages = api.pages(cli)
    for name in itertools.chain.from_iterable(gainderive.public_objects().values()):
        directive = re.compile(rf"auto\w+:: gainderive\.{name}$", flags=re.MULTILINE)
        assert sum(len(directive.findall(page)) for page in pages.values()) == 1, name


def test_the_reference_shows_every_command_as_it_explains_itself() -> None:
    page = api.pages(cli)["api/cli"]
    assert [f"## gainderive {name}" in page for name in cli.commands] == [True] * len(cli.commands)
    assert "Weight scale, or the criterion it solves" in page
