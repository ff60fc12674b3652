r"""Fixed points of the length map :math:`q \mapsto \sigma_w^2 M_2(q) + \sigma_b^2`, ``M2(q) = E f(sqrt(q) z)^2``.

Poole et al., Exponential expressivity in deep neural networks through transient chaos (2016), eq. 3.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from sympy import Expr

from gainderive.errors import BadParameter, NoSuchGain, Undecided
from gainderive.quadrature._nodes import UNIT
from gainderive.quadrature._rule import Array, Estimate, Rule, checked, rule

SEARCHED = (1e-8, 1e8)
"""Second moments among which a fixed point is looked for."""
KNOTS = 97
ROOT_ROUNDING = 8 * UNIT
"""Relative tolerance of the root finder (the smallest that SciPy's ``brentq`` accepts)."""


def solve_fixed_point_gain(f: Expr) -> Estimate:
    r"""Return the ``g`` with :math:`g^2\, E f(z)^2 = 1`, by root finding.

    The error is that of ``M2`` carried through :math:`g = M_2^{-1/2}`, so relatively half of it, and the
    root finder's own.

    Raises
    ------
    NoSuchGain
        When ``E f(z)^2`` is not distinguishable from 0.

    Examples
    --------
    >>> from sympy import Max
    >>> from gainderive.symbols import x
    >>> gain = solve_fixed_point_gain(Max(x, 0))
    >>> abs(gain.value - math.sqrt(2)) <= gain.error < 1e-14
    True
    """
    from scipy.optimize import brentq

    moment = rule(checked(f) ** 2).mean(1.0)
    if moment.value <= moment.error:
        raise NoSuchGain(f"g^2 M2(1) = 1 has no solution for {f}: M2(1) = {moment.value} with error {moment.error:.1e}")
    guess = 1 / math.sqrt(moment.value)
    value = float(brentq(lambda g: g * g * moment.value - 1, guess / 2, guess * 2, xtol=1e-300, rtol=ROOT_ROUNDING))
    below = value / math.sqrt(1 - moment.error / moment.value) - value
    return Estimate(value, below + 4 * ROOT_ROUNDING * value)


def iterate_length_map(
    f: Expr, sigma_w: float, sigma_b: float = 0.0, q0: float = 1.0, steps: int = 50
) -> tuple[float, ...]:
    r"""Return ``q0`` and `steps` iterates of :math:`q \mapsto \sigma_w^2 M_2(q) + \sigma_b^2`, layer after layer.

    At the fixed-point gain ``1`` is a fixed point; for a concave length map such as tanh's the
    second moment comes to it from any start, and that is what the gain is for.

    Raises
    ------
    BadParameter
        When a scale is negative or not finite, `q0` is not positive, or `steps` is negative.

    Examples
    --------
    >>> from sympy import tanh
    >>> from gainderive.symbols import x
    >>> gain = solve_fixed_point_gain(tanh(x)).value
    >>> [round(iterate_length_map(tanh(x), gain, q0=start, steps=60)[-1], 12) for start in (0.01, 1.0, 50.0)]
    [1.0, 1.0, 1.0]
    """
    if steps < 0:
        raise BadParameter(f"steps must be at least 0, not {steps}")
    _, step = _length_map(f, sigma_w, sigma_b)
    iterates = [float(q0)]
    for _ in range(steps):
        iterates.append(step(iterates[-1]).value)
    return tuple(iterates)


def fixed_point(f: Expr, sigma_w: float, sigma_b: float = 0.0) -> Estimate:
    r"""Return the ``q* > 0`` with :math:`q^* = \sigma_w^2 M_2(q^*) + \sigma_b^2`, stable or not.

    A grid from 1e-8 to 1e8 brackets it, ``brentq`` finds it. The error is proved on the estimate's own
    terms: the residual has opposite signs, beyond its error, at ``q* - error`` and ``q* + error``.

    Raises
    ------
    Undecided
        When the grid shows no fixed point, or several (the message says where), or when the length map
        touches the diagonal too flatly for double precision.
    BadParameter
        When a scale is negative or not finite.

    Examples
    --------
    >>> from sympy import tanh
    >>> from gainderive.symbols import x
    >>> q_star = fixed_point(tanh(x), 5 / 3)
    >>> abs(iterate_length_map(tanh(x), 5 / 3, q0=q_star.value, steps=1)[-1] - q_star.value) < 1e-14
    True
    """
    step = _length_map(f, sigma_w, sigma_b)[1]
    found = _brackets(f, sigma_w, sigma_b, np.geomspace(*SEARCHED, KNOTS))
    if len(found) != 1:
        places = ", ".join(f"{low:.3g} to {high:.3g}" for low, high in found) or "nowhere"
        raise Undecided(
            f"the length map of {f} at sigma_w = {sigma_w}, sigma_b = {sigma_b} crosses the diagonal {places} "
            f"(searched q from {SEARCHED[0]:g} to {SEARCHED[1]:g}); a single crossing is needed here"
        )
    return _crossing(step, *found[0])


def fixed_points(
    f: Expr, sigma_w: float, sigma_b: float = 0.0, searched: tuple[float, float] = SEARCHED
) -> tuple[Estimate, ...]:
    r"""Return every ``q* > 0`` at which a grid between the ends of `searched` shows a crossing, in ascending order.

    Second moments at which the length map cannot be had in double precision are passed over.

    Raises
    ------
    Undecided, BadParameter
        As :func:`fixed_point`, but not for their number.

    Examples
    --------
    >>> from sympy import exp
    >>> from gainderive.symbols import x
    >>> [round(float(q), 6) for q in fixed_points(exp(x), math.exp(-1), searched=(1e-3, 10))]
    [0.203188, 1.0]
    """
    step = _length_map(f, sigma_w, sigma_b)[1]
    grid = np.geomspace(*searched, KNOTS)
    try:
        found = _brackets(f, sigma_w, sigma_b, grid)
    except Undecided:
        found = _brackets(f, sigma_w, sigma_b, np.array([q for q in grid if _is_known(step, float(q))]))
    return tuple(_crossing(step, low, high) for low, high in found)


def _is_known(step: Callable[[float], Estimate], q: float) -> bool:
    try:
        return math.isfinite(step(q).value)
    except Undecided:
        return False


def _brackets(f: Expr, sigma_w: float, sigma_b: float, grid: Array) -> list[tuple[float, float]]:
    """Return the ends of the intervals of a grid in which the length map certainly crosses the diagonal."""
    moments, _ = _length_map(f, sigma_w, sigma_b)
    values, errors = moments.means(grid)
    residuals = sigma_w**2 * values + sigma_b**2 - grid
    known = np.abs(residuals) > sigma_w**2 * errors + 4 * UNIT * grid
    certain, signs = grid[known], np.sign(residuals[known])
    return [(float(certain[i]), float(certain[i + 1])) for i in np.flatnonzero(signs[1:] != signs[:-1])]


def _crossing(step: Callable[[float], Estimate], low: float, high: float) -> Estimate:
    from scipy.optimize import brentq

    root = float(brentq(lambda q: step(q).value - q, low, high, xtol=1e-300, rtol=ROOT_ROUNDING))
    return Estimate(root, _certain_radius(step, root))


def _certain_radius(step: Callable[[float], Estimate], root: float) -> float:
    radius = ROOT_ROUNDING * root
    while radius < root / 2:
        if _residual_sign(step, root - radius) * _residual_sign(step, root + radius) < 0:
            return radius
        radius *= 2
    raise Undecided(f"the length map runs along the diagonal near q = {root}; its fixed point has no digits in doubles")


def _residual_sign(step: Callable[[float], Estimate], q: float) -> int:
    image = step(q)
    residual = image.value - q
    return 0 if abs(residual) <= image.error else int(math.copysign(1, residual))


def _length_map(f: Expr, sigma_w: float, sigma_b: float) -> tuple[Rule, Callable[[float], Estimate]]:
    for name, scale in (("sigma_w", sigma_w), ("sigma_b", sigma_b)):
        if not (scale >= 0 and math.isfinite(scale)):
            raise BadParameter(f"{name} must be finite and not negative, not {scale!r}")
    moments = rule(checked(f) ** 2)

    def step(q: float) -> Estimate:
        moment = moments.mean(q)
        value = sigma_w**2 * moment.value + sigma_b**2
        return Estimate(value, sigma_w**2 * moment.error + 4 * UNIT * value)

    return moments, step
