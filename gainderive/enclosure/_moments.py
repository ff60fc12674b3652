r"""Pieces that are sums of :math:`c\,x^n e^{kx}`, integrated with the weight by the recurrence of truncated moments.

With :math:`\mu = k/(2\rho)` the exponent :math:`kx - \rho x^2` is :math:`k^2/(4\rho) - \rho (x-\mu)^2`, and

.. math:: J_n = \int_a^b x^n e^{-\rho (x-\mu)^2}\,dx, \qquad
   J_n = \mu J_{n-1} + \frac{(n-1) J_{n-2} + a^{n-1} e^{-\rho (a-\mu)^2} - b^{n-1} e^{-\rho (b-\mu)^2}}{2\rho}

(integrate the derivative of :math:`x^{n-1} e^{-\rho (x-\mu)^2}`), from

.. math:: J_0 = \frac12 \sqrt{\pi/\rho}\,\bigl({\rm erf}(\sqrt\rho (b-\mu)) - {\rm erf}(\sqrt\rho (a-\mu))\bigr) ,

where of two ends on one side of :math:`\mu` the difference is taken of ``erfc``, so that small ones keep their
digits. Nothing is cut off, so there is no tail to bound. Digits that cancel between terms widen the ball, and the
caller asks for more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import sympy
from flint import arb
from sympy import Expr, Poly, PolynomialError, exp

from gainderive.symbols import x

_MOST_DEGREE = 60


@dataclass(frozen=True)
class Term:
    """The function ``polynomial * exp(k x)``, with the polynomial's coefficients in ascending order."""

    k: Expr
    coefficients: tuple[Expr, ...]


@lru_cache(maxsize=2048)
def exponential_polynomial(expr: Expr) -> tuple[Term, ...] | None:
    """Return `expr` as a sum of terms, or ``None``.

    >>> exponential_polynomial((exp(x) - 1) ** 2 * x)
    (Term(k=0, coefficients=(0, 1)), Term(k=1, coefficients=(0, -2)), Term(k=2, coefficients=(0, 1)))
    """
    expanded = sympy.expand(expr.rewrite([sympy.sinh, sympy.cosh], exp))
    found: dict[Expr, Expr] = {}
    for term in sympy.Add.make_args(expanded):
        factors = sympy.Mul.make_args(term)
        exponentials = [factor for factor in factors if isinstance(factor, exp) and x in factor.free_symbols]
        exponent = sympy.Add(*(factor.exp for factor in exponentials)).expand()
        k = exponent.coeff(x)
        rest = exponent - k * x
        if rest.free_symbols or k.free_symbols:
            return None
        others = sympy.Mul(*(factor for factor in factors if factor not in exponentials))
        found[k] = found.get(k, sympy.S.Zero) + others * exp(rest)
    terms = []
    for k, polynomial in sorted(found.items(), key=lambda item: sympy.default_sort_key(item[0])):
        try:
            poly = Poly(polynomial, x)
        except PolynomialError:
            return None
        if poly.free_symbols - {x} or poly.degree() > _MOST_DEGREE:
            return None
        terms.append(Term(k, tuple(reversed(poly.all_coeffs()))))
    return tuple(terms)


@dataclass(frozen=True, eq=False)
class Moments:
    """The integral of some terms with the weight ``exp(-rate x**2)`` between two ends, ``None`` for infinite ones."""

    terms: tuple[tuple[arb, tuple[arb, ...]], ...]
    rate: arb
    lower: arb | None
    upper: arb | None

    @classmethod
    def of(
        cls, terms: tuple[Term, ...], rate: arb, lower: arb | None, upper: arb | None, ball: Callable[[Expr], arb]
    ) -> Moments:
        """Evaluate the numbers in the terms once."""
        return cls(tuple((ball(t.k), tuple(map(ball, t.coefficients))) for t in terms), rate, lower, upper)

    def __call__(self) -> arb:
        total = arb(0)
        for k, coefficients in self.terms:
            total = total + self._term(k, coefficients)
        return total

    def _term(self, k: arb, coefficients: tuple[arb, ...]) -> arb:
        rate, double = self.rate, 2 * self.rate
        mean = k / double
        root = rate.sqrt()
        low = None if self.lower is None else self.lower - mean
        high = None if self.upper is None else self.upper - mean
        moment, before = _mass(root, low, high), arb(0)
        total = coefficients[0] * moment
        at_low = None if low is None else (-rate * low * low).exp()
        at_high = None if high is None else (-rate * high * high).exp()
        for n in range(1, len(coefficients)):
            edges = (n - 1) * before
            if at_low is not None and self.lower is not None:
                edges = edges + at_low
                at_low = at_low * self.lower
            if at_high is not None and self.upper is not None:
                edges = edges - at_high
                at_high = at_high * self.upper
            moment, before = mean * moment + edges / double, moment
            total = total + coefficients[n] * moment
        return total if k.is_zero() else total * (k * mean / 2).exp()


def _mass(root: arb, low: arb | None, high: arb | None) -> arb:
    """Return the integral of ``exp(-(root t)**2)`` from `low` to `high`."""
    if low is None and high is None:
        return arb.pi().sqrt() / root
    half = arb.pi().sqrt() / (2 * root)
    if low is None:
        assert high is not None
        return half * (-root * high).erfc()
    if high is None:
        return half * (root * low).erfc()
    if low >= 0:
        return half * ((root * low).erfc() - (root * high).erfc())
    if high <= 0:
        return half * ((-root * high).erfc() - (-root * low).erfc())
    return half * ((root * high).erf() - (root * low).erf())
