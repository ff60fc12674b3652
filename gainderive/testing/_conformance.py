"""The verdict on an initializer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from gainderive.testing._check import Check
from gainderive.testing._promise import Promise, Shape


@dataclass(frozen=True)
class Conformance:
    """What an initializer promises, and whether it keeps it.

    Attributes
    ----------
    name : str
        The initializer.
    promise : Promise
        What was tested.
    shape : tuple of int
        The shape asked for; others derived from it were asked for too, unless ``notes`` says otherwise.
    checks : tuple of Check
        All sub-tests, in the order in which they were made, up to the look that decided.
    notes : tuple of str
        What was found that is no fault, and what could not be tested.
    weights, calls : int
        How many weights were drawn in how many calls.
    looks : int
        After how many looks at the growing data the test ended.
    alpha : float
        Probability that one that keeps its promise is refused by any of the sub-tests.
    power, error : float
        A gain that is off by the share `error` is refused at least with the probability `power`.
    seed : int
        Seed of all that can be seeded.

    Examples
    --------
    >>> import numpy as np
    >>> from gainderive.testing import check_initializer
    >>> def he(shape, rng):
    ...     return rng.normal(0, np.sqrt(2 / shape[1]), shape)
    >>> print(check_initializer(he, (128, 64), gain="relu", distribution="normal"))
    he keeps its promise: normal weights with second moment 2/fan_in
    """

    name: str
    promise: Promise
    shape: Shape
    checks: tuple[Check, ...]
    notes: tuple[str, ...]
    weights: int
    calls: int
    looks: int
    alpha: float
    power: float
    error: float
    seed: int

    @property
    def ok(self) -> bool:
        """Whether every check passed."""
        return all(check.ok for check in self.checks)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is wrong, in plain sentences, the scale first; empty if nothing is."""
        return tuple(check.sentence for check in self.checks if not check.ok)

    @property
    def gain(self) -> Check | None:
        """The last check of the scale, as a gain with its bounds; None where the scale was not tested by sampling."""
        scales = [check for check in self.checks if check.name == "gain"]
        return scales[-1] if scales else None

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        head = f"{self.name} {'keeps' if self.ok else 'does not keep'} its promise: {self.promise}"
        return "\n".join([head, *(f"- {reason}" for reason in self.reasons), *(f"({note})" for note in self.notes)])

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "name": self.name,
            "ok": self.ok,
            "promise": str(self.promise),
            "mode": self.promise.mode,
            "gain": self.promise.gain,
            "gain_id": self.promise.gain_id,
            "distribution": self.promise.distribution,
            "shape": list(self.shape),
            "reasons": list(self.reasons),
            "notes": list(self.notes),
            "weights": self.weights,
            "calls": self.calls,
            "looks": self.looks,
            "alpha": self.alpha,
            "power": self.power,
            "error": self.error,
            "seed": self.seed,
            "checks": [check.to_dict() for check in self.checks],
        }

    def to_json(self) -> str:
        """Return everything as JSON."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)
