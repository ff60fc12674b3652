"""The shortest of a few ways to write a closed form; the checker decides whether it is equal."""

from __future__ import annotations

from sympy import Expr, erf, erfc, expand, factor, factor_terms, radsimp, signsimp, together

from gainderive import algebra


def tidy(expr: Expr) -> Expr:
    """Return the candidate with the fewest operations.

    >>> from gainderive.symbols import q, x
    >>> tidy(q * x**2 / 2 + q / 2)
    (q*x**2 + q)/2
    """
    candidates = {expr, factor_terms(expr), expand(expr)}
    rational = algebra.canonical(expr)
    for candidate in (rational, expand(rational)):
        candidates |= {candidate, _with_erfc(candidate), factor_terms(candidate), together(candidate)}
    if not expr.has(erf, erfc):
        candidates |= {factor(rational), radsimp(rational)}
    return min(candidates | set(map(signsimp, candidates)), key=_cost)


def _with_erfc(expr: Expr) -> Expr:
    return expand(expr.replace(erf, lambda u: 1 - erfc(u)))


def _cost(expr: Expr) -> tuple[int, int, str]:
    text = str(expr)
    return (expr.count_ops(), len(text), text)
