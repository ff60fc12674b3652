"""Rules: polynomials times error functions, by parts down to the lemmas on error functions alone."""

from __future__ import annotations

from sympy import Expr, Poly, S, Symbol, erf, expand, oo

from gainderive import algebra
from gainderive.derivation import Derivation
from gainderive.derivation.reasons import Additivity, ByParts, Lemma, Symmetry
from gainderive.derivation.reasons._limits import value_at
from gainderive.exact import lemmas
from gainderive.exact._kinds import Kind, kinds
from gainderive.exact._rule import Found, Node
from gainderive.gaussian import GaussIntegral, GaussMean, density


def folded_back(node: Node) -> Found | None:
    """Return half of the mean over the line for an even integrand on the right or left half-line."""
    kind = _with_error_functions(node)
    if kind is None or not isinstance(node, GaussIntegral):
        return None
    if (node.lower, node.upper) not in ((S.Zero, oo), (-oo, S.Zero)):
        return None
    x = node.variable
    if not algebra.equal(node.integrand, node.integrand.subs(x, -x)):
        return None
    return Found(GaussMean(node.integrand, x, node.q) / 2, Symmetry(node))


def by_parts(node: Node) -> Found | None:
    """Return the mean with a power of ``x`` taken off the polynomial, and what is left at the ends."""
    kind = _with_error_functions(node)
    if kind is None:
        return None
    x, q = node.variable, node.q
    lower, constant = _divided(kind.cosine, x), _divided(kind.sine, x)
    waves = Kind(lower[0], constant[0], kind.frequency, S.Zero, ())
    if waves.cosine == 0 and waves.sine == 0:
        return None
    inner = waves.waves(x) * kind.factor
    rest = Kind(lower[1], constant[1], kind.frequency, S.Zero, ()).waves(x) * kind.factor
    into = node.with_integrand(q * inner.diff(x) + rest)
    boundary = -q * inner * density(x, q)
    at_ends = value_at(boundary, x, node.upper) - value_at(boundary, x, node.lower)
    return Found(at_ends + into, ByParts(node, inner, into))


def _divided(polynomial: Expr, x: Symbol) -> tuple[Expr, Expr]:
    """Return quotient and remainder of the division by ``x``."""
    constant = polynomial.subs(x, 0)
    return expand((polynomial - constant) / x), constant


def by_lemma(node: Node) -> Found | None:
    """Return the mean of one or two error functions by the lemma that states it."""
    kind = _with_error_functions(node)
    if kind is None or x_in(kind, node.variable):
        return None
    functions = [f for f, k in kind.specials for _ in range(k)]
    whole = isinstance(node, GaussMean)
    if len(functions) == 1 and kind.frequency != 0 and whole:
        return _wave(node, functions[0], kind)
    if kind.frequency != 0:
        return None
    if len(functions) == 1:
        if whole:
            return _stated(node, lemmas.mean_of_erf(), (*_line(functions[0], node.variable), node.q))
        if node.upper != oo:
            f, x, q, a, b = node.args
            first = GaussMean(f, x, q) if a == -oo else GaussIntegral(f, x, q, a, oo)
            return Found(first - GaussIntegral(f, x, q, b, oo), Additivity(node))
        return _stated(node, lemmas.mean_of_erf_beyond(), (*_line(functions[0], node.variable), node.q, node.lower))
    if len(functions) == 2 and whole:
        (a, b), (c, d) = (_line(f, node.variable) for f in functions)
        if b == 0 and d == 0:
            return _stated(node, lemmas.arcsine_kernel(), (a, c, node.q))
        return _stated(node, lemmas.mean_of_two_erfs(), (a, b, c, d, node.q))
    return None


def x_in(kind: Kind, x: Symbol) -> bool:
    """Tell whether a polynomial of `kind` depends on `x`."""
    return x in kind.cosine.free_symbols or x in kind.sine.free_symbols


def _wave(node: Node, function: Expr, kind: Kind) -> Found | None:
    """Return the mean of an error function times a cosine or a sine; a sum of both is for linearity."""
    if kind.cosine != 0 and kind.sine != 0:
        return None
    lemma = lemmas.mean_of_erf_times_cosine() if kind.sine == 0 else lemmas.mean_of_erf_times_sine()
    return _stated(node, lemma, (*_line(function, node.variable), node.q, kind.frequency))


def _stated(node: Node, lemma: Derivation, values: tuple[Expr, ...]) -> Found:
    """Return the node by `lemma` at `values`, in the order of the lemma's symbols, times a constant factor."""
    at = tuple(zip(lemmas.symbols_of(lemma), values, strict=True))
    value = lemma.claim.rhs.subs(dict(at), simultaneous=True)
    return Found(value, Lemma(lemma, at, node))


def _line(function: Expr, x: Symbol) -> tuple[Expr, Expr]:
    polynomial = Poly(function.args[0], x)
    return polynomial.coeff_monomial(x), polynomial.coeff_monomial(1)


def _with_error_functions(node: Node) -> Kind | None:
    """Return the kind of an integrand that is polynomials, a wave, and error functions of linear arguments."""
    found = kinds(node.integrand, node.variable)
    if found is None or len(found) != 1 or not found[0].specials or found[0].exponent != 0:
        return None
    (kind,) = found
    linear = all(
        isinstance(f, erf) and f.args[0].is_polynomial(node.variable) and Poly(f.args[0], node.variable).degree() == 1
        for f, _ in kind.specials
    )
    return kind if linear else None


__all__ = ["by_lemma", "by_parts", "folded_back"]
