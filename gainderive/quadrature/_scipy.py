r"""The same means through QUADPACK, as a route that shares neither rules nor nodes nor bisection with ours.

It does share the kinks and the places of narrow features, which QUADPACK cannot be expected to guess.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from sympy import Expr

from gainderive.errors import Undecided
from gainderive.pieces import pieces
from gainderive.quadrature._compiled import Array, Compiled, marks
from gainderive.quadrature._nodes import FARTHEST, UNIT
from gainderive.quadrature._rule import Estimate, checked

CUTS = tuple(float(t) for t in range(-36, 37, 4))
"""Where the line is cut: QUADPACK's first 21 nodes on all of it would be further apart than the density is wide."""
RESOLUTION = 33


def scipy_mean(f: Expr, q: float = 1.0) -> Estimate:
    r"""Return :math:`E f(\sqrt q\,z)` by ``scipy.integrate.quad`` between kinks.

    The error is QUADPACK's own estimate, which never falls below 50 machine epsilons of the
    absolute integral, the running error of the integrand's evaluation, and the cut at
    ``t = 37.5``, bounded by the integrand there.

    Raises
    ------
    Undecided
        When the integrand has no finite double somewhere, or its kinks are not found exactly.

    Examples
    --------
    >>> from sympy import Max
    >>> from gainderive.symbols import x
    >>> estimate = scipy_mean(Max(x, 0) ** 2)
    >>> abs(estimate.value - 0.5) <= estimate.error < 1e-13
    True
    """
    scale = math.sqrt(q)
    value = error = 0.0
    for part in pieces(checked(f)):
        if part.expr == 0:
            continue
        lower = max(float(part.lower) / scale, -FARTHEST)
        upper = min(float(part.upper) / scale, FARTHEST)
        if lower < upper:
            function = Compiled(part.expr)
            inner = {t for t in CUTS if lower < t < upper} | {
                t for t in marks(function, np.array([scale]))[0].tolist() if lower < t < upper
            }
            cuts = sorted({lower, upper} | inner)
            for left, right in pairwise(cuts):
                more, doubt = _panel(function, scale, left, right)
                value, error = value + more, error + doubt
            error += _cut(function, scale, lower, upper)
    if not (math.isfinite(value) and math.isfinite(error)):
        raise Undecided(f"E[{f}] over N(0, {q}) has no finite double in SciPy's route; try a smaller q")
    return Estimate(value, error)


def _panel(function: Compiled, scale: float, left: float, right: float) -> tuple[float, float]:
    from scipy.integrate import quad

    root = math.sqrt(2 * math.pi)

    def integrand(t: float) -> float:
        weight = math.exp(-0.5 * t * t) / root
        return float(function.values(np.asarray(scale * t))) * weight if weight else 0.0

    with np.errstate(all="ignore"):
        value, doubt = quad(integrand, left, right, epsabs=1e-16, epsrel=1e-13, limit=200, full_output=1)[:2]
        t = np.linspace(left, right, RESOLUTION + 2)[1:-1]
        noise = float(np.mean(function.noise(scale * t) * np.exp(-0.5 * t * t) / root))
    return float(value), float(doubt) + UNIT * (right - left) * noise


def _cut(function: Compiled, scale: float, lower: float, upper: float) -> float:
    ends: Array = np.array([t for t in (lower, upper) if abs(t) == FARTHEST])
    if not ends.size:
        return 0.0
    with np.errstate(all="ignore"):
        return float(np.abs(function.values(scale * ends)) @ np.exp(-0.5 * ends**2))
