r"""Where :math:`E\phi(gz)^2 - 1` changes sign, seen from its values on a grid of ``g``."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from gainderive.errors import Undecided
from gainderive.quadrature import Estimate

Array = NDArray[np.float64]

RANGE = (1e-3, 1e3)
"""Range of ``g`` in which solutions are looked for."""
DIP = 2.0
"""Second differences that a turning point is followed down between grid points; a parabola's would be 1/8."""
TOUCHES = 4.0
"""Errors within which a turning point is not told from 1."""


def brackets(
    moment: Callable[[float], Estimate], gains: Array, residual: Array, title: str
) -> list[tuple[float, float]]:
    """Return intervals at whose ends the residual has opposite signs, in ascending order.

    Between grid points the residual may cross 0 twice, or touch it: its turning points towards 0 are looked into.

    Parameters
    ----------
    moment : callable
        From ``g`` to the estimated second moment.
    gains, residual : Array
        The grid, ascending, and the moment less 1 there, nowhere 0.
    title : str
        The activation's name, for messages.

    Raises
    ------
    Undecided
        When a turning point is so near to 0 that it may be one root, two or none.
    """
    found = [(float(gains[i]), float(gains[i + 1])) for i in np.flatnonzero(residual[:-1] * residual[1:] < 0)]
    size, sign = np.abs(residual), np.sign(residual)
    turning = (size[1:-1] < size[:-2]) & (size[1:-1] <= size[2:]) & (sign[1:-1] == sign[:-2]) & (sign[1:-1] == sign[2:])
    # A parabola through the three dips below the middle one by an eighth of their second difference at most.
    turning &= size[1:-1] <= DIP * (size[:-2] + size[2:] - 2 * size[1:-1])
    for i in np.flatnonzero(turning) + 1:
        low, high, above = float(gains[i - 1]), float(gains[i + 1]), float(sign[i])
        lowest = minimize_scalar(
            lambda log_g, above=above: above * (moment(math.exp(log_g)).value - 1),
            bounds=(math.log(low), math.log(high)),
            method="bounded",
            options={"xatol": 1e-9},
        )
        at = math.exp(lowest.x)
        doubt = moment(at).error
        if abs(lowest.fun) <= TOUCHES * doubt:
            raise Undecided(
                f"E φ(g z)² of {title} comes so near to 1 around g = {at:.9g} that doubles (error {doubt:.1e}) do not "
                "tell whether it touches 1 there, crosses it twice, or stays on its side"
            )
        if lowest.fun < 0:
            found += [(low, at), (at, high)]
    return sorted(found)
