"""What a file in ``derivations/`` holds: a result, or the withdrawal of one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Expr

from gainderive import units
from gainderive.criteria import Criterion
from gainderive.derivation import Derivation, Source
from gainderive.status import Status


@dataclass(frozen=True)
class Agrees:
    """torch's gain equals the derived one, up to the rounding of a double."""


@dataclass(frozen=True)
class Differs:
    """torch's gain is another number.

    Attributes
    ----------
    because : str
        Why, and what follows.
    value : Expr or None
        torch's number, exactly, so that it can be told where torch is not installed; ``None`` leaves it to the
        installed torch.
    """

    because: str
    value: Expr | None = None


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
class Illustration:
    """A figure that belongs to a result, as data: it is drawn when a page is made.

    Attributes
    ----------
    figure : str
        Which figure: the name of a file in ``gainderive/render/figures``.
    activation : str
        Of what.
    settings : mapping
        What is set of the figure, such as ``{"gain": Rational(5, 3)}``.
    """

    figure: str
    activation: str
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)


class Topic(StrEnum):
    """What a result is about, in the order in which a gallery shows them."""

    FOUNDATIONS = "Foundations"
    GAINS = "Gains of activations"
    SATURATION = "tanh, the sigmoid, and saturation"
    SELU = "SELU"
    INITIALIZERS = "Initializers"
    UNITS = "Gated and other units"
    REMEDIES = "Layers, depth and remedies"
    LEMMAS = "Lemmas about Gaussian means"


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
    topic : Topic
        The group in which a gallery shows it.
    figures : tuple of Illustration
        Pictures, beside that of the activation or unit whose gain it settles.
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
    topic: Topic = Topic.GAINS
    figures: tuple[Illustration, ...] = ()
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

    def under(self, id: str) -> Result:
        """Return the result under the ID that its file carries."""
        return replace(self, id=id)


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """A result that does not stand: its ID and its page stay, with the reason, and it settles nothing.

    Attributes
    ----------
    title : str
        The title under which it was published.
    because : str
        Why it was withdrawn, in sentences; Markdown with LaTeX between dollar signs.
    since : str
        The first version of gainderive without it.
    replaced_by : str or None
        The ID of the result that says it right.
    id : str
        Set from the file's name.

    Examples
    --------
    >>> print(Withdrawn(id="GD-0000", title="1 = 2", because="It is not.", since="0.2.0", replaced_by="GD-0004").says)
    GD-0000 was withdrawn in gainderive 0.2.0: It is not. See GD-0004 instead.
    """

    title: str
    because: str
    since: str
    replaced_by: str | None = None
    id: str = ""

    @property
    def status(self) -> str:
        """The word that stands in place of a status."""
        return "withdrawn"

    @property
    def says(self) -> str:
        """What a reader who asks for the result has to know."""
        instead = f" See {self.replaced_by} instead." if self.replaced_by else ""
        return f"{self.id} was withdrawn in gainderive {self.since}: {self.because}{instead}"

    def under(self, id: str) -> Withdrawn:
        """Return the withdrawal under the ID that its file carries."""
        return replace(self, id=id)


Published = Result | Withdrawn
"""What an ID stands for."""
