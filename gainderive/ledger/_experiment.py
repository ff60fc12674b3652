"""Statements that only sampling decides, with a stated probability of an error."""

from __future__ import annotations

from dataclasses import dataclass

from gainderive import montecarlo
from gainderive.errors import Undecided
from gainderive.ledger._evidence import Decision, Row
from gainderive.montecarlo import Draw

ALPHA = 1e-8
"""Probability that an experiment's interval misses the mean.

With twenty experiments, each tried at up to four widths, one of them misses with probability below 1e-6.
"""
_SHARPER = 4
"""Factor by which the interval narrows while it meets an end of what is claimed."""
_MOST_ATTEMPTS = 4


@dataclass(frozen=True)
class Experiment:
    """The mean of what is measured lies in an interval, by a confidence sequence.

    The interval around the mean is made narrower until it lies inside of what is claimed, or outside. That it misses
    the mean has probability at most ``1e-8`` at every width.

    Parameters
    ----------
    what : str
        What is measured, in words.
    draw : callable
        ``draw(generator, size)`` returns `size` independent measurements as an array.
    low, high : float
        The interval in which the mean is said to lie.
    precision : float
        Radius to begin with.
    seed : int
        Seed of the measurements.

    Examples
    --------
    >>> Experiment("mean of a square", lambda rng, n: rng.random(n) ** 2, 0.3, 0.4).decide().holds
    True
    """

    what: str
    draw: Draw
    low: float
    high: float
    precision: float = 0.05
    seed: int = 0

    def decide(self) -> Decision:
        """Sample until the interval tells."""
        for attempt in range(_MOST_ATTEMPTS):
            precision = self.precision / _SHARPER**attempt
            found = montecarlo.sample_mean(self.draw, precision, ALPHA, self.seed)
            inside = bool(self.low <= found.lower and found.upper <= self.high)
            if inside or found.upper < self.low or found.lower > self.high:
                claimed = f"said to lie between {self.low:.6g} and {self.high:.6g}"
                how = f"{claimed}; {found.size:,} samples, seed {found.seed}, error probability {found.alpha:g}"
                value = f"{found.mean:.4g} ± {found.radius:.1g}"
                return Decision(inside, (Row(self.what, value, found.status, inside, how),))
        raise Undecided(f"{self.what}: {found.mean:.6g} ± {found.radius:.1g} meets an end of [{self.low}, {self.high}]")
