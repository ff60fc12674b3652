"""One file adds one activation: in a copy of the repository nothing else is edited, and everything finds it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository's tree with one file more."""
    folder = tmp_path_factory.mktemp("copy") / "gainderive"
    for part in ("gainderive", "derivations", "tests"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "gainderive" / "activations" / "two_kinks.py").write_text(ADDED, encoding="utf-8")
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
    program = "import json, pathlib, gainderive as gd\nfrom gainderive import activations"
    where = "str(pathlib.Path(gd.__file__).parent.parent)"
    found, home = json.loads(run(copy, "-c", f"{program}\nprint(json.dumps([{expression}, {where}]))"))
    assert Path(home).samefile(copy)
    return found


def test_it_is_not_there_without_its_file() -> None:
    from gainderive.activations import names

    assert "two_kinks" not in names()


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
