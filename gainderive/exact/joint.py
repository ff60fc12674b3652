"""Rules: means over several variables become Gaussian means over ``x`` alone."""

from __future__ import annotations

from collections.abc import Callable

from sympy import Add, Expr, Heaviside, Max, Mul, S, cancel

from gainderive import pieces
from gainderive.derivation.reasons import DensityOfTheLargest, Factorisation, Linearity, MeanOfParameter, OneIsLargest
from gainderive.derivation.reasons.largest import indicators, mean_of_largest
from gainderive.exact._rule import Found
from gainderive.gaussian import GaussMean
from gainderive.joint import JointMean
from gainderive.symbols import x

JointRule = Callable[[JointMean], Found | None]


def one_is_largest(node: JointMean) -> Found | None:
    """Return 1 for the sum of all indicators that a variable is the largest."""
    if (
        len(node.normal) < 2
        or not node.integrand.has(Heaviside)
        or node.integrand != Add(*(term**2 for term in indicators(node.variables)))
    ):
        return None
    return Found(S.One, OneIsLargest(node))


def largest(node: JointMean) -> Found | None:
    """Return the mean over the density of the maximum."""
    f = node.integrand.xreplace({Max(*node.variables): x})
    if f.free_symbols & set(node.variables) - {x} or len(node.normal) < 2 or node.uniform:
        return None
    return Found(mean_of_largest(f, len(node.variables), node.laws[0][1]), DensityOfTheLargest(node))


def term_by_term(node: JointMean) -> Found | None:
    """Return the sum of the means of an integrand that is a sum."""
    if not isinstance(node.integrand, Add):
        return None
    into = tuple((S.One, node.with_integrand(term)) for term in node.integrand.args)
    return Found(Add(*(part for _, part in into)), Linearity(node, into))


def factorised(node: JointMean) -> Found | None:
    """Return the product of the means of an integrand whose factors depend on one variable each."""
    factors = dict.fromkeys(node.variables, S.One)
    for factor in Mul.make_args(node.integrand):
        of = factor.free_symbols & set(node.variables)
        if len(of) > 1 or node.uniform:
            return None
        factors[of.pop() if of else node.variables[-1]] *= factor
    means = (GaussMean(factors[v].xreplace({v: x}), x, q) for v, q in node.laws)
    return Found(Mul(*means), Factorisation(node, tuple(factors.values())))


def parameter_first(node: JointMean) -> Found | None:
    """Return the Gaussian mean of the mean over a uniform parameter, on which the integrand depends polynomially."""
    if len(node.normal) != 1 or len(node.uniform) != 1 or node.normal[0][0] != x:
        return None
    (_, q), (a, lower, upper) = node.normal[0], node.uniform[0]
    parts = pieces.pieces(node.integrand, x)
    if not all(part.expr.is_polynomial(a) for part in parts):
        return None
    antiderivatives = [_integral(part.expr, a) for part in parts]
    means = [cancel((F.subs(a, upper) - F.subs(a, lower)) / (upper - lower)) for F in antiderivatives]
    F, mean = (
        pieces.assembled(tuple(pieces.Piece(p.lower, p.upper, e) for p, e in zip(parts, exprs, strict=True)), x)
        for exprs in (antiderivatives, means)
    )
    into = GaussMean(mean, x, q)
    return Found(into, MeanOfParameter(node, F, tuple(part.lower for part in parts[1:]), into))


def _integral(polynomial: Expr, a: Expr) -> Expr:
    return polynomial.as_poly(a).integrate().as_expr() if a in polynomial.free_symbols else polynomial * a


JOINT_RULES: tuple[JointRule, ...] = (one_is_largest, largest, term_by_term, factorised, parameter_first)
"""In the order in which they are tried."""
