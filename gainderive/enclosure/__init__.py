"""Rigorous intervals for Gaussian means and closed forms, through ball arithmetic (Arb), to any number of digits.

>>> from sympy import Max
>>> from gainderive.gaussian import GaussMean
>>> from gainderive.symbols import x
>>> print(enclose(GaussMean(Max(x, 0) ** 2, x, 1), 10))
0.50000000000 ± 1e-11
"""

from __future__ import annotations

from gainderive.balls import working_precision
from gainderive.enclosure._ball import ball
from gainderive.enclosure._enclose import enclose
from gainderive.enclosure._enclosure import Enclosure
from gainderive.enclosure._mean import mean_ball

__all__ = ["Enclosure", "ball", "enclose", "mean_ball", "working_precision"]
