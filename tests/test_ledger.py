"""The ledger: each claim's verdict follows from its check, and what is spoiled is noticed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sympy import Expr, Integer, Rational, cos, exp, log, oo, sqrt, tanh

import gainderive as gd
from gainderive import catalog, digest, files, ledger
from gainderive.derivation import equation
from gainderive.enclosure import enclose
from gainderive.errors import BadClaim, Undecided, UnknownClaim
from gainderive.ledger import (
    Amended,
    Check,
    Claim,
    Compares,
    Derived,
    Experiment,
    Identity,
    Parts,
    Printed,
    Recommended,
    Refuted,
    Said,
    Source,
    Statement,
    Throughout,
    TorchGain,
    Verdict,
)
from gainderive.render import claim as claim_page
from gainderive.status import Status
from gainderive.symbols import fan_in, g, parameter, x

REFRESH = "gainderive/digest.json is stale; run: gainderive build --update-digest"
IDS = list(files.claims())


def verdict(check: Check) -> Verdict:
    return check.examine().verdict


# -- the claims ------------------------------------------------------------------------------


@pytest.mark.parametrize("id", IDS)
def test_every_claim_is_computed_and_its_record_is_what_comes_out(id: str) -> None:
    claim = gd.claims()[id]
    found = claim.assessment
    assert digest.claim(id) == claim.to_record(), REFRESH
    assert found.evidence
    assert (found.corrected == "") == (found.verdict is Verdict.TRUE)
    assert "{" not in claim.says + found.corrected + found.remark
    assert claim.who
    assert set(found.results) <= set(files.results())
    assert found.verdict == Verdict.worst(part for _, part in found.parts or [("", found.verdict)])
    assert json.loads(json.dumps(claim.to_dict()))["verdict"] == found.verdict


def test_the_digest_holds_the_claims_that_have_a_file_and_no_others() -> None:
    assert [record["id"] for record in digest.claims()] == IDS, REFRESH


def test_ids_are_in_order_and_a_number_belongs_to_one_claim() -> None:
    claims = gd.claims()
    assert claims.ids == tuple(IDS)
    assert len({claim.number for claim in claims}) == len(claims)
    assert [claim.group for claim in claims] == sorted(claim.group for claim in claims)
    assert {claim.topic for claim in claims} <= set(ledger.GROUPS.values())


def leaves(check: Check) -> Iterator[tuple[Check, str]]:
    """Yield a check with each of its statements spoiled, one at a time, and what the verdict must become worse than."""
    if isinstance(check, Parts):
        for name, part in check.checks.items():
            for spoiled, said in leaves(part):
                yield Parts({**check.checks, name: spoiled}), said
    if isinstance(check, Said):
        for at, statement in enumerate(check.statements):
            others = list(check.statements)
            for others[at] in spoilt(statement):
                yield Said(*others, amended=check.amended), "said"
        for at, statement in enumerate(check.amended.statements if check.amended else ()):
            assert check.amended is not None
            others = list(check.amended.statements)
            for others[at] in spoilt(statement):
                yield Said(*check.statements, amended=Amended(check.amended.amendment, *others)), "amended"
    if isinstance(check, Printed):
        # Two units in the last place.
        digits = check.text.replace(".", "").lstrip("-").partition("e")[0]
        if len(digits) > 1:
            last = len(check.text.partition("e")[0]) - 1
            text = check.text[:last] + str((int(check.text[last]) + 5) % 10) + check.text[last + 1 :]
            yield replace(check, text=text), "said"


_CONTRARY = {"<": ">", "<=": ">", ">": "<", ">=": "<", "=": "<"}


def spoilt(statement: Statement) -> Iterator[Statement]:
    """Yield a statement that says the contrary, or something a little different."""
    match statement:
        case Derived():
            yield replace(statement, says=equation(g, Integer(7)))
        case Identity():
            yield replace(statement, right=statement.right * Rational(101, 100) + Rational(1, 100))
        case Compares() | Throughout():
            yield replace(statement, relation=_CONTRARY[statement.relation])
        case Refuted():
            yield statement.statement
        case Experiment():
            yield replace(statement, low=1e3, high=1e4)
        case TorchGain():
            yield replace(statement, documented=Integer(7))


@pytest.mark.parametrize("id", IDS)
def test_a_spoiled_check_changes_the_verdict(id: str) -> None:
    claim = gd.claims()[id]
    for spoiled, where in leaves(claim.check):
        if where == "said" and claim.verdict is Verdict.TRUE:
            assert verdict(spoiled) is not Verdict.TRUE
        if where == "amended" and claim.verdict is Verdict.IMPRECISE:
            assert verdict(spoiled) is Verdict.FALSE


# -- the kinds of checks ---------------------------------------------------------------------

TRUE, IMPRECISE, FOLKLORE, FALSE = Verdict.TRUE, Verdict.IMPRECISE, Verdict.FOLKLORE, Verdict.FALSE


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("1.41421356237309504880168872420969808", sqrt(2), TRUE),
        ("1.41421356237309504880168872420969807", sqrt(2), IMPRECISE),
        ("1.4142", sqrt(2), TRUE),
        ("1.4143", sqrt(2), IMPRECISE),
        ("1.42", sqrt(2), IMPRECISE),
        ("1.43", sqrt(2), FALSE),
        ("-1.4142", sqrt(2), FALSE),
        ("1.3", sqrt(2), FALSE),
        ("0.5", Rational(1, 2), TRUE),
        ("0.50", Rational(1, 2), TRUE),
        ("0.2", Rational(1, 4), TRUE),
        ("1e-20", Rational(1024, 10**20), FALSE),
        ("1e-17", Rational(1024, 10**20), TRUE),
        ("0", Integer(0), TRUE),
        ("0.3", log(Rational(1, 10) + 1), FALSE),
        ("1.5925", lambda: gd.gain("tanh").enclosure, TRUE),
        ("1.5926", lambda: gd.gain("tanh").enclosure, IMPRECISE),
    ],
)
def test_a_printed_number_is_judged_by_its_last_digit(text: str, value: Expr, expected: Verdict) -> None:
    assert verdict(Printed(text, value)) is expected


def test_the_error_is_told_in_units_of_the_last_printed_digit() -> None:
    row = Printed("1.4145", sqrt(2)).examine().rows[-1]
    assert (row.value, row.how, row.holds) == ("2.86", "the last digit is wrong", False)
    assert Printed("1.4180", sqrt(2)).examine().rows[-1].how == "the last 2 digits are wrong"


@pytest.mark.parametrize("text", ["", "pi", "1.2.3", "nan", "inf"])
def test_what_is_no_printed_number_is_refused(text: str) -> None:
    with pytest.raises(BadClaim):
        Printed(text, sqrt(2)).examine()


def test_an_enclosure_that_is_too_wide_decides_nothing() -> None:
    wide = enclose(sqrt(2), 3)
    with pytest.raises(Undecided):
        Printed("1.414213562", wide).examine()
    with pytest.raises(Undecided):
        Compares("root", wide, "<", sqrt(2)).decide()


def test_a_derivation_decides_what_it_claims_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    said = equation(parameter("v", positive=True), 1)
    assert Derived("GD-0005").decide().holds
    assert Derived("GD-0005", equation(g, 2 / sqrt(2))).decide().holds
    assert not Derived("GD-0005", equation(g, sqrt(2) * Rational(101, 100))).decide().holds
    assert not Derived("GD-0005", said).decide().holds
    honest = catalog.result("GD-0005")
    derivation = honest.derivation
    steps = (replace(derivation.steps[0], becomes=derivation.claim), *derivation.steps[1:])
    spoiled = replace(honest, derive=lambda: replace(derivation, steps=steps))
    monkeypatch.setattr(catalog, "result", lambda _: spoiled)
    refused = Derived("GD-0005").decide()
    assert not refused.holds
    assert "step" in refused.rows[0].how


def test_identities_are_decided_and_the_difference_is_shown() -> None:
    assert Identity(tanh(x) ** 2 + 1 / ((exp(x) + exp(-x)) / 2) ** 2, 1).decide().holds
    spoiled = Identity(2 / fan_in, Rational(201, 100) / fan_in).decide()
    assert not spoiled.holds
    assert ", not " in spoiled.rows[0].value
    assert spoiled.rows[0].status is Status.ENCLOSED


@pytest.mark.parametrize(
    ("relation", "right", "holds"),
    [("<", 2, True), ("<", 1, False), (">", 1, True), ("=", sqrt(8) / 2, True), ("=", Rational(1414, 1000), False),
     ("<=", sqrt(8) / 2, True), ("<", sqrt(8) / 2, False), (">=", 2, False)],
)  # fmt: skip
def test_comparisons(relation: str, right: Expr, holds: bool) -> None:
    assert Compares("the root of 2", sqrt(2), relation, right).decide().holds is holds


@pytest.mark.parametrize(
    ("left", "relation", "right", "lower", "upper", "holds"),
    [
        (1 - tanh(x) ** 2, "<=", 1, -oo, oo, True),
        (1 - tanh(x) ** 2, "<", 1, -oo, oo, False),
        (1 - tanh(x) ** 2, "<", 1, 0, oo, True),
        (1 - tanh(x) ** 2, ">", Rational(4, 10), -1, 1, True),
        (1 - tanh(x) ** 2, ">", Rational(5, 10), -1, 1, False),
        (x**2, ">=", 2 * x - 1, -oo, oo, True),
        (x**2, ">=", 2 * x - Rational(99, 100), -oo, oo, False),
        (cos(x), "<=", 1, -1, 1, True),
        (x - x, "<=", 0, -oo, oo, True),
        (x - x, "<", 0, -oo, oo, False),
    ],
)
def test_inequalities_on_intervals(
    left: Expr, relation: str, right: Expr, lower: Expr, upper: Expr, holds: bool
) -> None:
    assert Throughout("it", left, relation, right, lower, upper).decide().holds is holds


def test_an_unknown_relation_is_refused() -> None:
    for statement in (Compares("1", 1, "<>", 2), Throughout("x", x, "=", 1)):
        with pytest.raises(BadClaim):
            statement.decide()


def test_the_contrary_of_a_statement() -> None:
    assert Refuted(Compares("1", 1, ">", 2)).decide().holds
    assert not Refuted(Compares("1", 1, "<", 2)).decide().holds


def uniform(generator: np.random.Generator, size: int) -> np.ndarray:
    return generator.random(size)


@pytest.mark.parametrize(("low", "high", "holds"), [(0.4, 0.6, True), (0.49, 0.51, True), (0.51, 0.6, False)])
def test_experiments_sharpen_until_they_tell(low: float, high: float, holds: bool) -> None:
    found = Experiment("mean of a uniform number", uniform, low, high, precision=0.1).decide()
    assert found.holds is holds
    assert found.rows[0].status is Status.SAMPLED


def test_an_experiment_at_the_edge_is_left_open() -> None:
    with pytest.raises(Undecided):
        Experiment("mean of a uniform number", uniform, 0.5, 1.0, precision=0.1).decide()


@pytest.mark.parametrize(
    ("number", "activation", "criterion", "expected"),
    [
        (Rational(5, 3), "tanh", "forward", FOLKLORE),
        (sqrt(2), "relu", "forward", TRUE),
        ("1.414", "relu", "forward", TRUE),
        ("1.42", "relu", "forward", IMPRECISE),
        ("1.59", "tanh", "forward", TRUE),
        ("1.467", "tanh", "forward", IMPRECISE),
        ("1.467", "tanh", "backward", TRUE),
        (1, "sigmoid", "forward", FOLKLORE),
        (Rational(3, 4), "selu", "forward", FOLKLORE),
        (1, "selu", "forward", TRUE),
        ("1.7", "tanh(x) + x/5", "forward", FOLKLORE),
    ],
)
def test_a_recommended_gain_is_sought_among_all_criteria(
    number: Expr, activation: str, criterion: str, expected: Verdict
) -> None:
    assert verdict(Recommended(number, activation, criterion)) is expected


def test_what_torch_says_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    assert TorchGain("tanh", Rational(5, 3)).decide().holds
    assert not TorchGain("tanh", Rational(8, 5)).decide().holds
    assert not TorchGain("gelu", Rational(8, 5)).decide().holds
    monkeypatch.setattr("gainderive.ledger._torch.torch_version", lambda: None)
    without = TorchGain("tanh", Rational(5, 3)).decide()
    assert without.holds
    assert "not installed" in without.rows[0].how


YES, NO = Compares("1", 1, "<", 2), Compares("1", 1, ">", 2)


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (Said(YES), TRUE),
        (Said(YES, NO), FALSE),
        (Said(NO, amended=Amended("1 for 2", YES)), IMPRECISE),
        (Said(NO, amended=Amended("1 for 2", YES, NO)), FALSE),
        (Said(YES, amended=Amended("1 for 2", NO)), TRUE),
        (Parts({"a": Said(YES), "b": Said(NO, amended=Amended("1 for 2", YES))}), IMPRECISE),
        (Parts({"a": Recommended(Rational(5, 3), "tanh"), "b": Said(YES)}), FOLKLORE),
        (Parts({"a": Recommended(Rational(5, 3), "tanh"), "b": Said(NO)}), FALSE),
    ],
)
def test_verdicts_combine(check: Check, expected: Verdict) -> None:
    assert verdict(check) is expected


def test_rows_say_which_part_and_which_reading_they_are_about() -> None:
    found = Parts({"whole": Said(NO, amended=Amended("1 for 2", YES))}).examine()
    assert [row.reading for row in found.rows] == ["whole", "whole: 1 for 2"]
    assert found.parts == (("whole", IMPRECISE),)


# -- one file adds one -----------------------------------------------------------------------

WRITTEN = '''
"""Z999: a claim of a test."""
from sympy import pi
from gainderive.ledger import Claim, Printed, Source
CLAIM = Claim(
    says="π is {text}.",
    who=(Source("a test"),),
    check=Printed("{text}", pi, "π"),
    correct="π is {{pi}}.",
    numbers={{"pi": (pi, 5)}},
)
'''


def write(folder: Path, name: str = "g999_pi.py", text: str = "3.1") -> Path:
    path = folder / name
    path.write_text(WRITTEN.format(text=text), encoding="utf-8")
    return path


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A claim in one file more, found beside all others."""
    path, every = write(tmp_path), files.claims()
    monkeypatch.setattr(files, "claims", lambda: {**every, "G999": path})
    # All claims are loaded anew; those of the other tests stay, with what was computed for them.
    loaded = ledger.claims.__wrapped__()
    monkeypatch.setattr(ledger, "claims", lambda: loaded)
    return path


def test_a_file_more_is_a_claim_more(added: Path, run) -> None:
    assert gd.claims()["G999"].verdict is TRUE
    code, out, _ = run("claims")
    assert code == 0
    assert out.splitlines()[-1] == "G999  true       π is 3.1."
    assert "printed: 3.1" in run("claims", "999")[1]
    code, _, err = run("claims", "999", "--check")
    assert (code, "stale for G999" in err) == (1, True)


def test_the_same_file_with_another_number_has_another_verdict(tmp_path: Path) -> None:
    wrong = ledger.load_file(write(tmp_path, text="3.2"))
    assert (wrong.verdict, wrong.corrected) == (FALSE, "π is 3.1416.")
    near = ledger.load_file(write(tmp_path, text="3.1428"))
    assert near.verdict is IMPRECISE


@pytest.mark.parametrize("name", ["pi.py", "pi_1.py", "gg12_pi.py", "g1_pi.py", "g12.py"])
def test_a_file_whose_name_carries_no_id_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadClaim, match="a claim's file is called"):
        ledger.load_file(write(tmp_path, name))


def test_a_file_without_a_claim_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "g12_none.py"
    path.write_text("CLAIM = 1\n", encoding="utf-8")
    with pytest.raises(BadClaim, match="holds no CLAIM"):
        ledger.load_file(path)


def test_two_files_with_one_number_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "ledger" / "entries"
    folder.mkdir(parents=True)
    write(folder, "a12_pi.py")
    write(folder, "b12_pi.py")
    monkeypatch.setattr(files, "__file__", str(tmp_path / "files.py"))
    with pytest.raises(BadClaim, match="carry the number 12"):
        files.claims()


def test_a_sentence_that_names_no_number_of_the_claim_is_refused() -> None:
    claim = Claim(says="", who=(Source("a test"),), check=Said(NO), correct="It is {this}.", id="G999")
    with pytest.raises(BadClaim, match="this"):
        _ = claim.verdict
    with pytest.raises(BadClaim, match="does not say what is correct"):
        _ = replace(claim, correct="").verdict


def test_who_adds_a_claim_is_shown_one_that_is_there() -> None:
    root = Path(__file__).parents[1]
    page = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    sample = page.split("<!-- sample:claim -->\n```python\n")[1].split("```")[0]
    assert sample in {path.read_text(encoding="utf-8") for path in files.claims().values()}


# -- how it is shown -------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["D24", "d24", "24", " D24 "])
def test_a_claim_is_found_by_id_and_by_number(key: str) -> None:
    assert gd.claims()[key].id == "D24"


@pytest.mark.parametrize(("key", "says"), [("E24", "'D24'"), ("D240", "'D24'"), ("", "no claim"), ("relu", "no claim")])
def test_an_unknown_id_is_refused_with_suggestions(run, key: str, says: str) -> None:
    with pytest.raises(UnknownClaim, match=says):
        gd.claims()[key]
    code, out, err = run("claims", key)
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_claims_are_a_sequence() -> None:
    claims = gd.claims()
    assert claims[0].id == claims.ids[0]
    assert claims[:2].ids == claims.ids[:2]
    assert all(claim.verdict is FALSE for claim in claims.with_verdict("false"))
    assert "D24" in repr(claims)
    html = claims[:9]._repr_html_()
    assert "<table>" in html
    assert "A9" in html
    assert "A10" not in html


def test_a_claim_shows_all_that_led_to_its_verdict() -> None:
    claim = gd.claims()["D24"]
    for shown in (str(claim), claim._repr_html_(), claim_page.page(claim)):
        for part in ("1.846228545", "0.25", "folklore", "1.84623"):
            assert part in shown
    assert repr(claim).startswith("Claim(D24, false: ")


def test_a_page_shows_plain_text_as_it_is() -> None:
    assert claim_page.escaped("W[i, j]*h <b>_x_ | $") == r"W\[i, j\]\*h \<b\>\_x\_ \| \$"
    page = claim_page.page(gd.claims()["D30"])
    assert r"xavier\_uniform\_(weight" in page


def test_the_overview_shows_every_claim_and_counts_the_verdicts() -> None:
    entries = {claim.id: claim_page.entry(claim) for claim in gd.claims()}
    overview = claim_page.overview(entries)
    assert all(f"[{id}](/claims/{id}.md)" in overview for id in IDS)
    false = sum(entry["verdict"] == "false" for entry in entries.values())
    assert overview.count(":::{div} claim claim-false") == false
    assert f"false ({false})" in overview


def test_the_list_is_answered_from_the_digest_without_computer_algebra() -> None:
    program = (
        "import sys; from gainderive.cli import main\n"
        "try: main(['claims', '--verdict', 'false'])\n"
        "except SystemExit: print(sorted({'sympy', 'numpy', 'scipy', 'flint'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    lines = ran.stdout.splitlines()
    assert lines[-1] == "[]"
    assert [line.split()[0] for line in lines[:-1]] == [r["id"] for r in digest.claims() if r["verdict"] == "false"]


def test_plain_data_of_all_and_of_one(run) -> None:
    code, out, _ = run("claims", "--json")
    assert (code, [record["id"] for record in json.loads(out)]) == (0, IDS)
    (one,) = json.loads(run("claims", "A3", "--json")[1])
    assert one == gd.claims()["A3"].to_dict()
    assert run("claims", "A3", "--check")[0] == 0


def test_a_stale_record_is_told(run, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = digest.claim
    monkeypatch.setattr(digest, "claim", lambda id: {**honest(id), "verdict": "false"})
    code, _, err = run("claims", "A3", "--check")
    assert (code, "stale for A3" in err) == (1, True)


def test_bad_options_are_refused(run) -> None:
    assert run("claims", "--verdict", "maybe")[0] == 2
