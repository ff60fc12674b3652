"""Cells of a notebook run in this process by IPython, and everything that they show, in order.

There is no kernel process. Every notebook gets a namespace of its own, and what IPython leaves behind in the
interpreter is taken away again. What goes to stderr, such as progress and logging, belongs to a run and not to a page.
A warning that Python shows by default counts as an error: it would stand on the page in the reader's face.
"""

from __future__ import annotations

import atexit
import builtins
import sys
import warnings
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gainderive.errors import MissingExtra
from gainderive.render.plot import LIGHT

try:
    import matplotlib
    from cycler import cycler
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from nbformat.v4 import new_output
    from traitlets import Type
    from traitlets.config import Config
except ModuleNotFoundError as error:
    raise MissingExtra("running a notebook", str(error.name), "docs") from None

if TYPE_CHECKING:
    from nbformat import NotebookNode

SVG = "image/svg+xml"
_STYLE: dict[Any, Any] = LIGHT.settings() | {
    "axes.prop_cycle": cycler(color=LIGHT.series[:-1]),
    "axes.labelsize": 11,
    "axes.titlesize": 11,
    "figure.constrained_layout.use": True,
    "figure.figsize": (7.0, 3.6),
    "font.size": 11,
    "legend.fontsize": 11,
}
"""That of all pictures, in letters for a page rather than a hall; the colours come one after the other."""
_FOR_DEVELOPERS = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
"""Warnings that Python does not show to users."""


class Run:
    """A notebook that is being run.

    Attributes
    ----------
    source : str
        The last cell.
    outputs : list of NotebookNode
        What it has shown, in order.
    """

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self.source = ""
        self.outputs: list[NotebookNode] = []

    def cell(self, source: str, number: int) -> Exception | None:
        """Run a cell, keep what it shows, and return what it raised."""
        self.source, self.outputs = source, []
        with redirect_stdout(_Printed(self)), redirect_stderr(StringIO()), warnings.catch_warnings():
            warnings.simplefilter("error")
            for kind in _FOR_DEVELOPERS:
                warnings.simplefilter("ignore", kind)
            self._shell.execution_count = number
            result = self._shell.run_cell(source, store_history=False)
            self._show_figures()
        error = result.error_before_exec or result.error_in_exec
        if error is None or isinstance(error, Exception):
            return error
        raise error  # such as a keyboard's interrupt

    def show(self, kind: str, data: dict[str, Any], metadata: dict[str, Any] | None = None, **more: Any) -> None:
        """Keep something shown: MIME types and the representations in them."""
        self.outputs.append(new_output(kind, data=data, metadata=metadata or {}, **more))

    def print(self, text: str) -> None:
        """Keep printed text, with what was printed before it unless something else came between."""
        last = self.outputs[-1] if self.outputs else None
        if last is not None and last.output_type == "stream":
            last.text += text
        else:
            self.outputs.append(new_output("stream", name="stdout", text=text))

    def failed(self, error: BaseException) -> None:
        """Keep an error and the notes that it carries, without the frames of the machinery that ran the cell."""
        name = type(error).__name__
        said = [f"{name}: {error}", *getattr(error, "__notes__", ())]
        self.outputs.append(new_output("error", ename=name, evalue=str(error), traceback=said))

    def _show_figures(self) -> None:
        """Show the figures that the cell left open, as a notebook does, and close them."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return
        for number in pyplot.get_fignums():
            written = StringIO()
            pyplot.figure(number).savefig(written, format="svg", metadata={"Date": None, "Creator": None})
            self.show("display_data", {SVG: written.getvalue()})
        pyplot.close("all")


@contextmanager
def running() -> Iterator[Run]:
    """Give a notebook's run: a fresh namespace, an empty folder, and matplotlib drawing in the style of the pages."""
    main = sys.modules["__main__"]
    matplotlib.use("agg")
    with TemporaryDirectory() as folder, chdir(folder), matplotlib.rc_context(_STYLE), _numbers_as_before():
        shell = _Shell.instance(ipython_dir=folder, user_module=ModuleType("__main__"), config=_QUIET)
        run = shell.run_of_cells = Run(shell)
        try:
            yield run
        finally:
            atexit.unregister(shell.atexit_operations)
            shell.restore_sys_module_state()
            sys.modules["__main__"] = main
            for name in _LEFT_BEHIND:
                builtins.__dict__.pop(name, None)
            _Shell.clear_instance()


@contextmanager
def _numbers_as_before() -> Iterator[None]:
    """Take back what a notebook said about torch's numbers: it holds for the whole process."""
    before = sys.modules["torch"].get_default_dtype() if "torch" in sys.modules else None
    try:
        yield
    finally:
        torch = sys.modules.get("torch")
        if torch is not None:
            torch.set_default_dtype(before or torch.float32)


_QUIET = Config()
_QUIET.HistoryManager.enabled = False
_QUIET.InteractiveShell.warn_venv = False
_QUIET.InteractiveShell.colors = "nocolor"
_LEFT_BEHIND = ("__IPYTHON__", "display")


class _Printed(StringIO):
    """Where a cell prints to."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def write(self, text: str) -> int:
        if text:
            self._run.print(text)
        return len(text)


class _Value(DisplayHook):
    """Shows the value of a cell's last line."""

    def quiet(self) -> bool:
        # IPython would look the cell up in its history, which is not kept.
        return bool(self.semicolon_at_end_of_expression(self.shell.run_of_cells.source))

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        number = self.shell.execution_count
        self.shell.run_of_cells.show("execute_result", format_dict, md_dict, execution_count=number)

    def log_output(self, format_dict: dict[str, Any]) -> None:
        pass

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Displayed(DisplayPublisher):
    """Shows what a cell hands to ``display``."""

    def publish(self, data: dict[str, Any], metadata: dict[str, Any] | None = None, *_: Any, **__: Any) -> None:
        self.shell.run_of_cells.show("display_data", data, metadata)


class _Shell(InteractiveShell):
    displayhook_class = Type(_Value)
    display_pub_class = Type(_Displayed)
    run_of_cells: Run

    def _showtraceback(self, etype: Any, evalue: BaseException, stb: Any) -> None:
        self.run_of_cells.failed(evalue)
