"""The wheel and the sdist hold what a user needs, and an editable install holds no second copy of it."""

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

import gainderive

ROOT = Path(__file__).parent.parent
RESULTS = {path.name for path in (ROOT / "derivations").glob("gd*.py")}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as archive:
        yield archive


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    return message_from_bytes(_read(wheel, "METADATA"))


def _read(wheel: zipfile.ZipFile, name: str) -> bytes:
    return wheel.read(next(path for path in wheel.namelist() if path.endswith(f".dist-info/{name}")))


def test_the_wheel_holds_the_results_inside_the_package(wheel: zipfile.ZipFile) -> None:
    inside = {Path(name).name for name in wheel.namelist() if name.startswith("gainderive/derivations/")}
    assert RESULTS
    assert inside >= RESULTS


def test_the_wheel_holds_one_package_and_no_tests(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"gainderive", f"gainderive-{gainderive.__version__}.dist-info"}
    assert not [name for name in wheel.namelist() if "test_" in name or "__pycache__" in name]
    assert "gainderive/py.typed" in wheel.namelist()


def test_the_wheel_holds_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    tracked = subprocess.run(["git", "ls-files", "gainderive"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    assert set(tracked.stdout.split()) <= set(wheel.namelist())


def test_the_wheel_holds_the_pages_and_what_they_include(wheel: zipfile.ZipFile) -> None:
    docs = ROOT / "docs"
    pages = {path.relative_to(docs): path.read_text(encoding="utf-8") for path in docs.rglob("*.md")}
    assert {f"gainderive/docs/{page.as_posix()}" for page in pages} <= set(wheel.namelist())
    included = {
        name for text in pages.values() for name in re.findall(r"^```\{include\} \.\./(\S+)", text, re.MULTILINE)
    }
    assert included
    assert {f"gainderive/{name}" for name in included} <= set(wheel.namelist())


def test_the_console_script_is_there(wheel: zipfile.ZipFile) -> None:
    assert "gainderive = gainderive.cli:main" in _read(wheel, "entry_points.txt").decode()


def test_the_installed_wheel_finds_its_results(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    code = "import gainderive.files as f; print(f.folder())"
    # -I: neither the repository nor the environment's editable install comes before the extracted wheel.
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"
    run = subprocess.run(
        [sys.executable, "-I", "-c", program], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert Path(run.stdout.strip()) == tmp_path / "gainderive" / "derivations"


def test_the_metadata_say_what_pyproject_says(metadata: Message) -> None:
    assert metadata["Version"] == gainderive.__version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert set(metadata.get_all("Provides-Extra", [])) == set(PROJECT["optional-dependencies"])
    assert {"torch", "docs", "plot", "testing", "cluster"} <= set(PROJECT["optional-dependencies"])
    assert "torch>=2.2" in PROJECT["optional-dependencies"]["torch"]


def test_the_sdist_holds_what_builds_and_tests_it(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"derivations/{name}" for name in RESULTS} <= names
    assert {"pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "docs/architecture.md"} <= names
    assert {"Makefile", "constraints.txt", "package.json", "package-lock.json"} <= names
    assert "tests/test_packaging.py" in names


def test_an_editable_install_points_here_and_copies_nothing(tmp_path: Path) -> None:
    code = f"from hatchling.build import build_editable; print(build_editable({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as archive:
        files = [name for name in archive.namelist() if ".dist-info/" not in name]
        assert [archive.read(name).decode().strip() for name in files] == [str(ROOT)]


def test_every_constraint_is_an_exact_version_without_a_source() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(line.count("==") == 1 and "/" not in line and "@" not in line for line in pins)
    assert "torch==2.13.0" in pins
    assert not [line for line in pins if line.startswith(("nvidia", "triton", "cuda"))]
