"""Results are found by their files, IDs are for ever, and a citation says which derivation is meant."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

import gainderive as gd
from gainderive import algebra, catalog, digest, files
from gainderive.activations import load
from gainderive.render import beside, pages, record

ROOT = Path(__file__).parent.parent

SAMPLE = """
from gainderive import derive
from gainderive.catalog import Result

RESULT = Result(title="The gain of the identity, again", derive=lambda: derive("identity"), commentary="Again.")
"""


def test_one_file_is_one_result(tmp_path: Path) -> None:
    path = tmp_path / "gd9001_again.py"
    path.write_text(SAMPLE)
    result = catalog.load_file(path)
    assert result.id == "GD-9001" == result.derivation.id
    assert gd.verify(result).ok


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [("relu.py", SAMPLE, "gdNNNN_slug.py"), ("gd9002_empty.py", "", "no RESULT"), ("gd12_short.py", SAMPLE, "gdNNNN")],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, name: str, text: str, hint: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(gd.BadResult, match=hint):
        catalog.load_file(path)


def test_an_id_belongs_to_one_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for slug in ("one", "two"):
        (tmp_path / f"gd9003_{slug}.py").write_text(SAMPLE)
    monkeypatch.setattr(files, "folder", lambda: tmp_path)
    catalog.published.cache_clear()
    try:
        with pytest.raises(gd.BadResult, match="GD-9003"):
            catalog.results()
    finally:
        catalog.published.cache_clear()


@pytest.mark.parametrize("result", catalog.results(), ids=lambda r: r.id)
def test_every_result_states_what_a_reader_needs(result: gd.Result) -> None:
    derivation = result.derivation
    assert result.title
    assert len(result.commentary) > 200
    assert derivation.assumptions
    assert derivation.steps
    assert all(step.by.explain().endswith(".") for step in derivation.steps)


@pytest.mark.parametrize("result", catalog.results(), ids=lambda r: r.id)
def test_every_assumption_says_what_changes_if_it_fails(result: gd.Result) -> None:
    for assumption in result.derivation.assumptions:
        assert assumption.otherwise.endswith((".", ").")), assumption
        assert assumption.otherwise != assumption.text
        # Whoever is sent to another result finds one.
        assert set(re.findall(r"GD-\d{4}", assumption.otherwise)) <= set(files.results())


def test_results_are_found_by_activation_and_alias() -> None:
    assert catalog.result("conv2d").id == catalog.result("linear").id == "GD-0004"
    with pytest.raises(gd.UnknownResult):
        catalog.result("gd-0")


def test_selus_constants_are_what_its_two_equations_give() -> None:
    selu = load("selu")
    derived = {item.lhs: item.rhs for item in catalog.result("GD-0013").derivation.claim}
    printed = {"alpha": "1.6732632423543772848170429916717", "lambda": "1.0507009873554804934193349852946"}
    alpha = next(symbol for symbol in derived if symbol.name == "alpha")
    for constant in selu.constants:
        solution = derived[constant.symbol].subs(alpha, derived[alpha])
        assert algebra.equal(solution**2, constant.value**2)
        # torch prints 31 decimals: the exact number rounds to them.
        assert abs(gd.enclose(solution, 40).mid - Decimal(printed[constant.symbol.name])) <= Decimal("5.1e-32")


# -- IDs are for ever ------------------------------------------------------------------------

WITHDRAWN = """
from gainderive.catalog import Withdrawn

RESULT = Withdrawn(
    title="The gain of tanh is 5/3",
    because="No derivation gives $5/3$; see GD-0008.",
    since="0.2.0",
    replaced_by="GD-9001",
)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with one result, and one that was withdrawn."""
    (tmp_path / "gd9001_again.py").write_text(SAMPLE)
    (tmp_path / "gd9002_tanh.py").write_text(WITHDRAWN)
    monkeypatch.setattr(files, "folder", lambda: tmp_path)
    catalog.published.cache_clear()
    yield tmp_path
    catalog.published.cache_clear()


def test_every_id_that_the_digest_holds_has_a_file() -> None:
    assert catalog.vanished(held["id"] for held in digest.records()) == []


def test_every_id_that_history_holds_has_a_file() -> None:
    log = ["git", "log", "--diff-filter=A", "--name-only", "--format=", "--", "derivations/gd*.py"]
    ran = subprocess.run(log, cwd=ROOT, capture_output=True, text=True, check=False)
    if ran.returncode:
        pytest.skip("no history here")
    assert catalog.vanished(files.result_id(Path(line)) for line in ran.stdout.split()) == []


def test_an_id_that_vanishes_is_noticed_and_stays_in_the_digest(folder: Path) -> None:
    assert catalog.vanished(["GD-9001", "GD-9002"]) == []
    (folder / "gd9002_tanh.py").unlink()
    assert catalog.vanished(["GD-9001", "GD-9002"]) == ["GD-9002"]


def test_a_digest_without_a_published_id_is_refused() -> None:
    kept = [held for held in digest.records() if held["id"] != "GD-0007"]
    with pytest.raises(gd.BadResult, match=r"GD-0007 was published and has no file any more.*Withdrawn"):
        record.digest(kept, (), (), ())


def test_a_withdrawn_result_keeps_its_id_and_settles_nothing(folder: Path) -> None:
    found = catalog.find("gd-9002")
    assert isinstance(found, catalog.Withdrawn)
    assert found.id == "GD-9002"
    assert [entry.id for entry in catalog.published()] == ["GD-9001", "GD-9002"]
    assert [result.id for result in catalog.results()] == ["GD-9001"]
    assert catalog.settling("tanh") is None
    with pytest.raises(gd.WithdrawnResult, match=r"GD-9002 was withdrawn in gainderive 0.2.0: No .* See GD-9001"):
        catalog.result("GD-9002")
    with pytest.raises(gd.WithdrawnResult):
        gd.verify("GD-9002")


def test_a_withdrawn_result_keeps_its_page_and_its_files(folder: Path) -> None:
    found = catalog.find("GD-9002")
    page = pages.page(found)
    assert page.startswith("# GD-9002: The gain of tanh is 5/3\n\n`withdrawn`")
    assert "No derivation gives $5/3$; see {gd}`GD-0008`." in page
    assert "{gd}`GD-9001`" in page.split("## What replaces it")[1]
    assert "## Derivation" not in page
    held = beside.beside(found)
    assert sorted(held) == ["GD-9002.bib", "GD-9002.csl.json", "GD-9002.json", "GD-9002.tex"]
    data = json.loads(held["GD-9002.json"])
    assert (data["status"], data["settles"], data["replaced_by"]) == ("withdrawn", None, "GD-9001")
    assert b"withdrawn since 0.2.0" in held["GD-9002.bib"]
    gallery = pages.index({entry.id: pages.entry(entry) for entry in catalog.published()})
    assert "{gd}`GD-9002` `withdrawn`\n:class-card: withdrawn" in gallery.split("## Withdrawn")[1]
    assert "GD-9002" not in gallery.split("## Withdrawn")[0]
    assert record.record(found)["because"] == found.because


# -- citations -------------------------------------------------------------------------------


def parsed(bibtex: str) -> dict[str, dict[str, str]]:
    """Return the entries of a BibTeX file, read as BibTeX reads it: by counting braces."""
    entries = {}
    for start in re.finditer(r"@(\w+)\{([^,\s]+),", bibtex):
        fields, at = {"ENTRYTYPE": start[1]}, start.end()
        while (field := re.compile(r"\s*([\w-]+)\s*=\s*\{").match(bibtex, at)) is not None:
            depth, at = 1, field.end()
            while depth:
                # BibTeX counts braces even after a backslash.
                depth += {"{": 1, "}": -1}.get(bibtex[at], 0)
                at += 1
            fields[field[1]] = bibtex[field.end() : at - 1]
            at += bibtex[at] == ","
        assert re.compile(r"\s*\}").match(bibtex, at), bibtex[at:]
        entries[start[2]] = fields
    return entries


def outside_of_formulas(latex: str) -> str:
    assert latex.count("$") % 2 == 0
    return "".join(latex.split("$")[::2])


@pytest.mark.parametrize("result", catalog.results(), ids=lambda r: r.id)
def test_a_bibtex_entry_is_right_latex(result: gd.Result) -> None:
    ((key, fields),) = parsed(gd.cite(result.id)).items()
    assert key == f"gainderive-{result.id}"
    assert fields["sha256"] == result.derivation.digest
    assert result.derivation.digest[:12] in fields["note"]
    assert result.id in fields["note"]
    assert str(result.status) in fields["note"]
    assert (fields["year"], fields["version"]) == (gd.__released__[:4], gd.__version__)
    for value in fields.values():
        assert value.isascii()
        words = outside_of_formulas(re.sub(r"\\[&%#_${}]", "", value))
        assert not re.search(r"[&%#_^~<>]", re.sub(r"\\\W", "", words)), value


def test_several_results_are_cited_at_once() -> None:
    ids = ["GD-0005", "gd-0008", "selu"]
    assert list(parsed(gd.cite(ids))) == ["gainderive-GD-0005", "gainderive-GD-0008", "gainderive-GD-0024"]
    assert [item["number"] for item in json.loads(gd.cite(ids, "csl-json"))] == ["GD-0005", "GD-0008", "GD-0024"]
    assert [re.findall(r"GD-\d+", line) for line in gd.cite(ids, "text").splitlines()] == [
        ["GD-0005"],
        ["GD-0008"],
        ["GD-0024"],
    ]


def test_a_csl_item_has_what_a_processor_needs() -> None:
    (item,) = json.loads(gd.cite("GD-0006", "csl-json"))
    assert item["type"] == "document"
    assert item["title"] == catalog.result("GD-0006").title
    assert item["author"] == [{"literal": "gainderive contributors"}]
    assert date(*item["issued"]["date-parts"][0]).isoformat() == gd.__released__
    assert catalog.result("GD-0006").derivation.digest in item["note"]


def test_a_citation_of_another_derivation_is_another_one(folder: Path) -> None:
    before = gd.cite("GD-9001", "text")
    (folder / "gd9001_again.py").write_text(SAMPLE.replace('derive("identity")', 'derive("relu")'))
    catalog.published.cache_clear()
    after = gd.cite("GD-9001", "text")
    assert before.rpartition("sha256")[0] == after.rpartition("sha256")[0]
    assert before != after


def test_a_format_that_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(gd.UnknownFormat, match="Did you mean 'bibtex'"):
        gd.cite("GD-0005", "bibtx")


def test_the_citation_file_is_complete_and_agrees_with_the_code() -> None:
    held = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    required = {"cff-version": str, "message": str, "title": str, "authors": list}
    assert {key: type(held[key]) for key in required} == required
    assert held["cff-version"] == "1.2.0"
    assert held["type"] in ("software", "dataset")
    # Known keys of the format, so that a misspelt one is noticed.
    assert set(held) <= {*required, "type", "abstract", "version", "date-released", "license", "keywords"}
    assert all(isinstance(word, str) for word in held["keywords"])
    assert held["version"] == gd.__version__
    assert held["date-released"] == date.fromisoformat(gd.__released__)
    assert [author["name"] for author in held["authors"]] == [catalog.AUTHORS]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [author["name"] for author in project["authors"]] == [catalog.AUTHORS]
    assert held["license"] == project["license"]


def test_the_changelog_tells_the_day_of_the_release() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", changelog, flags=re.MULTILINE)[0] == f"{gd.__version__} ({gd.__released__})"
