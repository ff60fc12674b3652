"""The imports and the sources keep to the order that docs/architecture.md states."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIBRARY = ROOT / "gainderive"
MAKERS = {"Symbol", "Dummy", "IndexedBase", "symbols"}
ROOF = ("__version__", "__released__", "load_engine", "public_objects")
"""Names of the roof that rooms may use: the version, its day, the engine that `doit` asks for, all that is public."""
HEAVY = ("dask", "flint", "hypothesis", "matplotlib", "mpmath", "numpy", "scipy", "sympy", "torch")


def floors(page: str) -> tuple[str, ...]:
    """Return the rooms that the ordered list of `page` names, lowest first."""
    return tuple(re.findall(r"^\d+\. `(\w+)`:", page, flags=re.MULTILINE))


def imports(tree: ast.AST, package: str) -> Iterator[str]:
    """Yield the dotted name of everything that a module of `package` imports, at any depth."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            parent = parts[: len(parts) - node.level + 1] if node.level else []
            module = ".".join([*parent, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and _called(node) in ("import_module", "__import__"):
            name = node.args[0]
            text = name.values[0] if isinstance(name, ast.JoinedStr) and name.values else name
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def upward(source: str, room: str, order: Sequence[str]) -> list[str]:
    """Return what the `source` of a file of `room` imports against the `order` of the floors."""
    below = order[: order.index(room) + 1]
    refused = []
    for name in imports(ast.parse(source), f"gainderive.{room}"):
        top, _, rest = name.partition(".")
        allowed = top != "derivations"
        if top == "gainderive":
            allowed = rest.split(".")[0] in (*below, *ROOF)
        if not allowed:
            refused.append(name)
    return refused


def makers(source: str) -> list[str]:
    """Return the calls in `source` that make a SymPy symbol."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [ast.unparse(call) for call in calls if _called(call) in MAKERS]


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _room(path: Path) -> str:
    return path.relative_to(LIBRARY).parts[0].removesuffix(".py")


ORDER = floors((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
MODULES = sorted(path for path in LIBRARY.rglob("*.py") if path != LIBRARY / "__init__.py")
WRITTEN = [*MODULES, *sorted((ROOT / "derivations").glob("*.py")), *sorted((ROOT / "tests").rglob("*.py"))]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_room_has_one_floor_and_every_floor_a_room() -> None:
    assert sorted(ORDER) == sorted({_room(path) for path in MODULES})


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_lead_downward(path: Path) -> None:
    assert upward(path.read_text(encoding="utf-8"), _room(path), ORDER) == []


@pytest.mark.parametrize("path", WRITTEN, ids=_name)
def test_only_the_room_of_symbols_makes_symbols(path: Path) -> None:
    if path != LIBRARY / "symbols.py":
        assert makers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted((ROOT / "derivations").glob("*.py")), ids=_name)
def test_results_use_the_library_and_not_each_other(path: Path) -> None:
    names = list(imports(ast.parse(path.read_text(encoding="utf-8")), "derivations"))
    assert any(name.startswith("gainderive") for name in names)
    assert not [name for name in names if name.startswith(("derivations", "gd"))]


@pytest.mark.parametrize(
    "planted",
    [
        "from gainderive.exact import solve",
        "from gainderive import exact",
        "import gainderive.exact as e",
        "def f():\n    from gainderive.exact import solve",
        "from ..exact import solve",
        "from .. import exact",
        "from importlib import import_module\nimport_module('gainderive.exact.moments')",
        "import_module(f'gainderive.exact.{name}')",
        "import derivations.gd0001_x",
        "from derivations import gd0001_x",
        "from gainderive import gain",
        "import gainderive",
    ],
)
def test_a_planted_upward_import_is_refused(planted: str) -> None:
    assert upward(planted, "derivation", ("errors", "derivation", "exact"))


@pytest.mark.parametrize(
    "sound",
    [
        "from gainderive.errors import Undecided",
        "from gainderive import errors, __version__",
        "from gainderive.derivation._step import Step",
        "from . import _step",
        "from .. import errors",
        "import sympy.integrals",
        "import_module(f'gainderive.derivation.{name}')",
    ],
)
def test_a_downward_import_passes(sound: str) -> None:
    assert upward(sound, "derivation", ("errors", "derivation", "exact")) == []


@pytest.mark.parametrize(
    "planted",
    ["x = Symbol('x')", "a, b = symbols('a b')", "sympy.Dummy()", "sp.symbols('x', real=True)", "IndexedBase('W')"],
)
def test_a_planted_symbol_is_refused(planted: str) -> None:
    assert makers(planted)
    assert not makers("from gainderive import symbols\nsymbols.parameter('a')\nexpr.free_symbols")


def test_importing_the_library_loads_nothing_heavy() -> None:
    code = f"import sys, gainderive; print(*[name for name in {HEAVY} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert run.stdout.split() == []
