"""The command line: fast where a gain is published, one line and exit code 2 where the input is bad."""

import json
import os
import re
import subprocess
import sys

import pytest

from gainderive import activations, catalog, digest, files, units, verification
from gainderive.cli import cli
from gainderive.criteria import Criterion
from gainderive.errors import NoSuchGain
from gainderive.render import record
from gainderive.status import Status
from gainderive.verification import Evidence, Verification

PUBLISHED = [(r["settles"]["names"][0], r["settles"]["criterion"]) for r in digest.records() if r["gain"]]


# -- gain ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("relu",), "sqrt(2) = 1.4142135623730951, proved, GD-0005"),
        (("mish", "--criterion", "backward"), "1.44475523254"),
        (("linear", "--all"), "backward    1, proved"),
        (("geglu",), ", proved"),
        (("swiglu", "--all"), "no linearized gain"),
        (("tanh", "--criterion", "activation"), ""),
    ],
)
def test_a_known_gain_needs_no_computer_algebra(command, says):
    program = (
        "import sys; from gainderive.cli import main\n"
        f"try: main(['gain', *{command!r}])\n"
        "except SystemExit: print(sorted({'sympy', 'numpy', 'scipy', 'flint', 'mpmath', 'tqdm', 'concurrent.futures',"
        "'multiprocessing'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert says in ran.stdout
    assert ran.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("name", "criterion"), PUBLISHED)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_the_digest_answers_exactly_as_the_engine_does(run, monkeypatch, name, criterion, form):
    command = ("gain", name, "--criterion", criterion, *form)
    fast = run(*command)
    monkeypatch.setattr("gainderive.cli._gains._DEFAULT_DIGITS", -1)
    assert run(*command, "--digits", "15")[1].splitlines()[: len(fast[1].splitlines())] == fast[1].splitlines()


@pytest.mark.parametrize("name", ["tanh", "sign", "softplus", "relu6", "linear", "heaviside", *units.names()])
@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("criterion", [*Criterion, "--all", "foward"])
def test_a_known_activation_is_answered_as_the_engine_does(run, monkeypatch, name, criterion, form):
    command = ("gain", name, *([criterion] if criterion == "--all" else ["--criterion", criterion]), *form)
    fast = run(*command)
    monkeypatch.setattr(digest, "answers", lambda _: None)
    assert run(*command) == fast


def test_parameters_and_digits_are_honoured(run):
    assert run("gain", "leaky_relu", "--set", "negative_slope=0.2")[1].startswith("5*sqrt(13)/13 = 1.38675049056307")
    code, out, _ = run("gain", "relu", "--digits", "40", "--json")
    ball = json.loads(out)["enclosure"]
    assert code == 0
    assert ball["lower"].startswith("1.4142135623730950488016887242096980785")
    assert ball["lower"] < ball["upper"]


def test_all_five_criteria(run):
    code, out, _ = run("gain", "relu", "--all")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [
        "forward",
        "centered",
        "activation",
        "backward",
        "linearized",
    ]
    plain = json.loads(run("gain", "relu", "--all", "--json")[1])
    assert plain["forward"]["id"] == "GD-0005"
    assert plain["linearized"]["error"] == "NoSuchGain"


# -- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("gain", "rleu"), "Did you mean 'relu'"),
        (("gain", "relu", "--criterion", "foward"), "Did you mean 'forward'"),
        (("gain", "relu", "--set", "slope=1"), "slope"),
        (("gain", "leaky_relu", "--set", "slope=1"), "negative_slope"),
        (("gain", "leaky_relu", "--set", "negative_slope"), "name=value"),
        (("gain", "leaky_relu", "--set", "negative_slope=nan"), "negative_slope"),
        (("gain", "leaky_relu", "--set", "negative_slope=1", "--set", "negative_slope=2"), "twice"),
        (("gain", "relu", "--digits", "0"), "digits"),
        (("gain", "relu", "--digits", "many"), "not a valid integer"),
        (("gain", "exp(x**2)"), "infinite"),
        (("gain", "x + y"), "y"),
        (("gain", "tanh", "--criterion", "activation"), "activation"),
        (("gain",), "WHAT"),
        (("gian", "relu"), "gian"),
        (("gain", "relu", "--jsn"), "--jsn"),
        (("derive", "relu", "--format", "word"), "markdown"),
        (("show", "GD-9999"), "GD-9999"),
        (("cite", "GD-9999"), "GD-9999"),
        (("cite", "GD-0005", "--format", "ris"), "bibtex, csl-json, text"),
        (("derive", "relu", "--checks", "--format", "latex"), "--checks belongs to --format text"),
        (("verify", "GD-9999"), "GD-9999"),
        (("survey", "rleu"), "Did you mean 'relu'"),
        (("survey", "--workers", "0"), "--workers"),
        (("build", "--workers", "two"), "--workers"),
        (("build", "--check", "--update-digest"), "choose one"),
        (("build", "--out", "tests"), "is no site"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(run, args, says):
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("Error: ")
    assert says in err


def test_no_command_shows_the_help(run):
    code, _, err = run()
    assert code == 2
    assert "Commands:" in err


# -- the other commands ----------------------------------------------------------------------


@pytest.mark.parametrize("command", [(), *((name,) for name in sorted(cli.commands))])
def test_every_help_has_an_example_on_a_line_of_its_own(run, command):
    code, out, _ = run(*command, "--help")
    assert code == 0
    assert re.search(rf"Example:\n +gainderive {' '.join(command)}", out)


def test_derive_in_three_forms(run):
    assert "7. g = sqrt(2)/sqrt(a**2 + 1)" in run("derive", "leaky_relu")[1]
    assert "$$\ng = \\frac{\\sqrt{2}}{\\sqrt{a^{2} + 1}}\n$$" in run("derive", "leaky_relu", "--format", "markdown")[1]
    assert run("derive", "leaky_relu", "--format", "latex")[1].startswith("\\begin{aligned}")
    assert "5*sqrt(13)/13" in run("derive", "leaky_relu", "--set", "negative_slope=0.2")[1]


def test_list_show_and_cite(run):
    code, out, _ = run("list")
    assert code == 0
    assert "GD-0005  proved" in out
    assert "identity (linear, conv1d" in out
    assert [r["id"] for r in json.loads(run("list", "--json")[1])["results"]] == [r["id"] for r in digest.records()]
    assert "g = sqrt(2)" in run("show", "gd-0005")[1]
    assert run("cite", "GD-0005")[1].startswith("@misc{gainderive-GD-0005,")


def test_several_results_are_cited_in_each_format(run):
    assert [item["number"] for item in json.loads(run("cite", "GD-0005", "tanh", "--format", "csl-json")[1])] == [
        "GD-0005",
        "GD-0008",
    ]
    lines = run("cite", "GD-0005", "GD-0008", "--format", "text")[1].splitlines()
    assert ["result GD-0005, proved" in lines[0], "result GD-0008, enclosed" in lines[1]] == [True, True]
    assert run("cite", "GD-0005", "GD-0008")[1].count("@misc{") == 2


def test_checks_and_what_changes_if_an_assumption_fails_are_shown_when_asked_for(run):
    for command in (("show", "GD-0005"), ("derive", "relu")):
        plain, checked = run(*command)[1], run(*command, "--checks")[1]
        assert (plain.count("checked: "), checked.count("checked: ")) == (0, 4)
        assert (plain.count("if it fails: "), checked.count("if it fails: ")) == (0, 3)


@pytest.fixture
def withdrawn(tmp_path, monkeypatch):
    """A folder in which the only result was withdrawn, and a digest that says so."""
    (tmp_path / "gd9001_tanh.py").write_text(
        "from gainderive.catalog import Withdrawn\n"
        "RESULT = Withdrawn(title='tanh is 5/3', because='It is not.', since='0.2.0', replaced_by='GD-0008')\n"
    )
    monkeypatch.setattr(files, "folder", lambda: tmp_path)
    catalog.published.cache_clear()
    monkeypatch.setattr(digest, "records", lambda: (record.record(catalog.find("GD-9001")),))
    yield "GD-9001"
    catalog.published.cache_clear()


def test_a_withdrawn_result_says_so_wherever_it_is_asked_for(run, withdrawn):
    code, out, _ = run("show", withdrawn)
    assert (code, "was withdrawn in gainderive 0.2.0: It is not. See GD-0008 instead." in out) == (0, True)
    assert "withdrawn since 0.2.0" in run("cite", withdrawn)[1]
    assert "GD-9001  withdrawn  tanh is 5/3: It is not." in run("list")[1]
    assert json.loads(run("list", "--json")[1])["results"][0]["because"] == "It is not."
    code, out, _ = run("verify", withdrawn, "--workers", "1")
    assert (code, "It is not." in out) == (0, True)
    assert json.loads(run("verify", withdrawn, "--workers", "1", "--json")[1])[0]["status"] == "withdrawn"


def verified(ok):
    rows = (Evidence("torch", "1.5", "", ok, "torch says otherwise"),)
    return Verification("GD-0005", "The gain of ReLU", Status.PROVED, Status.PROVED, rows)


@pytest.mark.parametrize("form", [(), ("--json",)])
@pytest.mark.parametrize("names", [(), ("GD-0005",)])
def test_verify_exits_with_1_when_anything_disagrees(run, monkeypatch, form, names):
    monkeypatch.setattr(verification, "verify", lambda name: verified(name != "GD-0005"))
    form = (*form, "--workers", "1")
    code, out, _ = run("verify", *names, *form)
    assert code == 1
    assert "torch says otherwise" in out
    monkeypatch.setattr(verification, "verify", lambda _: verified(True))
    assert run("verify", *names, *form)[0] == 0


def test_verify_of_all_takes_every_result_and_every_other_activation_that_has_a_gain(run, monkeypatch):
    asked = []

    def verify(name):
        asked.append(name)
        if name == "mish":
            raise NoSuchGain("none")
        return verified(True)

    monkeypatch.setattr(verification, "verify", verify)
    code, out, _ = run("verify", "--workers", "1")
    settled = {r["settles"]["names"][0] for r in digest.records() if r["settles"]}
    entries = [*activations.names(), *units.names()]
    assert asked == [*(r["id"] for r in digest.records()), *(n for n in entries if n not in settled)]
    assert (code, len(out.splitlines())) == (0, len(asked) - 1)


def test_verify_by_two_processes_says_the_same_as_by_one(run):
    assert run("verify", "relu", "tanh", "--workers", "2") == run("verify", "relu", "tanh", "--workers", "1")


def test_survey_as_table_and_as_data(run):
    code, out, _ = run("survey", "relu", "tanh", "x**3", "--workers", "1")
    assert code == 0
    assert re.search(r"^relu +1\.414213562 ∎ +1\.712858550 ∎", out, flags=re.MULTILINE)
    plain = json.loads(run("survey", "relu", "x**3", "--workers", "2", "--json")[1])
    assert plain["relu"]["forward"]["id"] == "GD-0005"
    assert plain["x**3"]["forward"]["exact"] == "sqrt(15)/15"
    assert plain["relu"]["linearized"]["error"] == "NoSuchGain"


def test_a_reader_that_goes_away_is_no_error():
    program = "from gainderive.cli import main; main(['gain', 'relu'])"
    read, write = os.pipe()
    os.close(read)
    ran = subprocess.run([sys.executable, "-c", program], stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (ran.returncode, ran.stderr) == (1, "")


def test_colours_only_on_a_terminal_and_not_against_the_users_wish(run, monkeypatch):
    assert "\x1b[" not in run("list")[1]
    monkeypatch.setattr("click._compat.isatty", lambda _: True)
    assert "\x1b[" in run("list")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("list")[1]


def test_an_interrupt_is_no_traceback(run, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(digest, "answers", interrupted)
    code, out, err = run("gain", "relu")
    assert (code, out, err.split()) == (130, "", ["interrupted"])
