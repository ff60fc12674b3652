"""What a lecture tells of one result, or of a gain without one: everything that slides need, gathered once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gainderive import catalog, facade, notation, units
from gainderive.catalog import Result
from gainderive.derivation import Derivation
from gainderive.facade import Entry
from gainderive.render import unit
from gainderive.render.figures import Figure, figure
from gainderive.render.illustrations import illustrations
from gainderive.render.pages import torch_in_words
from gainderive.render.portrait import Portrait
from gainderive.verification import Verification, verify


@dataclass(frozen=True)
class Topic:
    """One part of a lecture.

    Attributes
    ----------
    derivation : Derivation
        Checked; of the published result, or of a forward gain.
    verification : Verification
        Its evidence.
    result : Result or None
        The published result, where there is one.
    entry : Activation, Unit or None
        What the gain belongs to, where it is one's.
    """

    derivation: Derivation
    verification: Verification
    result: Result | None = None
    entry: Entry | None = None

    @property
    def label(self) -> str:
        """A short name: the ID, or the activation's title."""
        if self.result is not None:
            return self.result.id
        return self.entry.title if self.entry is not None else ""

    @property
    def title(self) -> str:
        """The result in a line."""
        return self.derivation.title

    @property
    def status(self) -> str:
        """What the evidence gives."""
        return str(self.verification.status or "refused")

    @property
    def commentary(self) -> str:
        """What to say, as Markdown; empty where nobody wrote it."""
        return self.result.commentary.strip() if self.result is not None else ""

    @property
    def provenance(self) -> str:
        """How each number of the evidence came about, as Markdown."""
        return notation.bullets(f"{row.route}: {row.note}" for row in self.verification.rows if row.note)

    @property
    def torch(self) -> str:
        """What PyTorch says of it, as Markdown."""
        return torch_in_words(self.result, self.verification) if self.result is not None else ""

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """The result's figures; of a gain without a result the picture of the activation or unit."""
        if self.result is not None:
            return tuple(illustrations(self.result).values())
        if isinstance(self.entry, units.Unit):
            return (unit.picture(Portrait(self.entry)),)
        return (figure("activation", self.entry),) if self.entry is not None else ()


def topic(what: str) -> Topic:
    """Return the topic of an ID, of a name, or of an expression in ``x``.

    Raises
    ------
    UnknownResult, WithdrawnResult, UnknownActivation, BadExpression, NoSuchGain
        As :func:`gainderive.gain`.
    StepRefused
        When a step does not follow.

    Examples
    --------
    >>> topic("GD-0004").title
    'The gain of the identity is 1'
    """
    result = catalog.result(what) if what.upper().startswith("GD-") else catalog.settling(what)
    if result is None:
        entry = facade.resolve(what)
        derivation = facade.derive(what)
        derivation.check()
        return Topic(derivation, verify(what), None, entry)
    return published(result, verify(result))


def published(result: Result, verification: Verification) -> Topic:
    """Return the topic of a published result and its evidence."""
    entry = units.named(result.settles.activation) if result.settles is not None else None
    result.derivation.check()
    return Topic(result.derivation, verification, result, entry)


def headline(topics: Sequence[Topic], title: str) -> str:
    """Return the title of a lecture: the given one, that of its only topic, or what all have in common."""
    return title or (topics[0].title if len(topics) == 1 else "Gains of neural-network initialization")
