"""What a rule of the engine is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Expr

from gainderive.derivation import Reason
from gainderive.gaussian import GaussIntegral, GaussMean

Node = GaussMean | GaussIntegral


@dataclass(frozen=True)
class Found:
    """What a rule makes of a Gaussian mean or integral: an equal expression, and the reason."""

    value: Expr
    by: Reason


Rule = Callable[[Node], Found | None]
"""A rule answers ``None`` when it does not apply."""
