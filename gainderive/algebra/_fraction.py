r"""Fractions of sparse polynomials that are not cancelled on the way.

Whether a fraction is 0 is read off its numerator, for which no common factor has to be found. SymPy's own fractions are
cancelled at every step by a heuristic greatest common divisor that evaluates at huge integers; with fifteen generators
of degree in the hundreds, as exponentials of fractions bring them, these integers outgrow every memory.

A denominator is kept as a monomial times powers of polynomials, so that equal denominators meet as equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

from sympy import QQ
from sympy.polys.rings import PolyRing

_MOST_WORK = 4_000
"""Product of the degrees (each plus 1) up to which common factors are looked for."""
_MOST_FACTORED = 1_000
"""The same for factors of a polynomial alone."""


class Fractions:
    """The field of fractions of ``QQ[t0, ..., tn]``."""

    def __init__(self, count: int) -> None:
        self.ring = PolyRing([f"t{i}" for i in range(count)], QQ)
        self.gens = tuple(map(self, self.ring.gens))
        self.one, self.zero = self(self.ring.one), self(self.ring.zero)

    def __call__(self, polynomial: Any) -> Fraction:
        """Return a polynomial or a number as a fraction."""
        return Fraction(self.ring.ground_new(polynomial) if not hasattr(polynomial, "ring") else polynomial)


@dataclass(frozen=True, eq=False)
class Fraction:
    """The fraction ``numer / (monomial * product of factor**power)``; factors are monic and no monomials."""

    numer: Any
    monomial: tuple[int, ...] = ()
    factors: Mapping[Any, int] = field(default_factory=dict)

    @property
    def _shift(self) -> tuple[int, ...]:
        return self.monomial or (0,) * self.numer.ring.ngens

    @cached_property
    def denom(self) -> Any:
        """The denominator, multiplied out."""
        ring = self.numer.ring
        return prod((f**e for f, e in self.factors.items()), start=ring.from_terms([(self._shift, QQ.one)]))

    @property
    def is_zero(self) -> bool:
        """Whether the numerator is 0."""
        return not self.numer

    def __neg__(self) -> Fraction:
        return Fraction(-self.numer, self.monomial, self.factors)

    def __add__(self, other: Any) -> Fraction:
        other = self._coerced(other)
        if self.monomial == other.monomial and self.factors == other.factors:
            return Fraction(self.numer + other.numer, self.monomial, self.factors)
        shift = tuple(map(max, self._shift, other._shift))
        factors = {f: max(self.factors.get(f, 0), other.factors.get(f, 0)) for f in {**self.factors, **other.factors}}
        return Fraction(self._over(shift, factors) + other._over(shift, factors), shift, factors)

    def _over(self, shift: tuple[int, ...], factors: Mapping[Any, int]) -> Any:
        """Return the numerator over a larger denominator."""
        numer = self.numer.mul_monom(tuple(s - own for s, own in zip(shift, self._shift, strict=True)))
        for f, e in factors.items():
            numer = numer * f ** (e - self.factors.get(f, 0))
        return numer

    def __sub__(self, other: Any) -> Fraction:
        return self + (-self._coerced(other))

    def __mul__(self, other: Any) -> Fraction:
        other = self._coerced(other)
        shift = tuple(map(sum, zip(self._shift, other._shift, strict=True)))
        factors = dict(self.factors)
        for f, e in other.factors.items():
            factors[f] = factors.get(f, 0) + e
        return Fraction(self.numer * other.numer, shift, factors)

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Any) -> Fraction:
        return self * self._coerced(other).inverse()

    def __pow__(self, exponent: int) -> Fraction:
        if exponent < 0:
            return self.inverse() ** -exponent
        shift = tuple(exponent * s for s in self._shift)
        return Fraction(self.numer**exponent, shift, {f: exponent * e for f, e in self.factors.items()})

    def inverse(self) -> Fraction:
        """Return ``1 / self``.

        Raises
        ------
        ZeroDivisionError
            When the numerator is 0.
        """
        if self.is_zero:
            raise ZeroDivisionError("the expression divides by zero")
        shift, rest = _without_monomial(self.numer)
        lead = rest.LC
        factors = {} if rest.is_ground else {rest.monic(): 1}
        return Fraction(self.denom.mul_ground(1 / lead), shift, factors)

    def cancelled(self) -> Fraction:
        """Return the fraction with common factors taken out, as far as they are found without much work."""
        if self.is_zero:
            return Fraction(self.numer)
        top, numer = _without_monomial(self.numer)
        shift = tuple(low - high for low, high in zip(self._shift, top, strict=True))
        factors: dict[Any, int] = {}
        for f, e in self.factors.items():
            while e and (divided := _divided(numer, f)) is not None:
                numer, e = divided, e - 1
            if e:
                numer, rest = _without_common_factor(numer, f) if e == 1 else (numer, f)
                if not rest.is_ground:
                    factors[rest.monic()] = factors.get(rest.monic(), 0) + e
                numer = numer.mul_ground(1 / rest.LC)
        numer = numer.mul_monom(tuple(max(-s, 0) for s in shift))
        return Fraction(numer, tuple(max(s, 0) for s in shift), factors)

    def _coerced(self, other: Any) -> Fraction:
        return other if isinstance(other, Fraction) else Fraction(self.numer.ring.ground_new(other))


def _without_monomial(polynomial: Any) -> tuple[tuple[int, ...], Any]:
    """Return the largest monomial that divides `polynomial`, and the quotient."""
    monoms = polynomial.monoms()
    shared = tuple(map(min, zip(*monoms, strict=True)))
    terms = [(tuple(e - s for e, s in zip(m, shared, strict=True)), c) for m, c in polynomial.terms()]
    return shared, polynomial.ring.from_terms(terms)


def _divided(polynomial: Any, divisor: Any) -> Any | None:
    """Return the quotient, or ``None`` when `divisor` does not divide `polynomial`, or that takes much work."""
    if _work(polynomial, divisor) > _MOST_WORK or any(
        d > p for d, p in zip(divisor.degrees(), polynomial.degrees(), strict=True)
    ):
        return None
    (quotient,), remainder = polynomial.div([divisor])
    return None if remainder else quotient


def _without_common_factor(numer: Any, denom: Any) -> tuple[Any, Any]:
    if _work(numer, denom) > _MOST_WORK:
        return numer, denom
    _, numer, denom = numer.cofactors(denom)
    return numer, denom


def _work(first: Any, second: Any) -> int:
    """Return how many monomials divide the larger power of every generator in two polynomials."""
    return prod(max(a, b) + 1 for a, b in zip(first.degrees(), second.degrees(), strict=True))


def factored(polynomial: Any) -> tuple[Any, list[tuple[Any, int]]]:
    """Return content and factors with their powers, irreducible but for what is left of a polynomial of high degrees.

    >>> field = Fractions(1)
    >>> (t,) = field.ring.gens
    >>> factored(2 * t**3 - 2 * t)
    (2, [(t0, 1), (t0 - 1, 1), (t0 + 1, 1)])
    >>> factored(3 * t**2_000_001 + 3 * t)
    (3, [(t0, 1), (t0**2000000 + 1, 1)])
    """
    shift, rest = _without_monomial(polynomial)
    factors = [(gen, e) for gen, e in zip(polynomial.ring.gens, shift, strict=True) if e]
    if _work(rest, rest) <= _MOST_FACTORED:
        content, found = rest.factor_list()
        return content, factors + found
    below, cleared = rest.clear_denoms()
    content, primitive = cleared.primitive()
    return QQ(content) / QQ(below), [*factors, (primitive, 1)]
