"""What can be asked of an initialization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from gainderive.criteria import Criterion, criterion
from gainderive.errors import BadParameter


class Distribution(StrEnum):
    """Law of the weights; all have the same second moment."""

    NORMAL = "normal"
    UNIFORM = "uniform"
    TRUNCATED_NORMAL = "truncated_normal"
    """Cut off at two standard deviations, and made as much larger as the cut makes it smaller."""
    ORTHOGONAL = "orthogonal"
    """Orthonormal rows or columns, whichever are fewer, scaled."""


class Mode(StrEnum):
    """What divides the gain's square."""

    FAN_IN = "fan_in"
    FAN_OUT = "fan_out"
    FAN_AVG = "fan_avg"


class Convention(StrEnum):
    """Whose gain a layer gets."""

    FOLLOWER = "follower"
    """That of the activation which its output meets."""
    FEEDER = "feeder"
    """That of the activation which made its input; what is derived of the forward gain holds of this one exactly."""


@dataclass(frozen=True)
class Options:
    """The choices of one initialization, checked."""

    criterion: Criterion
    mode: Mode
    distribution: Distribution
    convention: Convention


def options(what: str, mode: str, distribution: str, convention: str) -> Options:
    """Return the choices that the words stand for.

    Raises
    ------
    UnknownCriterion, BadParameter
        For a word that stands for none.
    """
    return Options(
        criterion(what),
        _one_of(Mode, "mode", mode),
        _one_of(Distribution, "distribution", distribution),
        _one_of(Convention, "convention", convention),
    )


def _one_of(kinds: Any, name: str, word: Any) -> Any:
    known: Sequence[str] = [kind.value for kind in kinds]
    if word in known and isinstance(word, str):
        return kinds(word)
    close = get_close_matches(str(word), known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    raise BadParameter(f"{name} is {' or '.join(map(repr, known))}, not {word!r}.{hint}")
