"""``gainderive slides`` and ``gainderive handbook``: what is shown in a lecture, and what is read afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gainderive.cli._workers import with_workers

if TYPE_CHECKING:
    from pathlib import Path

_TO_FILE = click.option(
    "out", "-o", "--output", required=True, metavar="FILE", type=click.Path(dir_okay=False), help="Where to write."
)


@click.command()
@click.argument("keys", nargs=-1, required=True, metavar="[ID|NAME|EXPRESSION]...")
@_TO_FILE
@click.option("--title", default="", help="Of the lecture; otherwise that of its only result.")
@click.option(
    "--notes",
    is_flag=True,
    help="Also write the speaker's notes beside the slides: FILE-notes.pdf with each slide above its notes, and "
    "FILE.pdfpc for presenter consoles. LaTeX has them inside.",
)
def slides(keys: tuple[str, ...], out: str, title: str, notes: bool) -> None:
    """Write slides on results or gains, 16:9: a PDF, or LaTeX for beamer where the file ends in .tex.

    Claim and assumptions, the activation's plot, the derivation line by line, the evidence, sources. Every step and
    number is checked first. A PDF needs no TeX.

    \b
    Example:
      gainderive slides GD-0005 GD-0008 -o lecture.pdf --notes
      gainderive slides gelu "tanh(x) + x/5" -o lecture.pdf --title "Two gains"
      gainderive slides GD-0005 -o lecture.tex
    """
    from pathlib import Path

    path = Path(out)
    if path.suffix not in (".pdf", ".tex"):
        raise click.UsageError(f"{path.name} ends neither in .pdf nor in .tex, so its form is not known")
    if path.suffix == ".tex" and notes:
        raise click.UsageError(r"LaTeX has the notes inside, as \note; leave --notes out")
    from gainderive.render.topic import topic

    topics = [topic(key) for key in dict.fromkeys(keys)]
    if path.suffix == ".tex":
        from gainderive.render.beamer import beamer

        _write({path: beamer(topics, title).encode()})
        return
    from gainderive.render import typst

    made: dict[Path, bytes] = {path: typst.slides(topics, title)}
    if notes:
        made[path.with_name(f"{path.stem}-notes.pdf")] = typst.notes(topics, title)
        made[path.with_suffix(".pdfpc")] = typst.pdfpc(topics, title).encode()
    _write(made)


@click.command()
@_TO_FILE
@with_workers
def handbook(out: str, workers: int | None) -> None:
    """Write the handbook: a PDF of all published results, each derived and verified first.

    \b
    Example:
      gainderive handbook -o handbook.pdf
    """
    from pathlib import Path

    from gainderive import catalog, files
    from gainderive.batch import cores, mapped
    from gainderive.render import typst

    ids = tuple(files.results())
    gathered = mapped(_verified, ids, workers or cores(), progress=True, what="verify", unit="result")
    found = zip(map(catalog.find, ids), gathered, strict=True)
    _write(
        {Path(out): typst.handbook(typst.section(published, verification, ids) for published, verification in found)}
    )


def _verified(id: str) -> Any:
    """Return the evidence of a result, which nothing may contradict; of the module, so that a process can call it."""
    from gainderive import catalog
    from gainderive.catalog import Withdrawn
    from gainderive.errors import BadResult
    from gainderive.verification import verify

    if isinstance(catalog.find(id), Withdrawn):
        return None
    verification = verify(id)
    if not verification.ok:
        raise BadResult(f"{id}: {'; '.join(verification.problems)}")
    return verification


def _write(made: dict[Path, bytes]) -> None:
    """Write files when all of them are made, each at once."""
    from gainderive import files

    for path, content in made.items():
        files.write(path, content)
        click.echo(path)
