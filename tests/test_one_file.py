"""One file adds one activation or unit: in a copy of the repository nothing else is edited, and everything finds it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gainderive.render import katex

ROOT = Path(__file__).parent.parent
ADDED = '''"""A ramp with two kinks: 0 up to -1, then slope 1/2, then slope 2 from the threshold on."""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

t = parameter("t", positive=True)

ACTIVATION = Activation(
    name="two_kinks",
    title="two kinks",
    expression=Piecewise((0, x < -1), ((x + 1) / 2, x < t), (2 * x + (1 - 3 * t) / 2, True)),
    parameters=(Parameter("threshold", t, default=S.One),),
    aliases=("double_ramp",),
    source="a test",
)
'''

ADDED_UNIT = '''r"""A gated unit with a leaky gate: :math:`x_1` times a leaky ReLU of :math:`x_2`."""

from sympy import Piecewise, Rational

from gainderive.activations import Parameter
from gainderive.symbols import branch, parameter
from gainderive.units._unit import Unit

u, v, b = branch(1), branch(2), parameter("b")

UNIT = Unit(
    name="leaky_gate",
    title="leaky gate",
    outputs=(u * Piecewise((b * v, v < 0), (v, True)),),
    parameters=(Parameter("slope", b, default=Rational(1, 2)),),
    aliases=("leaky_glu",),
    source="a test",
)
'''
BUILD = """
import json, sys
sys.modules["torch"] = None  # It takes seconds to load and has no say here.
from pathlib import Path
from gainderive import files
from gainderive.render import api, site

api.pages = lambda commands: {}
activations, units = files.activations(), files.units()
files.activations = lambda: {name: activations[name] for name in ("relu", "two_kinks")}
files.units = lambda: {name: units[name] for name in ("crelu", "leaky_gate")}
files.results = files.claims = dict
print(json.dumps(site.build(Path("site")).derived))
"""
"""Build the site of a few pages by the library's own hand."""


@pytest.fixture(scope="module")
def site(copy: Path) -> Path:
    """Return the folder of a site of both added files and a neighbour of each."""
    derived = json.loads(run(copy, "-c", BUILD))
    assert derived == ["activations/relu", "activations/two_kinks", "units/crelu", "units/leaky_gate"]
    return copy / "site"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, write_documents: Callable[[Path, str], Path]) -> Path:
    """Return a copy of the repository's tree with one activation and one unit more, a file each."""
    folder = tmp_path_factory.mktemp("copy") / "gainderive"
    for part in ("gainderive", "derivations", "tests"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    write_documents(folder, "See {activation}`relu`.")
    (folder / "node_modules").symlink_to(katex.folder().parents[1])
    (folder / "gainderive" / "activations" / "two_kinks.py").write_text(ADDED, encoding="utf-8")
    (folder / "gainderive" / "units" / "leaky_gate.py").write_text(ADDED_UNIT, encoding="utf-8")
    return folder


def run(copy: Path, *arguments: str) -> str:
    """Return what Python prints that imports gainderive from the copy."""
    environment = os.environ | {"PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(copy: Path, expression: str) -> Any:
    program = "import json, pathlib, gainderive as gd\nfrom gainderive import activations, units"
    where = "str(pathlib.Path(gd.__file__).parent.parent)"
    found, home = json.loads(run(copy, "-c", f"{program}\nprint(json.dumps([{expression}, {where}]))"))
    assert Path(home).samefile(copy)
    return found


def test_it_is_not_there_without_its_file() -> None:
    from gainderive import activations, units

    assert "two_kinks" not in activations.names()
    assert "leaky_gate" not in units.names()


def test_the_catalogue_finds_it_under_each_name(copy: Path) -> None:
    assert "two_kinks" in asked(copy, "list(activations.names())")
    assert asked(copy, "activations.load('double_ramp').name") == "two_kinks"


def test_its_gain_is_derived_with_its_parameter(copy: Path) -> None:
    record = asked(copy, "gd.gain('two_kinks').to_dict()")
    assert record["status"] == "proved"
    assert record["value"] == pytest.approx(by_simpson(1.0), rel=1e-9)
    assert asked(copy, "gd.gain('double_ramp', threshold=2).value") == pytest.approx(by_simpson(2.0), rel=1e-9)


def test_the_command_line_lists_gains_derives_and_verifies_it(copy: Path) -> None:
    assert "two_kinks (double_ramp)" in run(copy, "-m", "gainderive.cli", "list")
    assert "proved" in run(copy, "-m", "gainderive.cli", "gain", "two_kinks")
    assert "two kinks" in run(copy, "-m", "gainderive.cli", "derive", "two_kinks")
    report = json.loads(run(copy, "-m", "gainderive.cli", "verify", "two_kinks", "--json"))[0]
    assert report["ok"]
    assert {"symbolic steps", "enclosure of g", "quadrature of g", "Monte Carlo of g"} <= {
        row["route"] for row in report["rows"]
    }


def test_the_tests_of_all_activations_run_over_it(copy: Path) -> None:
    chosen = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_activations.py", "-k", "two_kinks")
    assert " passed" in chosen


def test_it_has_a_page_with_a_plot_and_a_row_in_the_comparison(copy: Path, site: Path) -> None:
    page = source(site, "activations/two_kinks")
    assert "A ramp with two kinks: 0 up to -1" in page
    assert "Kinks at -1, 1." in page
    assert "| `threshold` | $t$ | $1$ | positive |" in page
    assert "<svg" in (site / "activations" / "two_kinks.svg").read_text(encoding="utf-8")
    assert "<h1>two kinks<" in (site / "activations" / "two_kinks.html").read_text(encoding="utf-8")
    assert f"{by_simpson(1.0):#.7g} ∎" in row(site, "{activation}`two kinks <two_kinks>`")


# -- a unit ----------------------------------------------------------------------------------


def test_a_units_gain_is_that_of_its_gate(copy: Path) -> None:
    # E (u phi(v))^2 = (1 + b^2)/2, at b = 1/2 the number 5/8; at b = 1 the unit is bilinear.
    record, plain = asked(
        copy, "[gd.gain(name, slope=b).to_dict() for name, b in (('leaky_gate', '1/2'), ('leaky_glu', 1))]"
    )
    assert (record["status"], record["value"]) == ("proved", pytest.approx(1.6**0.5, rel=1e-15))
    assert (plain["activation"], plain["value"]) == ("leaky_gate", 1)


def test_the_command_line_lists_gains_and_surveys_a_unit(copy: Path) -> None:
    line = ("-m", "gainderive.cli")
    assert "leaky_gate (leaky_glu)" in run(copy, *line, "list").split("Units:")[1]
    assert "proved" in run(copy, *line, "gain", "leaky_gate")
    assert "1.264911064 ∎" in run(copy, *line, "survey", "leaky_gate", "--workers", "1")


def test_a_unit_has_a_page_with_a_plot_and_a_row_in_the_comparison(copy: Path, site: Path) -> None:
    page = source(site, "units/leaky_gate")
    assert "A gated unit with a leaky gate: $x_1$ times" in page
    assert "kink at $0$" in page
    assert "its own weight matrix has $2 n$ rows, and that of the next layer $n$ columns" in page
    assert "<svg" in (site / "units" / "leaky_gate.svg").read_text(encoding="utf-8")
    assert "<h1>Leaky gate<" in (site / "units" / "leaky_gate.html").read_text(encoding="utf-8")
    assert "1.264911 ∎" in row(site, "{activation}`leaky gate <leaky_gate>` *unit*")


def test_the_tests_of_all_units_run_over_it(copy: Path) -> None:
    chosen = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_units.py", "-k", "leaky_gate")
    assert " passed" in chosen


def source(site: Path, name: str) -> str:
    """Return what Sphinx reads of the page called `name`, as MyST."""
    return (site.with_name(".site.cache") / "typeset" / "source" / "docs" / f"{name}.md").read_text(encoding="utf-8")


def row(site: Path, name: str) -> str:
    """Return the row of the comparison that begins with `name`."""
    table = source(site, "activations/index")
    return next(line for line in table.splitlines() if line.startswith(f"| {name} |"))


def by_simpson(threshold: float) -> float:
    """Return (E phi(z)^2)^(-1/2), Simpson's rule on each side of the kink."""
    import numpy as np
    from scipy.integrate import simpson

    def density(at: np.ndarray) -> np.ndarray:
        return np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi)

    left, right = np.linspace(-1, threshold, 2001), np.linspace(threshold, 12, 8001)
    mean = simpson(((left + 1) / 2) ** 2 * density(left), x=left)
    mean += simpson((2 * right + (1 - 3 * threshold) / 2) ** 2 * density(right), x=right)
    return float(mean**-0.5)
