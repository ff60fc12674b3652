"""Results are found by their files, and IDs are for ever."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

import gainderive as gd
from gainderive import algebra, catalog, files
from gainderive.activations import load

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


def test_citation_names_id_and_version() -> None:
    entry = gd.cite("gd-0008")
    assert entry.startswith("@misc{gainderive-GD-0008,")
    assert gd.__version__ in entry


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
