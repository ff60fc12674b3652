r"""Find where a function is not smooth, by bisection into eighths down to the spacing of the doubles.

A panel is settled when its trailing coefficients are at the level of rounding, or when cutting it does not make them
smaller anywhere, which is what noise looks like. All panels of a level are sampled in one call of the function, so that
a vectorised one is called about twenty times however many kinks it has.

A kink ends as a panel a few doubles wide among others that grow with their distance from it. These are then replaced:
the tiny panel stays as a *gap* and one panel on each side takes the place of all that lay between it and the next gap.
Whatever is not smooth there either is cut again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gainderive.callables._panels import END_SLOPE_NOISE, Array, Panels, nodes, rows
from gainderive.errors import BadCallable, Undecided

PARTS = 8
CUTS: Array = np.linspace(0, 1, PARTS + 1) + 0.011 * np.sin(np.pi * np.arange(PARTS + 1)) + np.concatenate(
    [[0.0], 0.013 * np.cos(np.arange(1, PARTS) ** 2.0), [0.0]]
)  # fmt: skip
"""Where a panel is cut: unevenly, lest what is regular in a function falls on the borders again and again."""
ROUNDINGS = 24.0
"""Roundoffs of a value that count as none."""
LIKE_NOISE = 1 / 16
"""Share of its trailing coefficients that noise keeps at least when a panel is cut into eighths."""
NOISE_CAP = 1e-5
"""Largest share of the function's size, near by or on the whole, that is taken for noise."""
NARROWEST = 1e-16
TINY = 1e-7
"""Width of the panels that surround a kink, relative to 1 or to the distance from 0."""
BORDER_ROUNDINGS = 1e3
BORDER_TAILS = 32.0
"""Roundoffs and trailing coefficients by which neighbours may differ at their border."""
BORDER_SHIFT = 0.03
"""Distance of new borders from a torn one, in widths of the narrower neighbour."""
LADDER: Array = np.geomspace(4e-3, 1e-12, 18)
"""Distances from a border at which it is looked for what happens beside it, in widths of the panel."""
_UP, _DOWN = rows(1 - 2 * LADDER), rows(2 * LADDER - 1)
MOST_REPAIRS = 12
LARGEST = 1e150
MOST_PANELS = 30_000
MOST_LEVELS = 60

Sample = Callable[[Array], Array]
Matters = Callable[[Panels, Array], NDArray[np.bool_]]


def sampled(function: Sample, lower: Array, upper: Array) -> Panels:
    """Return the panels between `lower` and `upper`, the function called once."""
    x = nodes(lower, upper)
    return Panels(lower, upper, function(x.ravel()).reshape(x.shape), np.zeros(lower.shape, dtype=bool))


def floor(panels: Panels, unit: float) -> Array:
    """Return the trailing coefficients that roundings of the values and of the nodes explain."""
    size = np.abs(panels.values).max(axis=1)
    slope = np.ptp(panels.values, axis=1) / (panels.upper - panels.lower)
    level: Array = ROUNDINGS * unit * size + 4 * np.finfo(float).eps * panels.farthest * slope
    return level


def resolved(
    function: Sample, panels: Panels, unit: float, size: float, matters: Matters, most: int = MOST_PANELS
) -> Panels:
    """Return panels in the place of `panels` on which the function is smooth, noisy, or a gap.

    Parameters
    ----------
    function : callable
        Array to array.
    panels : Panels
        Where to begin.
    unit : float
        Unit roundoff of the values.
    size : float
        How large the function is on the whole, to tell noise by.
    matters : callable
        Of panels and their trailing coefficients: which are worth cutting.
    most : int
        Number of panels that may be used.

    Raises
    ------
    BadCallable
        When the function returns no number somewhere inside.
    Undecided
        When it stays rough in too many places.
    """

    def settled(some: Panels) -> Panels:
        return _settled(function, some, unit, size, matters, most)

    def mended(some: Panels) -> Panels:
        for _ in range(MOST_REPAIRS):
            torn = _torn(some, unit)
            if not torn.any():
                torn = _undercut(function, some, unit)
            if not torn.any():
                break
            ends, bad = _recut(some, torn)
            if not bad.any():
                break
            some = Panels.joined([some[~bad], settled(sampled(function, ends[:, 0], ends[:, 1]))]).ordered()
        return some

    leaves = mended(settled(panels).ordered())
    gaps, kept, again = _kinks(leaves, panels.lower)
    if not len(again):
        return leaves
    smooth = settled(sampled(function, again[:, 0], again[:, 1]))
    return _marked(mended(Panels.joined([leaves[kept], gaps, smooth]).ordered()), unit)


def _marked(leaves: Panels, unit: float) -> Panels:
    """Return `leaves`, those also marked as gaps that are tiny and still rough or still torn from their neighbour."""
    torn = _torn(leaves, unit)
    # Where doubles do not tell the nodes apart, the floor would explain any step.
    rough = leaves.tail > ROUNDINGS * unit * np.abs(leaves.values).max(axis=1)
    broken = rough | np.append(torn, False) | np.insert(torn, 0, False)
    tiny = leaves.upper - leaves.lower < TINY * np.maximum(1, leaves.farthest)
    return replace(leaves, gap=leaves.gap | (broken & tiny))


def _torn(leaves: Panels, unit: float) -> NDArray[np.bool_]:
    """Tell where neighbours disagree about their border: something happens between it and the first node."""
    noise = _border_noise(leaves, unit)
    step, explained = leaves.mismatch
    torn: NDArray[np.bool_] = step > explained + noise[:-1] + noise[1:]
    return torn


def _border_noise(leaves: Panels, unit: float) -> Array:
    """Return how far off the polynomials may be at the ends of their panels."""
    tail = np.where(leaves.gap, 0.0, BORDER_TAILS * leaves.tail)
    noise: Array = tail + BORDER_ROUNDINGS * unit * np.abs(leaves.values).max(axis=1)
    return noise


def _undercut(function: Sample, leaves: Panels, unit: float) -> NDArray[np.bool_]:
    """Tell at which borders the function leaves the polynomials between the border and the nodes nearest to it.

    Asked where the slope changes, and at 0: there something beside the border may look as if it were on it.
    """
    (_, lower_slope), (_, upper_slope) = leaves.at_ends
    width, noise = leaves.upper - leaves.lower, _border_noise(leaves, unit)
    doubt = END_SLOPE_NOISE * noise / width
    suspect = (np.abs(lower_slope[1:] - upper_slope[:-1]) > doubt[:-1] + doubt[1:]) | (leaves.upper[:-1] == 0)
    suspect &= (leaves.upper[:-1] == leaves.lower[1:]) & ~leaves.gap[:-1] & ~leaves.gap[1:]
    undercut = np.zeros(suspect.shape, dtype=bool)
    where = np.flatnonzero(suspect)
    if where.size:
        left, right = leaves[where], leaves[where + 1]
        x = np.concatenate(
            [
                left.upper[:, None] - 2 * left.half[:, None] * LADDER,
                right.lower[:, None] + 2 * right.half[:, None] * LADDER,
            ]
        )
        expected = np.concatenate([left.values @ _UP.T, right.values @ _DOWN.T])
        off = np.abs(function(x.ravel()).reshape(x.shape) - expected) > noise[np.append(where, where + 1), None]
        undercut[where] = np.any(off[: where.size] | off[where.size :], axis=1)
    return undercut


def _recut(leaves: Panels, torn: NDArray[np.bool_]) -> tuple[Array, NDArray[np.bool_]]:
    """Return ends of new panels, and which panels they replace, so that strips beside `torn` borders are panels."""
    shift = BORDER_SHIFT * (leaves.upper - leaves.lower)
    shift[leaves.gap | (shift < 8 * np.maximum(NARROWEST, 2 * np.finfo(float).eps * leaves.farthest))] = 0.0
    torn = np.logical_and(torn, (shift[:-1] > 0) | (shift[1:] > 0))
    from_left, from_right = np.where(torn, shift[:-1], 0.0), np.where(torn, shift[1:], 0.0)
    right, left = np.append(from_left, 0.0), np.insert(from_right, 0, 0.0)
    bad = (left > 0) | (right > 0)
    whole = np.stack([leaves.lower + left, leaves.upper - right], axis=1)[bad]
    border = leaves.upper[:-1]
    strips = np.concatenate(
        [np.stack([border - from_left, border], axis=1), np.stack([border, border + from_right], axis=1)]
    )
    return np.concatenate([whole, strips[strips[:, 1] > strips[:, 0]]]), bad


def _settled(function: Sample, panels: Panels, unit: float, size: float, matters: Matters, most: int) -> Panels:
    """Return the panels that are left when rough ones have been cut until none is."""
    settled = []
    count = 0
    for _ in range(MOST_LEVELS):
        tail = panels.tail
        width = panels.upper - panels.lower
        narrowest = np.maximum(NARROWEST, 2 * np.finfo(float).eps * panels.farthest)
        rough = (tail > floor(panels, unit)) & (width > narrowest)
        rough &= matters(panels, tail)
        settled.append(panels[~rough])
        count += len(settled[-1])
        if not rough.any():
            break
        parents, tail = panels[rough], tail[rough]
        if count + PARTS * len(parents) > most:
            raise Undecided(
                f"the function is not smooth in {len(parents)} places, such as near x = {parents.lower[0]:.6g}; "
                "an estimate needs finitely many kinks"
            )
        children = _cut(function, parents)
        noisy = _is_noise(children, tail, size)
        settled.append(parents[noisy])
        panels = children[np.repeat(~noisy, PARTS)]
    else:
        settled.append(panels)
    return Panels.joined(settled)


def _cut(function: Sample, panels: Panels) -> Panels:
    edges = panels.lower[:, None] + (panels.upper - panels.lower)[:, None] * CUTS
    edges[:, -1] = panels.upper
    children = sampled(function, edges[:, :-1].ravel(), edges[:, 1:].ravel())
    refuse_non_numbers(children)
    return children


def refuse_non_numbers(panels: Panels) -> None:
    """Raise :class:`BadCallable` where a value is not a number, infinite, or too large to be squared."""
    bad = ~usable(panels.values)
    if bad.any():
        at, value = float(panels.x[bad][0]), float(panels.values[bad][0])
        raise BadCallable(
            f"the function returns {value} at x = {at:.6g}; an activation must return a finite number for every x "
            "(numpy.where evaluates both branches: keep each finite)"
        )


def usable(values: Array) -> NDArray[np.bool_]:
    """Tell which values are numbers whose square is one."""
    return np.isfinite(values) & (np.abs(values) < LARGEST)


def _is_noise(children: Panels, tail: Array, size: float) -> NDArray[np.bool_]:
    """Tell which parents' coefficients stay in nearly all of their children."""
    inside = np.sort(children.tail.reshape(-1, PARTS), axis=1)
    near = np.abs(children.values).reshape(len(tail), -1).max(axis=1)
    kept: NDArray[np.bool_] = (inside[:, 1] > LIKE_NOISE * tail) & (tail <= NOISE_CAP * np.maximum(near, size))
    return kept


def _kinks(leaves: Panels, borders: Array) -> tuple[Panels, NDArray[np.bool_], Array]:
    """Return the gaps, which leaves stay, and the ends of the panels that take the place of the others.

    What is replaced reaches from one of the first `borders` to the next.
    """
    small = leaves.upper - leaves.lower < TINY * np.maximum(1, leaves.farthest)
    if not small.any():
        return leaves[:0], ~small, np.zeros((0, 2))
    edges = borders[np.isin(borders, leaves.lower)]
    root = np.searchsorted(edges, leaves.lower, side="right")
    affected = np.unique(root[small])
    gaps: list[Panels] = []
    again: list[Array] = []
    for number in affected:
        own = leaves[root == number]
        found = [gap for run in _runs(own, small[root == number]) for gap in _tightest(run)]
        between = [[gap.lower[0], gap.upper[-1]] for gap in found]
        ends = np.concatenate([own.lower[:1], *between, own.upper[-1:]]).reshape(-1, 2)
        again.append(ends[ends[:, 1] > ends[:, 0]])
        gaps.extend(Panels(gap.lower, gap.upper, gap.values, np.ones(len(gap), dtype=bool)) for gap in found)
    return Panels.joined(gaps), ~np.isin(root, affected), np.concatenate(again)


def _runs(own: Panels, small: NDArray[np.bool_]) -> list[Panels]:
    """Return the runs of neighbouring small panels."""
    borders = np.flatnonzero(np.diff(np.concatenate([[False], small, [False]])))
    return [own[start:stop] for start, stop in borders.reshape(-1, 2)]


def _tightest(run: Panels) -> list[Panels]:
    """Return the narrowest panels of a run, neighbours together."""
    width = run.upper - run.lower
    return _runs(run, width <= 2 * width.min())
