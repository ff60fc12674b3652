r"""Gaussian means in double precision, each with an estimate of its own error.

:math:`E[f(x);\ a < x < b] = \int_a^b f(x)\, e^{-x^2/(2q)}/\sqrt{2\pi q}\,dx`, ``x ~ N(0, q)``.

>>> from sympy import tanh
>>> from gainderive.symbols import x
>>> estimate = mean(tanh(x) ** 2)
>>> round(estimate.value, 12), estimate.error < 1e-14
(0.394294490398, True)
"""

from __future__ import annotations

import math
from typing import Any

from sympy import Expr

from gainderive.quadrature._compiled import Compiled
from gainderive.quadrature._fixed_point import fixed_point, fixed_points, iterate_length_map, solve_fixed_point_gain
from gainderive.quadrature._rule import Estimate, Rule, restricted_rule, rule
from gainderive.quadrature._scipy import scipy_mean

__all__ = [
    "Compiled",
    "Estimate",
    "Rule",
    "fixed_point",
    "fixed_points",
    "iterate_length_map",
    "mean",
    "rule",
    "scipy_mean",
    "solve_fixed_point_gain",
]


def mean(f: Expr, q: float = 1.0, a: Any = -math.inf, b: Any = math.inf) -> Estimate:
    r"""Return :math:`E[f(x);\ a < x < b]` over ``x ~ N(0, q)``.

    Parameters
    ----------
    f : Expr
        Expression in ``symbols.x`` alone; kinks and jumps are found by :func:`gainderive.pieces.pieces`.
    q : float
        Second moment of the normal variable, positive.
    a, b : float or SymPy number
        Ends of the interval, ``a < b``.

    Raises
    ------
    BadExpression, BadParameter
        When `f` is not a real function of ``x`` alone, `q` is not positive, or ``a >= b``.
    MomentDiverges
        When the mean is proved to be infinite.
    Undecided
        When it could not be computed and no proof of divergence was found.

    Examples
    --------
    >>> from sympy import Max
    >>> from gainderive.symbols import x
    >>> half = mean(Max(x, 0) ** 2)
    >>> abs(half.value - 0.5) <= half.error
    True
    """
    if a == -math.inf and b == math.inf:
        return rule(f).mean(q)
    return restricted_rule(f, float(a), float(b)).mean(q)
