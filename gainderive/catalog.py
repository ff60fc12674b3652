"""Published results: what a file in ``derivations/`` holds, and how the files are found.

A result is one file ``derivations/gdNNNN_slug.py`` with one ``RESULT = Result(...)``. Its ID is in the
file's name, permanent and meaningless; the slug may change. Nothing else has to be edited.

>>> result("GD-0005").title
'The gain of ReLU is √2'
>>> [r.id for r in results()][:2]
['GD-0001', 'GD-0002']
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np

from gainderive import files, units
from gainderive.criteria import Criterion
from gainderive.derivation import Derivation, Source
from gainderive.errors import BadResult, UnknownActivation, UnknownResult
from gainderive.status import Status


@dataclass(frozen=True)
class Agrees:
    """torch's gain equals the derived one, up to the rounding of a double."""


@dataclass(frozen=True)
class Differs:
    """torch's gain is another number; ``because`` says why, and what follows."""

    because: str


@dataclass(frozen=True)
class Absent:
    """torch's table has no entry for this."""


TorchRelation = Agrees | Differs | Absent


@dataclass(frozen=True)
class Settles:
    """The gain that a result settles: activation and criterion."""

    activation: str
    criterion: Criterion = Criterion.FORWARD


@dataclass(frozen=True)
class Experiment:
    """A simulation of a result that no Gaussian mean states, such as a real layer's second moment.

    Attributes
    ----------
    what : str
        What is measured, in words.
    draw : callable
        ``draw(generator, size)`` returns ``size`` independent measurements as an array.
    expected : float
        Their mean according to the claim.
    """

    what: str
    draw: Callable[[np.random.Generator, int], np.ndarray]
    expected: float


@dataclass(frozen=True)
class Result:
    """One published result.

    Attributes
    ----------
    title : str
        The result in a line.
    derive : callable
        Returns the derivation, made anew.
    commentary : str
        Why it is true, in a lecturer's words; Markdown with LaTeX between dollar signs.
    status : Status
        The status that the file claims; the verification computes the real one and compares.
    torch : Agrees, Differs or Absent
        How ``torch.nn.init.calculate_gain`` relates to it.
    settles : Settles or None
        The gain that it settles.
    sources : tuple of Source
        What was used.
    experiment : Experiment or None
        A simulation, where the claim is not about Gaussian means.
    id : str
        Set from the file's name.
    """

    title: str
    derive: Callable[[], Derivation] = field(hash=False)
    commentary: str
    torch: TorchRelation = Absent()
    status: Status = Status.PROVED
    settles: Settles | None = None
    sources: tuple[Source, ...] = ()
    experiment: Experiment | None = field(default=None, hash=False)
    id: str = ""

    @cached_property
    def derivation(self) -> Derivation:
        """The derivation under the result's ID, title, status and sources."""
        derived = self.derive()
        sources = tuple(dict.fromkeys((*self.sources, *derived.sources)))
        return replace(derived, id=self.id, title=self.title, status=self.status, sources=sources)

    @property
    def names(self) -> tuple[str, ...]:
        """All names of the activation whose gain is settled."""
        if self.settles is None:
            return ()
        activation = units.named(self.settles.activation)
        return (activation.name, *activation.aliases)


@cache
def results() -> tuple[Result, ...]:
    """Return all published results in the order of their IDs."""
    return tuple(load_file(path) for path in files.results().values())


def load_file(path: Path) -> Result:
    """Return the result that the file at `path` holds.

    Raises
    ------
    BadResult
        When the file's name carries no ID, or the file holds no ``RESULT``.
    """
    carried = files.result_id(path)
    spec = spec_from_file_location(f"gainderive_results.{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    held = getattr(module, "RESULT", None)
    if not isinstance(held, Result):
        raise BadResult(f"{path.name}: the file holds no RESULT = Result(...)")
    return replace(held, id=carried)


def result(key: str) -> Result:
    """Return the result with ID `key`, or the one that settles the forward gain of the activation `key`.

    Raises
    ------
    UnknownResult
        With the nearest IDs.
    """
    for candidate in results():
        if candidate.id == key.upper():
            return candidate
    settled = settling(key)
    if settled is None:
        raise UnknownResult(key, [r.id for r in results()])
    return settled


def settling(activation: str, criterion: Criterion = Criterion.FORWARD) -> Result | None:
    """Return the result that settles a gain, or ``None``."""
    try:
        name = units.named(activation).name
    except UnknownActivation:
        return None
    for candidate in results():
        if candidate.settles is not None and candidate.settles == Settles(name, criterion):
            return candidate
    return None


def cite(key: str) -> str:
    """Return the BibTeX entry of a result.

    >>> print(cite("GD-0005").splitlines()[0])
    @misc{gainderive-GD-0005,
    """
    from gainderive import __version__

    found = result(key)
    return "\n".join(
        [
            f"@misc{{gainderive-{found.id},",
            "  author = {{gainderive contributors}},",
            f"  title = {{{{{_tex(found.title)}}}}},",
            f"  howpublished = {{gainderive {__version__}, result {found.id}}},",
            f"  note = {{{_tex('Status: ' + str(found.status))}}},",
            "}",
        ]
    )


def _tex(text: str) -> str:
    return re.sub(r"([&%#_])", r"\\\1", text)
