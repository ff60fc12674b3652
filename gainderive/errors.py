"""What can go wrong; every message says what was wrong, where, and what to do.

All errors derive from :class:`GainderiveError`, so one ``except`` clause catches
everything that this library refuses on purpose and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any


class GainderiveError(Exception):
    """Base of every error that gainderive raises on purpose; survives pickling, so that a worker can send it."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Python would call the class with the message alone, and several classes are made from more than that.
        return _revived, (type(self), self.args, self.__dict__)


def _revived(kind: type[GainderiveError], args: tuple[Any, ...], state: dict[str, Any]) -> GainderiveError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


def _suggestion(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name.lower(), list(known), n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(repr(str(c)) for c in close)}?" if close else ""


def _suggestion_of_id(name: str, known: Iterable[str]) -> str:
    """Suggest IDs of which the letter or the number is the same; they are too short to be compared by spelling."""
    digits = "".join(c for c in name if c.isdigit())
    close = [id for id in known if id[1:] == digits] or get_close_matches(name.upper(), list(known), n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(map(repr, close))}?" if close else ""


class UnknownActivation(GainderiveError):
    """A name that no file in ``gainderive/activations`` or ``gainderive/units`` carries."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"no activation is called {name!r}.{_suggestion(name, known)} "
            "`gainderive list` shows all; an expression in x such as 'tanh(x) + x/5' is accepted too."
        )
        self.name = name


class UnknownCriterion(GainderiveError):
    """A criterion that is none of the five."""

    def __init__(self, name: object, known: Sequence[str]) -> None:
        super().__init__(
            f"no criterion is called {name!r}.{_suggestion(str(name), known)} The five are: {', '.join(known)}."
        )


class UnknownResult(GainderiveError):
    """An ID or name that no file in ``derivations/`` carries."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"no result is called {name!r}.{_suggestion(name.upper(), known)} `gainderive list` shows all."
        )
        self.name = name


class UnknownClaim(GainderiveError):
    """An ID or number that no file in ``gainderive/ledger/entries`` carries."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"no claim is called {name!r}.{_suggestion_of_id(name, known)} `gainderive claims` shows all.")
        self.name = name


class UnknownFigure(GainderiveError):
    """A name that no file in ``gainderive/render/figures`` carries."""

    def __init__(self, name: object, known: Sequence[str]) -> None:
        super().__init__(
            f"no figure is called {name!r}.{_suggestion(str(name), known)} What can be drawn: {', '.join(known)}."
        )


class WithdrawnResult(GainderiveError):
    """A result that was withdrawn; the message says why, and what replaces it."""


class UnknownFormat(GainderiveError):
    """A format in which a citation is not written."""

    def __init__(self, name: object, known: Sequence[str]) -> None:
        super().__init__(
            f"a citation is not written as {name!r}.{_suggestion(str(name), known)} There are: {', '.join(known)}."
        )


class BadParameter(GainderiveError):
    """A parameter that the activation does not have, or a value it cannot take."""


class BadNonlinearity(GainderiveError, ValueError):
    """What PyTorch's table of gains refuses by a ``ValueError``; the message is PyTorch's, a note says what to do."""


class BadExpression(GainderiveError):
    """Text or a SymPy expression that is not a real function of ``x`` alone."""


class BadCallable(GainderiveError):
    """A callable that raises, or returns the wrong shape, a NaN, or a complex number."""


class BadDigits(GainderiveError):
    """A number of digits that is not an integer, below 1, or absurdly large."""


class BadPage(GainderiveError):
    """A page of the site that cannot be shown: a broken reference or link, or a formula that is refused."""


class BadResult(GainderiveError):
    """A file in ``derivations/`` that does not follow the form of a result."""


class BadClaim(GainderiveError):
    """A file in ``gainderive/ledger/entries`` that does not follow the form of a claim."""


class BadFolder(GainderiveError):
    """A folder that a build would have to overwrite although it is no site."""


class BadNotebook(GainderiveError):
    """A notebook with a cell that fails, or that shows what a page cannot or should not show."""


class BadModel(GainderiveError):
    """A model that cannot be run, traced or initialised: on the meta device, lazy, or with a forward that raises."""


class BadWorkers(GainderiveError):
    """A number of workers below 1, or something that is neither a number nor like ``map``."""


class WorkFailed(GainderiveError):
    """An item of batch work that failed in a way nobody foresaw, or whose worker died; the message names the item."""


class MomentDiverges(GainderiveError):
    """A Gaussian moment that is proved to be infinite."""


class Undecided(GainderiveError):
    """A question (a bound, a sign, a kink) that could not be settled rigorously."""


class NoClosedForm(GainderiveError):
    """The engine found no closed form; that none exists is *not* claimed."""


class NoSuchGain(GainderiveError):
    """A gain that does not exist; the message says why.

    ``proof`` is the checked derivation of that fact where there is one, else ``None``. ``proved`` is false where a
    search found none in the range that the message names, and none elsewhere is not shown.
    """

    def __init__(self, message: str, proof: Any = None, *, proved: bool = True) -> None:
        super().__init__(message)
        self.proof = proof
        self.proved = proved


class SeveralGains(GainderiveError):
    """A criterion with more than one solution; ``roots`` holds a ``Gain`` for each, in ascending order."""

    def __init__(self, message: str, roots: Sequence[Any]) -> None:
        super().__init__(message)
        self.roots = tuple(roots)


class NoSuchEdge(GainderiveError):
    """An edge of chaos that was not found; the message says where it was looked for."""


class SeveralEdges(GainderiveError):
    """More than one edge of chaos; ``edges`` holds an ``Edge`` for each, in ascending order of ``q``."""

    def __init__(self, message: str, edges: Sequence[Any]) -> None:
        super().__init__(message)
        self.edges = tuple(edges)


class StepRefused(GainderiveError):
    """A derivation's step does not follow from the one before by the reason given.

    Attributes
    ----------
    index : int
        Number of the refused step, counted from 1.
    verdict : Verdict
        ``FALSE`` or ``WRONG_REASON``.
    reason : str
        Why, in words.
    """

    def __init__(self, index: int, verdict: Any, reason: str) -> None:
        super().__init__(f"step {index} is refused ({verdict}): {reason}")
        self.index = index
        self.verdict = verdict
        self.reason = reason


class MissingExtra(GainderiveError):
    """Something needs an optional package that is not installed."""

    def __init__(self, what: str, package: str, extra: str, *, how: str = "") -> None:
        advice = how or f"pip install 'gainderive[{extra}]'"
        super().__init__(f"{what} needs {package}, which is not installed: {advice}")
        self.extra = extra
