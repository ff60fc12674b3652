"""The test of initializers that promise one value for all weights."""

from __future__ import annotations

from collections.abc import Iterator

from gainderive.testing._check import Check
from gainderive.testing._promise import Promise
from gainderive.testing._sampler import Sampler


def examine(sampler: Sampler, promise: Promise) -> Iterator[list[Check]]:
    """Yield the check that two calls hold the promised value everywhere, to rounding."""
    checks = []
    for call in sampler.draw(sampler.shape, 2):
        slack = 2 * call.epsilon * abs(promise.gain)
        for which, value in (("smallest", call.values.min()), ("largest", call.values.max())):
            checks.append(
                Check(
                    "constant",
                    f"the {which} weight",
                    float(value),
                    promise.gain,
                    promise.gain - slack,
                    promise.gain + slack,
                    call.values.size,
                    meaning="not all weights have the promised value",
                )
            )
    yield checks
