"""The evidence table catches what is spoiled, by whichever route can see it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Rational, sqrt

import gainderive as gd
from gainderive import catalog
from gainderive.catalog import Absent, Agrees, Differs, Experiment
from gainderive.derivation import equation
from gainderive.symbols import g
from gainderive.verification import compare_with_torch


@pytest.mark.parametrize("result", catalog.results(), ids=lambda r: r.id)
def test_every_published_result_holds(result: gd.Result) -> None:
    report = gd.verify(result)
    assert report.ok, str(report)
    assert report.status is result.status


def routes(report: gd.Verification, ok: bool) -> set[str]:
    """Names of the rows that do, or do not, agree."""
    return {row.route for row in report.rows if row.ok is ok}


def test_a_constant_off_by_one_percent_is_seen_by_steps_and_enclosure() -> None:
    result = catalog.result("GD-0005")
    derivation = result.derivation
    wrong = equation(g, sqrt(2) * Rational(101, 100))
    steps = (*derivation.steps[:-1], replace(derivation.steps[-1], becomes=wrong))
    spoiled = replace(result, derive=lambda: replace(derivation, steps=steps, claim=wrong))
    report = gd.verify(spoiled)
    assert not report.ok
    assert report.status is None
    assert {"symbolic steps", "enclosure of g"} <= routes(report, ok=False)
    assert "step 4" in report.problems[0]


def test_a_declared_status_that_is_too_good_or_too_modest_is_a_problem() -> None:
    for key, declared in (("GD-0008", gd.Status.PROVED), ("GD-0005", gd.Status.ENCLOSED)):
        report = gd.verify(replace(catalog.result(key), status=declared))
        assert not report.ok
        assert f"declares {declared}" in report.problems[0]


@pytest.mark.parametrize(
    ("key", "relation"),
    [
        ("GD-0005", Differs(because="no")),
        ("GD-0005", Absent()),
        ("GD-0008", Agrees()),
        ("GD-0012", Absent()),
        ("GD-0011", Agrees()),
        ("GD-0024", Agrees()),
        ("GD-0008", Differs(because="no", value=Rational(8, 5))),
    ],
)
def test_a_false_relation_to_torch_fails(key: str, relation: catalog.TorchRelation) -> None:
    pytest.importorskip("torch")
    result = catalog.result(key)
    assert compare_with_torch(result).ok
    assert not compare_with_torch(replace(result, torch=relation)).ok


def test_every_entry_of_torchs_table_has_a_result() -> None:
    from typing import get_args

    init = pytest.importorskip("torch").nn.init
    for name in get_args(init._NonlinearityType):
        result = catalog.settling(name)
        assert result is not None, f"no result settles {name}"
        assert compare_with_torch(result).ok


def test_an_experiment_that_contradicts_the_claim_is_a_problem() -> None:
    result = catalog.result("GD-0001")
    assert result.experiment is not None
    off = Experiment(result.experiment.what, result.experiment.draw, result.experiment.expected * 1.05)
    report = gd.verify(replace(result, experiment=off))
    assert routes(report, ok=False) == {"experiment"}


def test_any_activation_can_be_verified() -> None:
    report = gd.verify("tanh(x) + x/5")
    assert report.ok
    assert report.id is None
    assert report.declared is None
    assert report.status is gd.Status.ENCLOSED
    assert gd.verify("selu", "activation").status is gd.Status.PROVED
    assert gd.verify("gelu", "activation").status is gd.Status.ENCLOSED
    assert gd.verify("leaky_relu", negative_slope=Rational(1, 3)).status is gd.Status.PROVED


def test_plain_data_for_machines() -> None:
    record = gd.verify("GD-0008").to_dict()
    assert record["ok"] is True
    assert record["status"] == "enclosed"
    assert {row["route"] for row in record["rows"]} >= {"symbolic steps", "torch"}


def test_unknown_results_are_refused_with_advice() -> None:
    with pytest.raises(gd.UnknownResult, match="gainderive list"):
        gd.verify("GD-9999")
