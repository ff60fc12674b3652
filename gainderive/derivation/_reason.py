"""What a reason is: an object that checks its own step."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

from sympy import Basic, Expr, Symbol


class Verdict(Enum):
    """What a check finds out about a step; the four outcomes."""

    PROVED = "proved"
    """The step follows from the one before by the reason given."""
    NUMERIC = "numeric only"
    """The step holds inside a rigorous interval; no closed form is claimed."""
    WRONG_REASON = "true, but not for this reason"
    """The reason does not show the step, although no ball refutes it."""
    FALSE = "false"
    """A ball proves that the two sides differ."""

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Judgement:
    """A reason's answer: whether the step is shown, to which degree, and why not if it is not."""

    shown: Verdict | None
    words: str = ""

    @classmethod
    def proved(cls) -> Judgement:
        """Return the judgement that the step is shown."""
        return cls(Verdict.PROVED)

    @classmethod
    def numeric(cls) -> Judgement:
        """Return the judgement that the step holds inside a rigorous interval."""
        return cls(Verdict.NUMERIC)

    @classmethod
    def refused(cls, words: str) -> Judgement:
        """Return the judgement that this reason does not show the step; `words` say why."""
        return cls(None, words)


@dataclass(frozen=True)
class Reason(ABC):
    """Why one line follows from the line before.

    A reason holds the data its check needs (an antiderivative, the kinks, a shift) and never calls
    the code that produced the step. Each kind of reason accepts only steps of its own kind, so that
    swapped reasons are refused even where the step is true.
    """

    name: ClassVar[str]

    @abstractmethod
    def check(self, before: Basic, after: Basic) -> Judgement:
        """Judge the step from `before` to `after`."""

    def fixes(self) -> Mapping[Any, Any]:
        """Return what the reason takes names to mean, which no other step of the chain may contradict."""
        return {}

    def introduces(self) -> set[Symbol]:
        """Return the symbols that the reason introduces, which the chain must not have used before."""
        return set()

    def uses_constants(self) -> tuple[tuple[Symbol, Expr], ...]:
        """Return the named constants that the reason puts in, which the derivation must name too."""
        return ()

    @abstractmethod
    def explain(self) -> str:
        """Return one sentence for the reader, with LaTeX between dollar signs."""

    @abstractmethod
    def checked(self) -> str:
        """Return what :meth:`check` computes on this step, for the reader: one to three sentences, LaTeX likewise."""


def ill_typed(reason: Reason) -> str:
    """Return which of a reason's data is not of the type that its check is written for, or an empty string."""
    wrong = [name for name, wanted in _types(type(reason)) if not _is_of(getattr(reason, name), wanted)]
    return f"its {', '.join(wrong)} is of another type than this reason is about" if wrong else ""


@cache
def _types(kind: type[Reason]) -> tuple[tuple[str, Any], ...]:
    return tuple((n, hint) for n, hint in get_type_hints(kind).items() if get_origin(hint) is not ClassVar)


def _is_of(value: Any, wanted: Any) -> bool:
    origin, parts = get_origin(wanted), get_args(wanted)
    if origin in (Union, UnionType):
        return any(_is_of(value, part) for part in parts)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if parts[-1] is Ellipsis:
            return all(_is_of(item, parts[0]) for item in value)
        return len(value) == len(parts) and all(map(_is_of, value, parts))
    # A subclass of a derivation might check itself in another way.
    return type(value) is wanted if is_dataclass(wanted) else isinstance(value, wanted)
