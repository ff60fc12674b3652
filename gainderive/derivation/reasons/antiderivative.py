"""The fundamental theorem of calculus on one smooth piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sympy import Add, Basic, Expr, Mul, Poly, S, erf, nan, oo, zoo

from gainderive import algebra
from gainderive.algebra import Term
from gainderive.derivation._reason import Judgement, Reason
from gainderive.derivation.reasons._exchange import exchanged
from gainderive.errors import Undecided
from gainderive.gaussian import GaussIntegral, GaussMean, density
from gainderive.notation import latex


@dataclass(frozen=True)
class Antiderivative(Reason):
    r"""Write :math:`\int_a^b f(x)\,n_q(x)\,dx = F(b) - F(a)`.

    The check differentiates ``F`` and reduces :math:`F' - f\,n_q` to 0 in the algebra; reads from the
    terms of ``F`` (polynomial times exponential times ``erf``) that it has no pole, so that it is
    continuous on the piece; and finds the limits at infinite ends from the signs of the exponents.
    """

    name: ClassVar[str] = "antiderivative"
    of: GaussIntegral | GaussMean
    antiderivative: Expr

    def check(self, before: Basic, after: Basic) -> Judgement:
        x, F = self.of.variable, self.antiderivative
        if not algebra.equal(F.diff(x), self.of.integrand * density(x, self.of.q)):
            return Judgement.refused(f"the derivative of {F} is not the integrand times the density")
        lower, upper = self.of.lower, self.of.upper
        try:
            value = _limit(F, x, upper) - _limit(F, x, lower)
        except Undecided as error:
            return Judgement.refused(str(error))
        if value.has(nan, zoo, oo):
            return Judgement.refused(f"{F} has no finite value at the ends")
        return exchanged(before, after, self.of, value)

    def explain(self) -> str:
        return rf"Antiderivative $F(x) = {latex(self.antiderivative)}$, taken between the ends."


def _limit(F: Expr, x: Expr, end: Expr) -> Expr:
    """Return the value of `F` at `end`, which may be infinite.

    At infinity write each ``erf(u)`` of a linear ``u`` as its limit s plus a remainder r with
    ``|r| <= exp(-u**2)``. Then every term is a polynomial times an exponential: it vanishes when its
    exponent tends to minus infinity, and what has no exponent must be constant.
    """
    terms = algebra.terms(F, x)
    if terms is None or not all(_is_entire(term, x) for term in terms):
        raise Undecided(f"{F} is not a sum of polynomials times exponentials times error functions")
    if end not in (oo, -oo):
        return F.subs(x, end)
    direction = 1 if end == oo else -1
    remaining: dict[int, Expr] = {}
    for term in terms:
        limit = Mul(*(_erf_limit(f, x, direction) ** k for f, k in term.specials))
        if _vanishes(term.exponent, x, direction):
            continue
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
    lead = polynomial.LC() * direction ** polynomial.degree()
    return bool(lead.is_negative or (lead.is_negative is None and lead.factor().is_negative))
