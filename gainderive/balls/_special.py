"""Balls of the library's own special functions at real balls."""

from __future__ import annotations

from collections.abc import Callable

from flint import acb, arb, ctx
from sympy import Basic

from gainderive.special import binormal, erf_im, erf_re


def _binormal(h: arb, k: arb, rho: arb) -> arb:
    """Integrate over the angle, mapped to ``[0, 1]`` so that every value of `rho` in its ball is covered."""
    angle = acb(rho.asin())
    squares, product = acb(h * h + k * k), acb(2 * h * k)

    def slope(t: acb, _: bool) -> acb:
        theta = t * angle
        cosine = theta.cos()
        return (-(squares - product * theta.sin()) / (2 * cosine * cosine)).exp() * angle

    tolerance = arb(2) ** -ctx.prec
    integral = acb.integral(slope, 0, 1, rel_tol=tolerance, abs_tol=tolerance).real
    return _distribution(h) * _distribution(k) + integral / (2 * arb.pi())


def _distribution(u: arb) -> arb:
    return (-u / arb(2).sqrt()).erfc() / 2


SPECIAL: dict[type[Basic], Callable[..., arb]] = {
    binormal: _binormal,
    erf_re: lambda u, v: acb(u, v).erf().real,
    erf_im: lambda u, v: acb(u, v).erf().imag,
}
"""Operations by function; their arguments do not depend on a variable of integration."""
