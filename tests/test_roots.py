"""Certified roots: reproducible, and refused where there is none."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from sympy import tanh

import gainderive as gd
from gainderive.gaussian import GaussMean
from gainderive.roots import enclose_root
from gainderive.symbols import g, q, x


@pytest.mark.parametrize("noise", [-3e-9, 1e-15, 2e-7])
def test_the_interval_does_not_depend_on_the_last_digits_of_the_start(noise: float) -> None:
    # Double precision differs between machines; a published interval must not.
    residual = g**2 * GaussMean(tanh(x) ** 2, x, 1) - 1
    assert enclose_root(residual, g, 1.5925374197228315 + noise, 30) == enclose_root(residual, g, 1.59253741972, 30)


def test_the_interval_holds_the_root_and_is_as_narrow_as_asked() -> None:
    found = enclose_root(q**2 - 2, q, 1.4, 40)
    assert Fraction(found.lower) ** 2 < 2 < Fraction(found.upper) ** 2
    assert Fraction(found.rad) <= Fraction(found.mid) * Fraction(1, 10**40)


def test_a_double_root_is_not_certified() -> None:
    with pytest.raises(gd.Undecided, match="change of sign"):
        enclose_root((q - 1) ** 2, q, 1 + math.ulp(1), 15)
