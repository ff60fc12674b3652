"""What a gain does not mean although its name suggests it."""

from __future__ import annotations

from collections.abc import Sequence

MOST_NAMED = 3

SCANNED = "the only root seen for g between {low:g} and {high:g}"

SEEN = "all that were seen for g between {low:g} and {high:g}"

ONLY = {
    1: "the only one for every g: φ(x)² + φ(-x)² grows with |x|, so E φ(g z)² grows with g",
    -1: "the only one for every g: φ(x)² + φ(-x)² falls with |x|, so E φ(g z)² falls as g grows",
}
"""Why there is no other root, by the way in which the second moment moves."""

ONLY_OF_UNIT = "the only one for every g: each mean in the condition grows with g"

COVERED = "no others for any g: charts with proved errors cover every g"

CLOSED = "no others for any g: all roots of the closed form of E φ(g z)² are found"

FLAT = "for g between {low:.3g} and {high:.3g}, E φ(g z)² is 1 as far as doubles tell"


def beside_jumps(points: Sequence[str]) -> str:
    """Return the remark on a backward gain of a function that jumps at `points`.

    >>> beside_jumps(["0"])[:37]
    'the activation jumps at x = 0, and E '
    """
    named = ", ".join(points[:MOST_NAMED]) + (" and elsewhere" if len(points) > MOST_NAMED else "")
    return (
        f"the activation jumps at x = {named}, and E φ'² of the almost-everywhere derivative leaves out what a jump "
        "adds: this is not the factor by which gradients grow"
    )
