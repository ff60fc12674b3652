"""Ratios of building the site again to building it from nothing, all measured in one run.

Run: ``python -m benchmarks.site``. It takes minutes. The sources are copied, so that one result's commentary can be
changed; the site is built from nothing, again after the change, and again without any.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.command_line import compare, seconds

ROOT = Path(__file__).parent.parent
SOURCES = ("gainderive", "derivations", "docs")
PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")
RESULT = "gd0005_relu.py"
CHANGES = 3


def copied(folder: Path) -> Path:
    """Return a copy of what the site is made of."""
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in PAGES:
        shutil.copy(ROOT / name, folder)
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    return folder


def comment(result: Path, number: int) -> None:
    """Add a sentence to a result's commentary."""
    head, begin, rest = result.read_text(encoding="utf-8").partition('commentary=r"""')
    result.write_text(f"{head}{begin}\nChange {number}.{rest}", encoding="utf-8")


def main() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder))
        # Started in the copy, Python takes the library from there, and not the one that is installed.
        build = ("-m", "gainderive.cli", "build")
        full = seconds(*build, cwd=copy)
        changed, unchanged = [], []
        for number in range(CHANGES):
            comment(copy / "derivations" / RESULT, number)
            changed.append(seconds(*build, cwd=copy))
            unchanged.append(seconds(*build, cwd=copy))
        compare("full build; after one commentary changed", [full], changed, bound=0.3)
        compare("full build; without changes", [full], unchanged, bound=0.05)


if __name__ == "__main__":
    main()
