"""Batch work: the same answers from one process, from many, and from any map; failures that name their item."""

import inspect
import math
import multiprocessing
import operator
import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import gainderive as gd
from gainderive import batch, errors, numbers
from gainderive.derivation import Verdict

NUMBERS = [3, 1, 2, 5, 4]


@pytest.mark.parametrize("workers", [1, 2, 7, map, lambda function, items: [function(item) for item in items]])
def test_answers_come_in_the_order_of_the_items(workers):
    assert list(batch.mapped(operator.neg, NUMBERS, workers)) == [-3, -1, -2, -5, -4]
    assert list(batch.mapped(operator.neg, iter(NUMBERS), workers)) == [-3, -1, -2, -5, -4]
    assert list(batch.mapped(operator.neg, [], workers)) == []


def test_pools_of_the_standard_library_and_maps_that_return_futures():
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert list(batch.mapped(operator.neg, NUMBERS, pool.map)) == [-3, -1, -2, -5, -4]
    with ThreadPoolExecutor(2) as pool:
        assert list(batch.mapped(operator.neg, NUMBERS, pool.map)) == [-3, -1, -2, -5, -4]

        def futures(function, items):
            return [pool.submit(function, item) for item in items]

        assert list(batch.mapped(operator.neg, NUMBERS, futures)) == [-3, -1, -2, -5, -4]


@pytest.mark.parametrize("workers", [0, -1, 1.5, "2", None, True])
def test_workers_that_are_none_are_refused_before_any_work(workers):
    with pytest.raises(errors.BadWorkers, match=r"multiprocessing\.Pool"):
        batch.mapped(operator.neg, NUMBERS, workers)


# -- failures --------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2, map])
def test_a_failure_names_its_item_and_what_came_before_is_delivered(workers):
    answers = batch.mapped(math.factorial, [3, -1, 4], workers)
    assert next(answers) == 6
    with pytest.raises(errors.WorkFailed, match=r"^-1: ValueError: factorial"):
        next(answers)


@pytest.mark.parametrize("workers", [1, 2, map])
def test_an_error_of_ours_comes_back_as_it_is(workers):
    with pytest.raises(errors.BadDigits) as alone:
        numbers.digits(0)
    with pytest.raises(errors.BadDigits) as found:
        list(batch.mapped(numbers.digits, [5, 0], workers))
    assert str(found.value) == str(alone.value)


def test_a_worker_that_dies_is_told_from_one_that_works_long():
    with pytest.raises(errors.WorkFailed, match=r"^3: a worker process died.*__main__"):
        list(batch.mapped(os._exit, [3, 4], 2))


def test_what_cannot_be_sent_to_a_process_is_said():
    with pytest.raises(errors.WorkFailed, match=r"^1: .*(pickle|local object)"):
        list(batch.mapped(lambda item: item, [1, 2], 2))


def test_a_script_without_the_guard_learns_about_it(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text("import gainderive as gd\nprint(gd.survey(['relu', 'identity'], workers=2))\n")
    here = os.environ | {"PYTHONPATH": str(Path(gd.__file__).parents[1])}
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=120, env=here)
    assert ran.returncode == 1
    assert "WorkFailed: relu: a worker process died. In a script" in ran.stderr


KINDS = [k for k in vars(errors).values() if inspect.isclass(k) and issubclass(k, errors.GainderiveError)]
MADE = {
    errors.SeveralEdges: ("two", (1, 2)),
    errors.UnknownActivation: ("rleu", ["relu"]),
    errors.UnknownClaim: ("A99", ["A9"]),
    errors.UnknownCriterion: ("foward", ["forward"]),
    errors.UnknownFigure: ("cobwbe", ["cobweb"]),
    errors.UnknownFormat: ("ris", ["bibtex"]),
    errors.UnknownResult: ("GD-1", ["GD-0001"]),
    errors.NoSuchGain: ("none", "a proof"),
    errors.SeveralGains: ("two", (1, 2)),
    errors.StepRefused: (3, Verdict.FALSE, "why"),
    errors.MissingExtra: ("this", "that", "plot"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_survives_the_way_back_from_a_process(kind):
    error = kind(*MADE.get(kind, ("what was wrong",)))
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), str(back), vars(back)) == (kind, str(error), vars(error))


# -- the bar ---------------------------------------------------------------------------------


class Terminal:
    """A stderr that claims to be a terminal."""

    def __init__(self):
        self.written = ""

    def write(self, text):
        self.written += text

    def flush(self):
        pass

    def isatty(self):
        return True


def test_a_bar_is_shown_on_a_terminal_only(monkeypatch, capsys):
    def work(progress):
        return list(batch.mapped(operator.neg, NUMBERS, progress=progress, what="negate", unit="number"))

    work(True)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys, "stderr", Terminal())
    work(False)
    assert sys.stderr.written == ""
    work(True)
    assert "negate" in sys.stderr.written
    assert "5/5" in sys.stderr.written


# -- the survey ------------------------------------------------------------------------------

NAMES = ["leaky_relu", "tanh", "square", "sign", "tanh(x) + x/5"]


def test_a_survey_holds_the_same_numbers_whoever_works():
    alone = gd.survey(NAMES, digits=20)
    assert list(alone) == NAMES
    assert alone.to_dict() == {name: gd.gains(name, digits=20).to_dict() for name in NAMES}
    with ThreadPoolExecutor(1) as pool:
        for workers in (2, map, pool.map):
            other = gd.survey(NAMES, digits=20, workers=workers)
            assert other.to_dict() == alone.to_dict()
            assert (str(other), other._repr_html_()) == (str(alone), alone._repr_html_())


def test_a_survey_checks_every_derivation(monkeypatch):
    checked = []
    check = gd.Derivation.check
    monkeypatch.setattr(gd.Derivation, "check", lambda self: checked.append(self.title) or check(self))
    found = gd.survey(["gelu"])["gelu"]
    assert {f"The {criterion} gain of GELU" for criterion in found} <= set(checked)
    assert [gain.status for gain in found.values()] == [gd.derive("gelu", c).check() for c in found]


def test_a_table_says_what_its_signs_mean_and_why_a_number_is_missing():
    unsettled = "x*cos(x)/10**4"
    found = gd.survey(["relu", "tanh", "sign", "exp(x**2/3)", unsettled])
    *rows, legend = (line.split("  ") for line in str(found).splitlines())
    cells = {name.strip(): [cell.strip() for cell in row if cell] for name, *row in rows}
    assert cells["relu"] == ["1.414213562 ∎", "1.712858550 ∎", "1.414213562 ∎", "1.414213562 ∎", "none"]
    assert cells["sign"] == ["1 ∎", "1 ∎", "every g", "none", "none"]
    assert cells["exp(x**2/3)"][:2] == ["diverges", "diverges"]
    # A search that found nothing has not shown that there is nothing.
    assert "not proved" in str(found[unsettled]["activation"])
    assert cells[unsettled][2] == "none found"
    assert "  ".join(legend) == "∎ proved, ± enclosed"
    assert "∎ proved" in gd.survey(["relu"])._repr_html_()


def is_alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name != "posix", reason="signals a process group")
def test_an_interrupted_build_leaves_no_traceback_no_worker_and_nothing_half_written(tmp_path):
    command = [sys.executable, "-m", "gainderive.cli", "build", "--out", str(tmp_path / "site"), "--workers", "2"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    until = time.monotonic() + 120
    while not list(tmp_path.glob(".site.cache/pages/r/GD-*.json")) and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert (running.returncode, said.split()) == (130, ["interrupted"])
    # Whoever reaps orphans may take its time.
    until = time.monotonic() + 20
    while is_alive(running.pid) and time.monotonic() < until:
        time.sleep(0.1)
    assert not is_alive(running.pid)
    assert [path.name for path in tmp_path.iterdir()] == [".site.cache"]
    assert not list(tmp_path.rglob(".*.json.*"))
