"""Values of antiderivatives at the ends of a piece, infinite ends included."""

from __future__ import annotations

from sympy import Add, Expr, Mul, Poly, S, erf, oo, re

from gainderive import algebra
from gainderive.algebra import Term
from gainderive.errors import Undecided


def value_at(F: Expr, x: Expr, end: Expr) -> Expr:
    r"""Return the value of `F` at `end`, its limit where that is infinite.

    `F` is a sum of polynomials times exponentials of polynomials times error functions, so it has no pole. At infinity
    write each ``erf(u)`` of a linear ``u`` with a real slope as its limit s plus a remainder r with
    ``|r| <= |exp(-u**2)|``: where ``Re u >= 0``,
    :math:`|e^{u^2} \mathrm{erfc}\,u| = |\tfrac{2}{\sqrt\pi} \int_0^\infty e^{-t^2-2ut}\,dt| \le 1`.
    Then every term is a polynomial times an exponential: it vanishes when the real part of its exponent tends to minus
    infinity, and what has no exponent must be constant.

    Raises
    ------
    Undecided
        When `F` is of another form, or has no finite limit by this argument.
    """
    terms = algebra.terms(F, x)
    if terms is None or not all(_is_entire(term, x) for term in terms):
        raise Undecided(f"{F} is not a sum of polynomials times exponentials times error functions")
    if end not in (oo, -oo):
        return F.subs(x, end)
    direction = 1 if end == oo else -1
    remaining: dict[int, Expr] = {}
    for term in terms:
        if _vanishes(term.exponent, x, direction) and all(_is_bounded(f, x) for f, _ in term.specials):
            continue
        limit = Mul(*(_erf_limit(f, x, direction) ** k for f, k in term.specials))
        if any(not _vanishes(term.exponent - f.args[0] ** 2, x, direction) for f, _ in term.specials):
            raise Undecided(f"the limit of {F} at {end}")
        if term.exponent != 0:
            raise Undecided(f"the limit of {F} at {end}: the exponent {term.exponent}")
        remaining[term.power] = remaining.get(term.power, S.Zero) + term.coefficient * limit
    for power, coefficient in remaining.items():
        if power > 0 and not algebra.is_zero(coefficient):
            raise Undecided(f"{F} has no finite limit at {end}")
    return Add(remaining.get(0, S.Zero))


def _is_entire(term: Term, x: Expr) -> bool:
    """Tell whether a term has no pole: nonnegative powers of ``x`` and of ``erf``, all arguments polynomial."""
    return (
        term.power >= 0
        and bool(term.exponent.is_polynomial(x))
        and all(isinstance(f, erf) and f.args[0].is_polynomial(x) and k > 0 for f, k in term.specials)
    )


def _is_bounded(function: Expr, x: Expr) -> bool:
    """Tell whether an error function is bounded on the line: its argument moves along a parallel of the real line."""
    argument = Poly(function.args[0], x)
    return argument.degree() <= 1 and bool(argument.coeff_monomial(x).is_real)


def _erf_limit(function: Expr, x: Expr, direction: int) -> Expr:
    slope = Poly(function.args[0], x)
    if slope.degree() != 1:
        raise Undecided(f"the limit of {function}")
    lead = slope.LC()
    if lead.is_positive:
        return S(direction)
    if lead.is_negative:
        return S(-direction)
    raise Undecided(f"the sign of {lead} does not follow from the assumptions")


def _vanishes(exponent: Expr, x: Expr, direction: int) -> bool:
    """Tell whether ``exp(exponent)`` times any polynomial tends to 0."""
    polynomial = Poly(exponent, x)
    if polynomial.degree() < 1:
        return False
    lead = re(polynomial.LC() * direction ** polynomial.degree())
    return bool(lead.is_negative or (lead.is_negative is None and lead.factor().is_negative))
