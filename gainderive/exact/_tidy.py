"""The shortest of a few ways to write a closed form; the checker decides whether it is equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Add, Expr, I, Mul, cancel, erf, erfc, exp, expand, factor, factor_terms, radsimp, signsimp, together

from gainderive import algebra
from gainderive.special import erf_im, erf_re

_SHORT = 60
"""Operations up to which an expression is factored."""
_FEW = 8
"""Operations up to which common factors are looked for in every candidate, not in the shortest alone."""


def tidy(expr: Expr) -> Expr:
    """Return the candidate with the fewest operations.

    >>> from gainderive.symbols import q, x
    >>> tidy(q * x**2 / 2 + q / 2)
    (q*x**2 + q)/2
    >>> from sympy import exp
    >>> tidy(exp(-(x**2)) * exp(x**2 / (q + 1)))
    exp(-q*x**2/(q + 1))
    """
    if expr.is_Atom:
        return expr
    real = [candidate for candidate in dict.fromkeys(_candidates(expr)) if expr.has(I) or not candidate.has(I)]
    found = shortest(real)
    # Looking for common factors costs more than all the rest.
    factored = real if found.count_ops() <= _FEW else [found]
    return shortest([found, *map(factor_terms, factored), signsimp(found)])


def _candidates(expr: Expr) -> Iterator[Expr]:
    merged = _with_one_exponent(_with_tidy_roots(expr))
    rational = _with_one_exponent(algebra.canonical(expr))
    yield from (expr, merged, _with_erf(merged), rational)
    for candidate in (expand(merged), expand(rational)):
        yield from (candidate, _with_erfc(candidate))
    # Factors are worth looking for among few symbols; a sum of many constants has none, at any price.
    if expr.free_symbols and not expr.has(erf, erfc, erf_re, erf_im) and rational.count_ops() <= _SHORT:
        yield from (algebra.in_factors(expr), radsimp(rational))


def _with_tidy_roots(expr: Expr) -> Expr:
    """Write the sums under roots shorter: to the algebra a root is one thing, whatever stands under it."""
    return expr.replace(
        lambda node: node.is_Pow and node.base.is_Add and node.exp.is_Rational and not node.exp.is_Integer,
        lambda node: tidy(node.base) ** node.exp,
    )


def _with_one_exponent(expr: Expr) -> Expr:
    """Write every product of exponentials as one."""
    return expr.replace(lambda node: node.is_Mul and sum(isinstance(f, exp) for f in node.args) > 1, _merged)


def _merged(product: Mul) -> Expr:
    exponent = Add(*(f.args[0] for f in product.args if isinstance(f, exp)))
    return Mul(*(f for f in product.args if not isinstance(f, exp))) * exp(factor(cancel(together(exponent))))


def _with_erf(expr: Expr) -> Expr:
    return expr.replace(erfc, lambda u: 1 - erf(u)) if expr.has(erfc) else expr


def _with_erfc(expr: Expr) -> Expr:
    return expand(expr.replace(erf, lambda u: 1 - erfc(u))) if expr.has(erf) else expr


def shortest(candidates: Iterable[Expr]) -> Expr:
    """Return the candidate with the fewest operations, the shortest text among equals."""
    counted = [(candidate.count_ops(), candidate) for candidate in dict.fromkeys(candidates)]
    least = min(count for count, _ in counted)
    # Printing costs more than counting, so only ties are told apart by their texts.
    tied = [candidate for count, candidate in counted if count == least]
    return tied[0] if len(tied) == 1 else min(tied, key=lambda candidate: (len(text := str(candidate)), text))
