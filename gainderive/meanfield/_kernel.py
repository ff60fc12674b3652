r"""The two-point kernel :math:`K(q, c) = E\,\phi(u)\phi(v)` for normal ``u, v`` of correlation ``c``.

``q`` is the second moment of both. With
the Hermite coefficients :math:`a_n = E\,\phi(\sqrt q\,z)\,{\rm He}_n(z)/\sqrt{n!}` Mehler's formula says

.. math:: K(q, c) = \sum_n a_n^2\,c^n , \qquad \sum_n a_n^2 = M_2(q) ,

so what is left after ``N`` terms is at most :math:`|c|^{N+1} (M_2(q) - \sum_{n \le N} a_n^2)`: every ``a_n`` and the
remainder are enclosed. Some functions have closed forms, which serve up to ``|c| = 1``.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from math import factorial
from typing import Any

from flint import arb
from sympy import Expr, S, acos, asin, cos, cosh, erf, exp, hermite_prob, pi, sin, sinh, sqrt

from gainderive import enclosure, numbers
from gainderive.balls import working_precision
from gainderive.enclosure import Enclosure
from gainderive.errors import BadParameter, Undecided
from gainderive.gaussian import GaussMean
from gainderive.meanfield._scales import closed
from gainderive.pieces import pieces
from gainderive.quadrature import Estimate
from gainderive.symbols import x

_MOST_TERMS = 64
_BITS_PER_DIGIT = 3.33


def kernel(what: Any, q: Any = 1, c: Any = 0, *, digits: int = 15, **parameters: Any) -> Enclosure | Estimate:
    r"""Return :math:`E\,\phi(u)\phi(v)` for jointly normal ``u, v`` of second moment `q` and correlation `c`.

    Parameters
    ----------
    what : str, Expr, Activation or callable
        As for :func:`gainderive.fixed_points`.
    q : number
        Second moment of both, positive.
    c : number
        Correlation, from -1 to 1.
    digits : int
        Relative radius of the enclosure is at most ``10**-digits``; the radius itself, where the kernel may be 0.

    Returns
    -------
    Enclosure or Estimate
        The latter where Mehler's series is too slow for the digits asked; its error is what the series leaves.

    Raises
    ------
    BadParameter
        For a second moment that is not positive, or a correlation beyond 1.

    Examples
    --------
    >>> print(kernel("relu", q=1, c="1/2"))
    0.3044988905221147 ± 1e-16
    >>> print(kernel("tanh", q=1, c="1/2"))
    0.1863244132034481 ± 1e-15
    """
    activation, places = closed(what, parameters), numbers.digits(digits)
    moment, correlation = numbers.exact(q, "q"), numbers.exact(c, "c")
    if not moment.is_positive:
        raise BadParameter(f"q is a second moment and must be positive, not {q}.")
    if not (1 - correlation**2).is_nonnegative:
        raise BadParameter(f"c is a correlation and must be between -1 and 1, not {c}.")
    written = closed_form(activation.numeric, moment, correlation)
    if written is not None:
        return enclosure.enclose(written, places)
    return _by_mehler(activation.numeric, moment, correlation, places)


def closed_form(phi: Expr, q: Expr, c: Expr) -> Expr | None:
    """Return the kernel in closed form where it has a known one.

    Two lines or two constants that meet at 0 (Cho & Saul 2009, their arc-cosine kernels), the error function (Williams
    1998, his arcsine kernel), a sine, a cosine, and whatever is its value at ``c = 1`` or -1.
    """
    if c == 1:
        return GaussMean(phi**2, x, q)
    if c == -1:
        return GaussMean(phi * phi.subs(x, -x), x, q)
    factor, wave = phi.as_independent(x, as_Add=False)
    rate = wave.args[0] / x if wave.func in (erf, sin, cos) else x
    if x not in rate.free_symbols:
        spread = rate**2 * q
        forms = {
            erf: 2 / pi * asin(2 * spread * c / (1 + 2 * spread)),
            sin: exp(-spread) * sinh(spread * c),
            cos: exp(-spread) * cosh(spread * c),
        }
        return factor**2 * forms[wave.func]
    return _two_pieces(phi, q, c)


def _two_pieces(phi: Expr, q: Expr, c: Expr) -> Expr | None:
    try:
        parts = pieces(phi)
    except Undecided:
        return None
    if len(parts) != 2 or parts[1].lower != 0:
        return None
    left, right = (part.expr for part in parts)
    if x not in left.free_symbols | right.free_symbols:
        mean, half = (right + left) / 2, (right - left) / 2
        return mean**2 + half**2 * 2 / pi * asin(c)
    slopes = left / x, right / x
    if any(x in slope.free_symbols for slope in slopes):
        return None
    # s u + d |u| with E u v = q c and E |u||v| = (2 q / pi) (sqrt(1 - c^2) + c asin c); mixed terms are odd.
    s, d = (slopes[1] + slopes[0]) / 2, (slopes[1] - slopes[0]) / 2
    return q * (s**2 * c + d**2 * 2 / pi * (sqrt(1 - c**2) + c * (pi / 2 - acos(c))))


def _by_mehler(phi: Expr, q: Expr, c: Expr, digits: int) -> Enclosure | Estimate:
    bits = int(digits * _BITS_PER_DIGIT) + 48
    with working_precision(bits):
        correlation = enclosure.ball(c, bits)
        moment = enclosure.ball(GaussMean(phi**2, x, q), bits)
        total, seen, power = arb(0), arb(0), arb(1)
        for n in range(_MOST_TERMS):
            square = _coefficient_square(phi, q, n, bits)
            total, seen, power = total + square * power, seen + square, power * correlation
            rest = abs(power) * (moment - seen).abs_upper()
            found = Enclosure.from_arb(total + arb(0, rest.abs_upper()), digits)
            if found.is_narrow or (0 in found and found.rad <= Decimal(1).scaleb(-digits)):
                return found
        return Estimate(float(total.mid()), float(rest.abs_upper()) + float(total.rad()))


@lru_cache(maxsize=4096)
def _coefficient_square(phi: Expr, q: Expr, n: int, bits: int) -> arb:
    """Return the square of a Hermite coefficient."""
    polynomial = hermite_prob(n, x / sqrt(q)) if n else S.One
    value = enclosure.ball(GaussMean(phi * polynomial, x, q), bits)
    return value * value / factorial(n)
