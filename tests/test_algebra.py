"""Identities are recognised, near-identities are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import (
    CRootOf,
    E,
    Expr,
    I,
    Rational,
    acosh,
    cos,
    cosh,
    diff,
    erf,
    erfc,
    exp,
    expand,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    tanh,
)

from gainderive import algebra
from gainderive.algebra import is_zero
from gainderive.symbols import parameter, q, x

a, alpha = parameter("a"), parameter("alpha", positive=True)
cubic = CRootOf(x**3 - x - 1, 0)

IDENTITIES = {
    "exponents add": exp(a * x + a**2 / 2) - exp(a * x / 2) ** 2 * exp(a**2 / 4) ** 2,
    "fractional powers of e": exp(Rational(1, 2)) ** 4 - E**2,
    "roots of primes": sqrt(6) - sqrt(2) * sqrt(3),
    "root of a fraction": sqrt(Rational(3, 2)) - sqrt(6) / 2,
    "root of a positive quotient": sqrt(2 / (a**2 + 1)) - sqrt(2) / sqrt(a**2 + 1),
    "nested root": sqrt(2 * sqrt(q)) - 2 ** Rational(1, 2) * q ** Rational(1, 4),
    "rationalised denominator": 1 / (1 + sqrt(2)) - sqrt(2) + 1,
    "algebraic number": cubic**4 - cubic**2 - cubic,
    "imaginary unit": I**2 + 1,
    "Pythagoras": sin(x) ** 2 + cos(x) ** 2 - 1,
    "angle sum": cos(x + a) - cos(x) * cos(a) + sin(x) * sin(a),
    "hyperbolic": tanh(x) ** 2 + cosh(x) ** -2 - 1,
    "double argument": sinh(2 * x) - 2 * sinh(x) * cosh(x),
    "erf is odd": erf((x - a * q) / sqrt(2 * q)) + erf((a * q - x) / sqrt(2) / sqrt(q)),
    "erfc": erfc(-x) + erfc(x) - 2,
    "sigmoid": 1 / (1 + exp(-x)) - exp(x) / (1 + exp(x)),
    "constant under a root": (1 / sqrt(alpha**2 * erfc(1 / sqrt(2)) + sqrt(E))) ** 2
    * (alpha**2 * erfc(1 / sqrt(2)) + sqrt(E))
    - 1,
    "completed square": exp(-(x**2) / (2 * q) + a * x) - exp(-((x - a * q) ** 2) / (2 * q)) * exp(a**2 * q / 2),
    "normal density": diff(erf(x / sqrt(2 * q)) / 2, x) - exp(-(x**2) / (2 * q)) / sqrt(2 * pi * q),
}


@pytest.mark.parametrize("difference", IDENTITIES.values(), ids=IDENTITIES)
def test_identity_is_recognised(difference: Expr) -> None:
    assert is_zero(difference)


@pytest.mark.parametrize("difference", IDENTITIES.values(), ids=IDENTITIES)
@pytest.mark.parametrize("error", [Rational(1, 10**30), x / 10**30, exp(x), sqrt(5) * I], ids=str)
def test_near_identity_is_not(difference: Expr, error: Expr) -> None:
    assert not is_zero(difference + error)


def test_the_root_of_a_square_is_not_the_number_itself() -> None:
    assert not is_zero(sqrt((a - 1) ** 2) - (a - 1))


def test_opaque_constants_stay_apart() -> None:
    assert not is_zero(log(2) - acosh(2))


def test_division_by_zero_is_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        is_zero(1 / (sqrt(2) ** 2 - 2 + (sin(x) ** 2 + cos(x) ** 2 - 1)))


polynomials = st.lists(st.integers(-9, 9), min_size=1, max_size=4).map(
    lambda cs: sum(c * x**i for i, c in enumerate(cs)) + 0 * x
)
elements = st.lists(st.tuples(polynomials, st.integers(-3, 3), st.integers(0, 1)), min_size=1, max_size=3).map(
    lambda ts: sum(p * exp(k * x / 2 + a * x) * erf(x + a) ** e for p, k, e in ts)
)


@given(elements, elements)
def test_products_and_derivatives_stay_inside(f: Expr, h: Expr) -> None:
    assert is_zero(diff(f * h, x) - f * diff(h, x) - diff(f, x) * h)
    assert is_zero((f + h) ** 2 - expand(f**2) - 2 * f * h - h**2)


@given(elements)
def test_terms_add_up(f: Expr) -> None:
    terms = algebra.terms(f, x)
    assert terms is not None
    total = sum(t.coefficient * x**t.power * exp(t.exponent) * _product(t.specials) for t in terms)
    assert is_zero(total - f)


def _product(specials: tuple[tuple[Expr, int], ...]) -> Expr:
    total: Expr = Rational(1)
    for function, power in specials:
        total *= function**power
    return total


def test_positivity_needs_every_sign() -> None:
    assert algebra.is_positive_everywhere(1 - 1 / (1 + exp(-x)) ** 2)
    assert not algebra.is_positive_everywhere(1 - 2 * tanh(x) ** 2)
    assert not algebra.is_positive_everywhere(x**2 + 1 - 2 * x)
