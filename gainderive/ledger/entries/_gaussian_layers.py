"""Shares of Gaussian preactivations, and slopes of tanh: what several claims about saturation use."""

from sympy import Expr, Rational, atanh, erf, erfc, sqrt, tanh

from gainderive.gaussian import GaussMean
from gainderive.symbols import x

EDGE = 3
"""Beyond it tanh counts as saturated."""
BAND = Rational(9, 10)
"""From it on an output of tanh is said to be saturated."""
EDGE_OF_BAND = atanh(BAND)
"""The preactivation at which the output reaches the band."""


def share_beyond(edge: Expr | int, q: Expr | int, mean: Expr | int = 0) -> Expr:
    """Return the probability that a preactivation with variance `q` and this mean is beyond ±`edge`."""
    return sum(erfc((edge + sign * mean) / sqrt(2 * q)) for sign in (1, -1)) / 2


def share_within(edge: Expr | int, q: Expr | int) -> Expr:
    """Return the probability that a centred preactivation with variance `q` lies within ±`edge`."""
    return erf(edge / sqrt(2 * q))


def slope_moment(q: Expr | int) -> Expr:
    """Return the second moment of tanh's slope at centred preactivations of second moment `q`."""
    return GaussMean((1 - tanh(x) ** 2) ** 2, x, q)
