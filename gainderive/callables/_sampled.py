r"""A sampled function and what criteria need of it: moments at any scale, derivative, tangent at 0, jumps.

With nodes :math:`x_i` and weights :math:`w_i` of panels that are small against a standard deviation ``g``,
:math:`E\,h(g z) \approx \sum_i w_i\,h(x_i)\,\varphi(x_i/g)/g`. The error of an estimate has four parts:

1. *discretisation*: on each panel twice its width times the Legendre coefficients of the integrand that the rule takes
   for the mean: the last ones at kinks, less where they fall geometrically;
2. *values*: roundings of ``f(x)``, and of ``x`` through ``f'``, in the precision in which the function answers, or the
   trailing coefficients of ``f`` where they are larger, which they are when it is noisy;
3. *gaps*: around a kink or jump whose place is known to a few doubles;
4. *tail*: what lies beyond the last panel, a geometric series.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, replace
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from gainderive.callables._call import Elementwise
from gainderive.callables._panels import (
    END_SLOPE_NOISE,
    SLOPE_NOISE,
    Array,
    Panels,
    W,
    neighbours,
    remainders,
    slopes_at,
)
from gainderive.callables._search import refuse_non_numbers, resolved, sampled, usable
from gainderive.errors import BadCallable, NoSuchGain, Undecided
from gainderive.quadrature import Estimate

WIDTH = 1 / 8
"""Of the panels at first; kinks like to be at round numbers, and need no search at a border."""
REACH = 9.0
"""The normal density there is 1e-18."""
FARTHEST = 37.5
"""Where the density is about to leave the normal doubles."""
VANISHES = 38.7
"""Where the density is 0 in double precision."""
GROWTH = 1.13
"""Ends of the panels beyond :data:`REACH` are in this ratio."""
SAFETY = 2.0
VALUE_ROUNDINGS = 8.0
SUM_ROUNDINGS = 16.0
UNIT = float(np.finfo(float).eps) / 2
WORTHLESS = 0.03
"""Relative error above which an estimate is refused."""
NEGLIGIBLE = 0.1
"""Roundoffs of the function's size that no trailing coefficient is followed below."""
UNSEEN = 1e-34
"""Share of the second moment below which a panel far out is left alone."""
LAST_SHARE = 1e-25
"""Share of the outermost panel of the whole below which it does not matter that an oscillation makes it grow."""
STRIP = 0.02
"""More than the share of a panel that lies outside its nodes."""
VANISHING = 1e-12
"""Errors that are left to who asks whether the value is 0."""
HOMOGENEOUS = 4.0
"""Errors of the values by which they may differ from a power of the distance from 0."""
NEAR_ZERO = 1e-12
FINEST_RESOLVED = 1e-12
SIGNIFICANT = 100.0
"""Errors of the values on both sides above which a step is a jump."""
SIGNIFICANT_KINK = 2.0
"""Errors of the slopes on both sides above which a change is a kink; they are generous already."""
FINEST = 0.2
"""Largest width of a panel relative to its distance from 0, where scales below 1 are asked for."""
SMALLEST = 1e-3
"""The smallest scale that is asked for."""
ROUGH = 1e-9
"""Trailing coefficients, relative to the function's size, above which a panel does not serve another scale."""
MOST_FURTHER = 600
"""Panels that may be spent on each doubling of the reach, on each side."""


@dataclass(frozen=True)
class Break:
    """A point where the function or its slope jumps, between ``at - width/2`` and ``at + width/2``.

    `step` is the value to the right less the value to the left, 0 at a kink; `slopes` are one-sided.
    """

    at: float
    step: float
    slopes: tuple[float, float]
    width: float

    @property
    def is_jump(self) -> bool:
        """Whether the function itself is discontinuous, as far as doubles tell."""
        return self.step != 0


@dataclass(frozen=True)
class Sampled:
    """A function on panels from left to right, sampled once; see the module's docstring.

    Examples
    --------
    >>> import numpy as np
    >>> from gainderive.callables import elementwise, sample
    >>> relu = sample(elementwise([lambda x: np.maximum(x, 0)], "relu"))
    >>> half = relu.second_moment()
    >>> abs(half.value - 0.5) <= half.error < 1e-14
    True
    >>> [(round(b.at, 12), round(b.slopes[1], 9)) for b in relu.breaks]
    [(0.0, 1.0)]
    """

    function: Elementwise
    panels: Panels

    # --- moments ---------------------------------------------------------------------------------------

    def second_moment(self, g: float = 1.0) -> Estimate:
        r"""Return :math:`E f(g z)^2`."""
        # Ordered panels: those in which the density is not 0 are neighbours.
        own = slice(*np.flatnonzero(self.panels.nearest <= VANISHES * g)[[0, -1]] + [0, 1])
        y = self.panels.values[own]
        return self._worth(_integral(self.panels[own], y * y, 2 * np.abs(y) * self._doubt[own], g), "E f(z)^2")

    def mean(self) -> Estimate:
        r"""Return :math:`E f(z)`, which may be 0."""
        return _integral(self.panels, self.panels.values, self._doubt, 1.0)

    def variance(self) -> Estimate:
        r"""Return :math:`E (f(z) - m)^2 - (E (f(z) - m))^2` with ``m`` the estimated mean, which cancels nothing."""
        mean = self.mean()
        y = self.panels.values - mean.value
        spread = _integral(self.panels, y * y, 2 * np.abs(y) * self._doubt, 1.0)
        return Estimate(spread.value, spread.error + mean.error**2)

    def slope_moment(self) -> Estimate:
        r"""Return :math:`E f'(z)^2` with the almost-everywhere derivative, gaps left out."""
        slopes, noise = self._slopes
        before, after = neighbours(~self.panels.gap)
        (_, lower), (_, upper) = self.panels.at_ends
        steepest = 1.1 * np.maximum(np.abs(upper[before]), np.abs(lower[after]))
        hidden = self.panels.gap & (noise.max(axis=1) > steepest)
        smooth, width = self.panels[~hidden], self.panels.upper - self.panels.lower
        estimate = _integral(smooth, slopes[~hidden] ** 2, ((2 * np.abs(slopes) + noise) * noise)[~hidden], 1.0)
        density = _density(self.panels.nearest)
        left_out = float((width * steepest**2 * density)[hidden].sum())
        # A kink between border and node, by d from the border: step = d times the change of slope.
        change = 2 * np.abs(slopes).max(axis=1) + self._hidden / (STRIP * self.panels.half)
        left_out += float((self._hidden * change * density)[~self.panels.gap].sum())
        # Where f' grows without bound, what doubles resolve is not all there is.
        finest = ~hidden & (width < FINEST_RESOLVED * np.maximum(1, self.panels.farthest))
        left_out += float((width * (slopes**2).max(axis=1) * density)[finest].sum())
        return self._worth(Estimate(estimate.value, estimate.error + left_out), "E f'(z)^2")

    @cached_property
    def degree(self) -> float | None:
        r"""The ``p`` with :math:`f(c x) = c^p f(x)` for all ``c > 0``, as far as all nodes tell, or ``None``.

        Then :math:`E f(g z)^2 = g^{2 p} E f(z)^2`.
        """
        sides = self.function(np.array([1.0, -1.0, 2.0, -2.0]))
        one = int(np.argmax(np.abs(sides[:2])))
        if sides[one] == 0 or sides[one + 2] / sides[one] <= 0:
            return None
        degree = math.log2(sides[one + 2] / sides[one])
        x = self.panels.x
        expected = np.where(x > 0, sides[0], sides[1]) * np.abs(x) ** degree
        known = np.all(np.abs(self.panels.values - expected) <= HOMOGENEOUS * self._noise + sys.float_info.min)
        return degree if degree != 0 and known else None

    def scale_derivative(self, g: float) -> float:
        r"""Return :math:`\frac{d}{dg} E f(g z)^2 = E f(g z)^2 (z^2 - 1)/g`."""
        t = self.panels.x / g
        return float(np.sum(self._weights * self.panels.values**2 * _density(t) * (t * t - 1)) / g**2)

    def second_moments(self, g: Array) -> Array:
        r"""Return :math:`E f(g z)^2` for many ``g`` without errors, nan where the panels do not reach far enough."""
        order = np.argsort(np.abs(self.panels.x), axis=None)
        x, power = np.abs(self.panels.x).ravel()[order], (self._weights * self.panels.values**2).ravel()[order]
        found = np.empty(g.size)
        for i, (scale, end) in enumerate(zip(g, np.searchsorted(x, VANISHES * g), strict=True)):
            terms = power[:end] * _density(x[:end] / scale)
            total = terms.sum()
            outer = terms[-max(1, end // 64) :].sum() if end == x.size else 0.0
            found[i] = total / scale if outer <= 1e-12 * total else np.nan
        return found

    def _worth(self, estimate: Estimate, what: str) -> Estimate:
        if not estimate.error <= max(WORTHLESS * abs(estimate.value), VANISHING):
            raise Undecided(
                f"{what} of {self.function.name} has no correct digit in double precision (value {estimate.value:.3g}, "
                f"error {estimate.error:.1e}); it may be infinite (look for poles and for growth like exp(x^2/4))"
            )
        return estimate

    @cached_property
    def _weights(self) -> Array:
        weights: Array = self.panels.half[:, None] * W
        return weights

    @cached_property
    def _noise(self) -> Array:
        """Errors of the values at the nodes."""
        y, unit = self.panels.values, self.function.unit
        slope = np.ptp(y, axis=1) / (self.panels.upper - self.panels.lower)
        rounding = unit * (VALUE_ROUNDINGS * np.abs(y) + (self.panels.farthest * slope)[:, None])
        noise: Array = np.maximum(rounding, self.panels.tail[:, None])
        return noise

    @cached_property
    def _hidden(self) -> Array:
        """What neighbours disagree about at their borders, which happens between there and their outermost nodes."""
        step, explained = self.panels.mismatch
        step = np.where(step > explained, step, 0.0)
        hidden: Array = np.maximum(np.append(step, 0.0), np.insert(step, 0, 0.0))
        return hidden

    @cached_property
    def _doubt(self) -> Array:
        """Errors of the values, what is hidden between the nodes included."""
        doubt: Array = np.maximum(self._noise, STRIP * self._hidden[:, None])
        return doubt

    @cached_property
    def _slopes(self) -> tuple[Array, Array]:
        """Slopes at the nodes and their errors."""
        doubt = self._noise.max(axis=1)
        return self.panels.slopes, doubt[:, None] * SLOPE_NOISE / self.panels.half[:, None]

    # --- points ----------------------------------------------------------------------------------------

    @cached_property
    def breaks(self) -> tuple[Break, ...]:
        """Kinks and jumps from left to right."""
        (lower, lower_slope), (upper, upper_slope) = self.panels.at_ends
        doubt = self._noise.max(axis=1)
        slope_doubt = doubt * END_SLOPE_NOISE / self.panels.half
        smooth = np.flatnonzero(~self.panels.gap & (self.panels.nearest < REACH))
        left, right = smooth[:-1], smooth[1:]
        step, change = lower[right] - upper[left], lower_slope[right] - upper_slope[left]
        width = self.panels.lower[right] - self.panels.upper[left]
        steep = np.abs(upper_slope[left]) + np.abs(lower_slope[right])
        jump = np.abs(step) > SIGNIFICANT * (doubt[left] + doubt[right] + steep * width)
        kink = np.abs(change) > SIGNIFICANT_KINK * (slope_doubt[left] + slope_doubt[right])
        return tuple(
            Break(
                at=0.5 * float(self.panels.lower[right[i]] + self.panels.upper[left[i]]),
                step=float(step[i]) if jump[i] else 0.0,
                slopes=(float(upper_slope[left[i]]), float(lower_slope[right[i]])),
                width=float(width[i]),
            )
            for i in np.flatnonzero(jump | kink)
        )

    @property
    def jumps(self) -> tuple[Break, ...]:
        """The breaks at which the function is discontinuous."""
        return tuple(b for b in self.breaks if b.is_jump)

    def tangent_at_zero(self) -> tuple[float, Estimate]:
        """Return ``f(0)`` and an estimate of ``f'(0)``.

        Raises
        ------
        NoSuchGain
            When the function has a kink or a jump at 0.
        """
        closest = min(self.breaks, key=lambda b: abs(b.at), default=None)
        if closest is not None and abs(closest.at) <= closest.width + NEAR_ZERO:
            left, right = closest.slopes
            what = (
                f"a jump of {closest.step:.6g}"
                if closest.is_jump
                else f"a kink: slope {left:.6g} to the left and {right:.6g} to the right"
            )
            raise NoSuchGain(
                f"{self.function.name} has no linearized gain: it has no tangent at 0, where it has {what}."
            )
        # 0 is a border: one more panel has it in its middle.
        half = float(np.abs(self.panels.upper[self.panels.upper != 0]).min())
        around = replace(self, panels=sampled(self.function, np.array([-half]), np.array([half])))
        row, doubt = slopes_at(0.0) / half, float(around._noise.max())
        slope = Estimate(float(row @ around.panels.values[0]), doubt * float(np.abs(row).sum()))
        return float(self.function(np.zeros(1))[0]), slope

    # --- other scales ----------------------------------------------------------------------------------

    def for_scales(self, most: float) -> Sampled:
        """Return panels that serve second moments at all scales from :data:`SMALLEST` up to about `most`.

        Panels near 0 are cut (their polynomials are known), and panels further out are sampled until the function
        overflows or takes too many.
        """
        sides = [self._side(sign, most * REACH) for sign in (-1, 1)]
        reach = min(float(side.farthest.max(initial=0.0)) for side in sides)
        panels = Panels.joined([side[side.farthest <= reach] for side in sides]).ordered()
        while (wide := panels.upper - panels.lower > FINEST * np.maximum(panels.nearest, SMALLEST)).any():
            wide &= panels.farthest < 1
            if not wide.any():
                break
            panels = panels.split(np.where(wide, 2, 1))
        return Sampled(self.function, panels.ordered())

    def _side(self, sign: int, most: float) -> Panels:
        """Return the panels on one side of 0 up to the first that does not describe the function, and further ones."""
        middle = self.panels.lower + self.panels.upper
        panels = self.panels[middle >= 0 if sign > 0 else middle < 0]
        rough = panels.tail > ROUGH * np.abs(panels.values).max(axis=1)
        reach = float(panels.nearest[rough & (panels.nearest > REACH)].min(initial=panels.farthest.max(initial=REACH)))
        parts = [panels[panels.farthest <= reach]]
        size = float(np.abs(panels.values).max(initial=0.0))
        while reach < most:
            edges = _geometric_edges(reach, min(2 * reach, most))
            lower, upper = (edges[:-1], edges[1:]) if sign > 0 else (-edges[1:], -edges[:-1])
            try:
                parts.append(_everywhere(self.function, lower, upper, size))
            except (BadCallable, Undecided):
                break
            reach = float(edges[-1])
        return Panels.joined(parts)


def sample(function: Elementwise) -> Sampled:
    """Return `function` sampled where a standard normal variable lives, kinks and jumps found.

    Raises
    ------
    BadCallable
        When it returns no number where that matters, or keeps a state.
    Undecided
        When it is rough in too many places.
    """
    edges = _first_edges()
    panels = _numbers_only(sampled(function, edges[:-1], edges[1:]))
    total = float(np.sum(panels.half[:, None] * W * panels.values**2 * _density(panels.x)))
    size = math.sqrt(total)
    small = NEGLIGIBLE * function.unit * min(1.0, size)

    def matters(some: Panels, tail: Array) -> NDArray[np.bool_]:
        size = np.abs(some.values).max(axis=1)
        share = size * tail * _density(some.nearest) * (some.upper - some.lower)
        large: NDArray[np.bool_] = (tail > small) & ((some.nearest < REACH) | (share > UNSEEN * total))
        return large

    found = Sampled(function, resolved(function, panels, function.unit, size, matters))
    function.check_again()
    return found


@cache
def _first_edges() -> Array:
    count = round(REACH / WIDTH)
    inner = WIDTH * np.arange(-count, count + 1)
    outer = _geometric_edges(REACH, FARTHEST)
    return np.concatenate([-outer[:0:-1], inner, outer[1:]])


def _everywhere(function: Elementwise, lower: Array, upper: Array, size: float) -> Panels:
    """Return panels between `lower` and `upper` on which a function of this `size` is smooth."""
    panels = sampled(function, lower, upper)
    refuse_non_numbers(panels)
    small = NEGLIGIBLE * function.unit * min(1.0, size)
    return resolved(function, panels, function.unit, size, lambda _, tail: tail > small, MOST_FURTHER)


def _numbers_only(panels: Panels) -> Panels:
    """Return `panels` without those from the first on each side beyond :data:`REACH` that hold a non-number."""
    bad = ~usable(panels.values).all(axis=1)
    refuse_non_numbers(panels[bad & (panels.nearest < REACH)])
    left = panels.upper[bad & (panels.upper < 0)].max(initial=-np.inf)
    right = panels.lower[bad & (panels.lower > 0)].min(initial=np.inf)
    return panels[(panels.lower >= left) & (panels.upper <= right)]


def _geometric_edges(start: float, end: float) -> Array:
    count = math.ceil(math.log(end / start) / math.log(GROWTH))
    edges: Array = np.geomspace(start, end, count + 1)
    return edges


def _density(t: Array) -> Array:
    values: Array = np.exp(-0.5 * t * t) / math.sqrt(2 * math.pi)
    return values


def _integral(panels: Panels, values: Array, noise: Array, g: float) -> Estimate:
    """Return the integral of `values` (at the nodes of the ordered `panels`) against the density of ``g z``."""
    with np.errstate(over="ignore", invalid="ignore"):
        weight = _density(panels.x / g) / g
        integrand = values * weight
        weights = panels.half[:, None] * W
        value = float(np.sum(weights * integrand))
        shares = np.sum(weights * np.abs(integrand), axis=1)
        error = 2 * SAFETY * float(panels.half @ remainders(integrand))
        error += float(np.sum(weights * noise * weight)) + SUM_ROUNDINGS * UNIT * float(np.sum(shares))
        total = float(shares.sum())
        error += _beyond(shares[-1], shares[-2], total) + _beyond(shares[0], shares[1], total)
    return Estimate(value, float(error) + sys.float_info.min)


def _beyond(outer: float, inner: float, total: float) -> float:
    """Return the geometric series that continues the shares of the two outermost panels; infinite if it grows."""
    if outer <= LAST_SHARE * total:
        return LAST_SHARE * total
    return float(outer * outer / (inner - outer)) if outer < inner else math.inf
