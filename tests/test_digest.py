"""The committed digest says exactly what is derived today; a changed value shows in a diff and here."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sympy import srepr

from gainderive import activations, catalog, digest, files, symbols, units
from gainderive.criteria import Criterion
from gainderive.errors import GainderiveError
from gainderive.render import record
from gainderive.render.portrait import Portrait

REFRESH = "gainderive/digest.json is stale; run: gainderive build --update-digest"


@pytest.mark.parametrize("id", files.results())
def test_the_record_is_what_is_derived_today(id):
    assert digest.described(id) == record.record(catalog.find(id)), REFRESH


def test_the_digest_holds_the_published_results_and_no_others():
    assert [r["id"] for r in digest.records()] == list(files.results()), REFRESH


@pytest.mark.parametrize("name", [*activations.names(), *units.names()])
def test_the_record_of_an_activation_or_unit_is_what_is_derived_today(name):
    held = next((r for r in (*digest.activations(), *digest.units()) if r["activation"] == name), None)
    assert held == record.entry_record(Portrait(units.named(name))), REFRESH


def test_the_digest_holds_the_activations_and_units_that_have_a_file_and_no_others():
    assert tuple(r["activation"] for r in digest.activations()) == activations.names(), REFRESH
    assert tuple(r["activation"] for r in digest.units()) == units.names(), REFRESH


def test_the_file_is_written_as_it_is_read():
    with open(digest.PATH, encoding="utf-8") as file:
        assert file.read() == record.digest(digest.records(), digest.activations(), digest.units(), digest.claims()), (
            REFRESH
        )


def test_a_gain_lies_in_its_sharper_enclosure():
    settled = [r for r in digest.records() if r["gain"]]
    assert settled
    for r in settled:
        lower, upper = Decimal(r["enclosure"]["lower"]), Decimal(r["enclosure"]["upper"])
        assert 0 <= upper - lower <= 2 * upper * Decimal("1e-30")
        assert lower - Decimal("4e-16") <= Decimal(r["gain"]["value"]) <= upper + Decimal("4e-16")


def test_the_fingerprint_changes_with_any_step():
    derivation = catalog.result("GD-0006").derivation
    fingerprints = {derivation.digest}
    for i, step in enumerate(derivation.steps):
        other = derivation.steps[i - 1]
        for spoiled in (replace(step, becomes=other.becomes), replace(step, by=other.by)):
            steps = (*derivation.steps[:i], spoiled, *derivation.steps[i + 1 :])
            if [s.by.name for s in steps] != [s.by.name for s in derivation.steps] or spoiled.becomes != step.becomes:
                fingerprints.add(replace(derivation, steps=steps).digest)
    assert len(fingerprints) >= 1 + len(derivation.steps)


def test_the_fingerprint_does_not_see_how_a_symbols_assumptions_were_spelled():
    # Positive implies real, so the two are equal, and SymPy's cache hands out whichever was there first.
    spelled, short = symbols.parameter("b", positive=True), symbols.bound
    assert spelled == short
    assert srepr(spelled) != srepr(short)
    derivation = Portrait(activations.load("pelu")).derivations[Criterion.FORWARD]
    one, other, free = (replace(derivation, claim=claim).digest for claim in (spelled, short, symbols.parameter("b")))
    assert one == other
    assert one != free


def test_an_answer_is_found_by_every_name_and_has_the_form_of_a_gain():
    for r in (*digest.activations(), *digest.units()):
        for name in r["names"]:
            found = digest.answers(name)
            assert list(found) == list(Criterion)
            for criterion, answer in found.items():
                if isinstance(answer, GainderiveError):
                    assert str(answer) == r["gains"][criterion]["message"]
                else:
                    assert list(answer)[:4] == list(record.COMMON)
                    assert (answer["activation"], answer["criterion"]) == (r["activation"], criterion)
    assert digest.answers("tanh(x)") is None


@pytest.mark.parametrize(("name", "other"), [("relu", "relu6"), ("reglu", "geglu"), ("maxout", "crelu")])
def test_another_activation_or_unit_under_the_name_changes_the_record(name, other):
    entry = units.named(name)
    honest = record.entry_record(Portrait(entry))
    spoiled = record.entry_record(Portrait(replace(entry, name=other)))
    assert all(spoiled[key] != honest[key] for key in ("gains", "moments", "sha256"))


def test_a_step_less_changes_the_fingerprint():
    relu = Portrait(activations.load("relu"))
    honest = record.entry_record(relu)
    derivation = relu.derivations[Criterion.FORWARD]
    assert honest["sha256"]["forward"] == derivation.digest
    assert replace(derivation, steps=derivation.steps[:-1]).digest != derivation.digest


def test_the_record_of_a_unit_holds_its_enclosed_derivations_too():
    held = next(r for r in digest.units() if r["activation"] == "swiglu")
    assert held["length_map"] is None
    assert {"forward", "centered", "activation", "backward", "mean"} == set(held["sha256"])


def test_every_name_of_a_settled_activation_finds_its_record():
    for r in digest.records():
        if r["settles"]:
            for name in r["settles"]["names"]:
                assert digest.settling(name, r["settles"]["criterion"]) == r
