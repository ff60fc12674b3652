"""Balls of the library's own special functions at real balls."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb
from sympy import Basic

from gainderive.special import binormal, erf_im, erf_re

SPECIAL: dict[type[Basic], Callable[..., arb]] = {function: function.ball for function in (binormal, erf_re, erf_im)}
"""Operations by function; their arguments do not depend on a variable of integration."""
