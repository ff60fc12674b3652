"""Ratios of the command line's speed to what it cannot be faster than, all measured in one run.

Run: ``python benchmarks/command_line.py``. A published gain is compared with importing click, a build without
changes with the build before it.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPEATS = 15
BUILDS = 3


def seconds(*command: str, cwd: Path | None = None) -> float:
    """Return the wall time of one run of Python with the arguments `command`, started in the folder `cwd`."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, *command], check=True, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def compare(title: str, reference: list[float], measured: list[float], bound: float) -> None:
    """Print the ratio of two medians, and what it may be at most."""
    below, above = statistics.median(reference), statistics.median(measured)
    print(f"{title:<44} {below:8.3f} s {above:8.3f} s   ratio {above / below:.3f} (at most {bound:g})")


def main() -> None:
    """Measure in turns, so that a change of the machine's load meets both sides."""
    gain = "import sys; sys.argv[1:] = ['gain', 'relu']; from gainderive.cli import main; main()"
    pairs = [(seconds("-c", "import click"), seconds("-c", gain)) for _ in range(REPEATS)]
    compare("import click; gainderive gain relu", *map(list, zip(*pairs, strict=True)), bound=2)
    with tempfile.TemporaryDirectory() as folder:
        build = f"from gainderive.cli import main; main(['build', '--out', {str(Path(folder) / 'site')!r}])"
        first = seconds("-c", build)
        compare("first build; build without changes", [first], [seconds("-c", build) for _ in range(BUILDS)], bound=0.1)


if __name__ == "__main__":
    main()
