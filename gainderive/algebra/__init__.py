r"""The small algebra in which identities are decided.

Every expression that a derivation meets is read as an element of one fraction field: rational
functions over :math:`\mathbb Q` in finitely many *generators*, which are

* symbols and opaque objects (``pi``, ``log(2)``, a Gaussian mean, an entry ``W[i, j]``),
* roots :math:`b^{1/k}`, with the relation :math:`t^k = b`; algebraic numbers ``CRootOf`` and ``I``,
  with their minimal polynomials,
* exponentials :math:`e^{um}` of monomials ``m`` with a rational unit ``u``, so that
  :math:`e^{x/2}\,e^{x/2} = e^{x}` and :math:`e^{x+a} = e^x e^a` hold by construction; sine, cosine and the
  hyperbolic functions are rewritten as exponentials,
* ``erf`` and ``erfi`` of an argument, odd by construction, with :math:`\mathrm{erf}(iu) = i\,\mathrm{erfi}(u)`;
  ``erfc = 1 - erf``; ``asin`` and ``atan``, odd too; :math:`\Phi_2` of its arguments,
* real and imaginary part of :math:`\mathrm{erf}(u + iv)` are written with :math:`\mathrm{erf}(u \pm iv)`.

An expression that reduces to the zero of that field *is* zero wherever it is defined, because each
rewriting is an identity: :func:`is_zero` never says yes wrongly. It is also complete for the
functions of ``x`` the engine works with, since exponentials of linearly independent exponents are
algebraically independent over the rational functions (Ax 1971), so a no is nearly always a no; a
caller that must know runs a ball through the expression.

``sympy.expand`` is no such normal form: denominators in parameters and exponentials mix, and
``F' - f`` for ``x**7*exp(3*x/2)`` under N(0, q) never becomes 0. Here it takes milliseconds.

>>> from gainderive.symbols import q, x
>>> from sympy import sqrt
>>> is_zero(exp(x + 1) - exp(1) * exp(x / 2) ** 2)
True
>>> is_zero(1 / (1 + sqrt(2)) - sqrt(2) + 1)
True
>>> is_zero(tanh(x) ** 2 + 1 / cosh(x) ** 2 - 1)
True
>>> is_zero(erfc(-x) + erfc(x) - 2)
True
>>> is_zero(erf_re(x, q) + I * erf_im(x, q) - erf(x + I * q))
True
>>> is_zero(sqrt(q) - q)
False
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import gcd, lcm
from typing import Any

from flint import fmpz
from sympy import (
    QQ,
    Add,
    CRootOf,
    Expr,
    Float,
    I,
    Integer,
    Mul,
    Rational,
    S,
    Symbol,
    Tuple,
    asin,
    atan,
    cos,
    cosh,
    coth,
    erf,
    erfc,
    erfi,
    exp,
    sech,
    sin,
    sinh,
    sympify,
    tan,
    tanh,
)
from sympy.functions.elementary.hyperbolic import csch

from gainderive.algebra._fraction import Fraction, Fractions, factored
from gainderive.errors import Undecided
from gainderive.special import binormal, erf_im, erf_re

_AS_EXPONENTIALS = (sinh, cosh, tanh, coth, sech, csch, sin, cos, tan)
_ODD = (erf, erfi, asin, atan)
_LARGEST_TRIED = 2**15
"""Largest prime that is looked for in a number under a root, as in SymPy itself."""
_REFLECTED = (exp, erf, erfc, erfi, sinh, cosh, sin, cos)
"""Entire functions that are real on the real line, so that the conjugate value is the value at the conjugate."""


@dataclass(frozen=True)
class Term:
    r"""One term :math:`c\, x^n\, e^{p(x)} \prod \mathrm{erf}(u_i)^{k_i}` of an expression.

    Attributes
    ----------
    coefficient : Expr
        ``c``, free of ``x``.
    power : int
        ``n``, possibly negative.
    exponent : Expr
        ``p(x)`` without constant term; 0 where there is no exponential in ``x``.
    specials : tuple of (Expr, int)
        Functions of ``x`` other than exponentials, each with its power.
    """

    coefficient: Expr
    power: int
    exponent: Expr
    specials: tuple[tuple[Expr, int], ...]


def is_zero(expr: Expr) -> bool:
    """Tell whether `expr` reduces to zero in the algebra; a yes is a proof."""
    exact = _without_floats(expr)
    return exact == 0 or Algebra(exact).is_zero(exact)


def equal(a: Expr, b: Expr) -> bool:
    """Tell whether ``a == b`` is an identity of the algebra."""
    # Exact first: SymPy would subtract a float from a rational in floats.
    a, b = _without_floats(a), _without_floats(b)
    return a == b or is_zero(a - b)


def _without_floats(expr: Expr) -> Expr:
    expr = sympify(expr)
    return expr.xreplace({number: Rational(number) for number in expr.atoms(Float)})


def canonical(expr: Expr) -> Expr:
    """Return `expr` as one cancelled fraction of the algebra's generators.

    >>> from gainderive.symbols import x
    >>> canonical((x**2 - 1) / (x - 1))
    x + 1
    """
    algebra = Algebra(expr)
    return algebra.to_expr(algebra.reduced(algebra.convert(expr)))


def in_factors(expr: Expr) -> Expr:
    """Return `expr` as one fraction with its factors apart, as far as they are found without much work.

    >>> from gainderive.symbols import x
    >>> in_factors(x**3 * exp(x) - x * exp(x))
    x*(x - 1)*(x + 1)*exp(x)
    """
    algebra = Algebra(expr)
    element = algebra.reduced(algebra.convert(expr))
    result: Expr = S.One
    for polynomial, side in ((element.numer, 1), (element.denom, -1)):
        if not polynomial:
            return S.Zero
        content, factors = factored(polynomial)
        result *= Rational(content.numerator, content.denominator) ** side
        result *= Mul(*(algebra._poly_to_expr(factor) ** (e * side) for factor, e in factors))
    return result


def terms(expr: Expr, x: Symbol) -> tuple[Term, ...] | None:
    """Return `expr` as a sum of terms in `x`, or ``None`` when a denominator is not a single term.

    >>> from gainderive.symbols import x
    >>> for term in terms((exp(x) - 1)**2, x): print(term.coefficient, term.exponent)
    1 2*x
    -2 x
    1 0
    """
    algebra = Algebra(expr)
    return algebra.terms(algebra.reduced(algebra.convert(expr)), x)


def is_positive_everywhere(expr: Expr) -> bool:
    """Tell whether `expr` is shown to be positive for all real values of its symbols.

    Above and below the fraction bar stand sums of products of real exponentials and positive
    numbers, with positive coefficients. A yes is a proof.

    >>> from gainderive.symbols import x
    >>> is_positive_everywhere(1 - tanh(x) ** 2), is_positive_everywhere(1 - exp(x))
    (True, False)
    """
    algebra = Algebra(expr)
    return algebra.is_positive(algebra.reduced(algebra.convert(expr)))


class Algebra:
    """The fraction field generated by one expression; :func:`is_zero` and its neighbours are the way in."""

    def __init__(self, expr: Expr) -> None:
        if getattr(expr, "is_commutative", None) is False:
            raise Undecided(f"{expr} does not commute")
        self._opaque: dict[Expr, None] = {}
        self._roots: dict[Expr, int] = {}
        self._exps: dict[Expr, Rational] = {}
        self._exponents: dict[Expr, tuple[tuple[Rational, Expr], ...]] = {}
        self._discover(expr)
        self._exponents = _exponent_terms(tuple(self._exponents))
        for rational, monomial in (term for terms in self._exponents.values() for term in terms):
            # The greatest unit of which all are whole multiples: 2.42 and 1.21 are 2 and 1, not 242 and 121 hundredths.
            self._exps[monomial] = _common_unit(rational, self._exps.get(monomial, S.Zero))

    @cached_property
    def _generators(self) -> tuple[Expr, ...]:
        roots = [base ** Rational(1, k) for base, k in self._roots.items()]
        exps = [exp(monomial * unit, evaluate=False) for monomial, unit in self._exps.items()]
        return (*self._opaque, *roots, *exps)

    @cached_property
    def _field(self) -> Fractions:
        return Fractions(len(self._generators) or 1)

    @cached_property
    def _of_opaque(self) -> dict[Expr, Fraction]:
        return dict(zip(self._opaque, self._field.gens, strict=False))

    @cached_property
    def _of_root(self) -> dict[Expr, Fraction]:
        return dict(zip(self._roots, self._field.gens[len(self._opaque) :], strict=False))

    @cached_property
    def _of_exp(self) -> dict[Expr, Fraction]:
        return dict(zip(self._exps, self._field.gens[len(self._opaque) + len(self._roots) :], strict=False))

    # -- which generators there are ---------------------------------------------------------

    def _discover(self, expr: Expr) -> None:
        match _shape(expr):
            case "number":
                pass
            case "several":
                for arg in expr.args:
                    self._discover(arg)
            case "sum" | "power":
                for arg in expr.args[: 1 if expr.is_Pow else None]:
                    self._discover(arg)
            case "root":
                for factor in _root_factors(expr.base, expr.exp):
                    self._discover(factor.base)
                    self._roots[factor.base] = lcm(self._roots.get(factor.base, 1), factor.exponent.q)
            case "exponential":
                self._exponents[_exponent(expr)] = ()
            case "rewritten":
                self._discover(_rewritten(expr))
            case "odd":
                normal = _odd(expr)
                self._opaque[normal.function] = None
                if normal.imaginary:
                    self._opaque[I] = None
            case "canonical":
                self._opaque[_with_canonical_arguments(expr)] = None
            case "opaque":
                self._opaque[expr] = None

    # -- reading and writing ----------------------------------------------------------------

    def convert(self, expr: Expr) -> Fraction:
        """Return `expr` as an element of the field (roots not yet reduced)."""
        match _shape(expr):
            case "number":
                exact = Rational(expr)
                return self._field(QQ(exact.p, exact.q))
            case "sum":
                parts = [self.convert(arg) for arg in expr.args]
                total = parts[0]
                for part in parts[1:]:
                    total = total + part if expr.is_Add else total * part
                return total
            case "power":
                return self.convert(expr.base) ** int(expr.exp)
            case "root":
                product = self._field.one
                for factor in _root_factors(expr.base, expr.exp):
                    k = self._roots[factor.base]
                    product *= self._of_root[factor.base] ** int(factor.exponent * k)
                return product
            case "exponential":
                product = self._field.one
                for rational, monomial in self._exponents[_exponent(expr)]:
                    product *= self._of_exp[monomial] ** int(rational / self._exps[monomial])
                return product
            case "rewritten":
                return self.convert(_rewritten(expr))
            case "odd":
                normal = _odd(expr)
                value = self._of_opaque[normal.function] * normal.sign
                return value * self._of_opaque[I] if normal.imaginary else value
            case "canonical":
                return self._of_opaque[_with_canonical_arguments(expr)]
            case _:
                return self._of_opaque[expr]

    def reduced(self, element: Fraction) -> Fraction:
        """Return `element` with every root's power below its degree, in numerator and denominator."""
        numerator, denominator = self._reduce(element.numer), self._reduced_denominator(element)
        if denominator.is_zero:
            raise ZeroDivisionError("the expression divides by zero")
        return self._rationalised((numerator / denominator).cancelled()).cancelled()

    def _reduced_denominator(self, element: Fraction) -> Fraction:
        """Return the reduced denominator, its factors apart, so that they may cancel."""
        product = self._reduce(Fraction(self._field.ring.one, element.monomial).denom)
        for factor, power in element.factors.items():
            product = product * self._reduce(factor) ** power
        return product

    def _rationalised(self, element: Fraction) -> Fraction:
        """Clear roots from the denominator (powers of any root, sums with a square root), so that equal is same.

        Only a denominator whose norm is root-free and not 0 is cleared: otherwise a conjugate may itself be 0.
        """
        original = element
        for base, generator in reversed(self._of_root.items()):
            powers = dict(self._powers(self._field(element.denom), generator))
            if set(powers) == {0}:
                continue
            if len(powers) == 1:
                factor = generator ** (self._roots[base] - next(iter(powers)))
            elif self._roots[base] == 2:
                factor = powers[0] - powers[1] * generator
            else:
                return original
            numerator, denominator = (
                self._reduce((self._field(side) * factor).numer) for side in (element.numer, element.denom)
            )
            if denominator.is_zero:
                return original
            element = (numerator / denominator).cancelled()
        return element if self._is_free_of_roots(element.denom) else original

    def _is_free_of_roots(self, polynomial: Any) -> bool:
        return all(self._field(polynomial).numer.degree(root.numer) <= 0 for root in self._of_root.values())

    def _reduce(self, polynomial: Any) -> Fraction:
        element = self._field(polynomial)
        # Outer roots first: their bases contain only roots that were discovered before them.
        for base, generator in reversed(self._of_root.items()):
            element = self._reduce_one(element, base, generator)
        for number, generator in self._of_opaque.items():
            minimal = _minimal_coefficients(number)
            if minimal:
                element = self._reduce_algebraic(element, minimal, generator)
        return element

    def _reduce_one(self, element: Fraction, base: Expr, generator: Fraction) -> Fraction:
        degree = self._roots[base]
        if element.numer.degree(generator.numer) < degree:
            return element
        value = self.convert(base)
        total = self._field.zero
        for power, coefficient in self._powers(element, generator):
            whole, rest = divmod(power, degree)
            total += coefficient * value**whole * generator**rest
        return total

    def _reduce_algebraic(self, element: Fraction, minimal: tuple[Rational, ...], generator: Fraction) -> Fraction:
        degree = len(minimal)
        lower = sum((QQ(c.p, c.q) * generator**i for i, c in enumerate(minimal)), self._field.zero)
        while (top := element.numer.degree(generator.numer)) >= degree:
            total = self._field.zero
            for power, coefficient in self._powers(element, generator):
                total += coefficient * (-lower * generator ** (power - degree) if power == top else generator**power)
            element = total
        return element

    def _powers(self, element: Fraction, generator: Fraction) -> Iterable[tuple[int, Fraction]]:
        position = next(i for i, gen in enumerate(self._field.gens) if gen is generator)
        grouped: dict[int, Any] = {}
        for monomial, coefficient in element.numer.terms():
            rest = tuple(0 if i == position else e for i, e in enumerate(monomial))
            grouped.setdefault(monomial[position], []).append((rest, coefficient))
        ring = element.numer.ring
        for power, listed in grouped.items():
            yield power, Fraction(ring.from_terms(listed), element.monomial, element.factors)

    def is_zero(self, expr: Expr) -> bool:
        """Tell whether the numerator of `expr` is zero by the relations, and the denominator is not."""
        element = self.convert(expr)
        if self._reduced_denominator(element).is_zero:
            raise ZeroDivisionError("the expression divides by zero")
        return self._reduce(element.numer).is_zero

    def is_positive(self, element: Fraction) -> bool:
        """Tell whether all coefficients of `element` are positive and every generator that occurs is."""
        signs = {c > 0 for polynomial in (element.numer, element.denom) for c in polynomial.coeffs()}
        occurring = {
            generator
            for polynomial in (element.numer, element.denom)
            for monomial in polynomial.monoms()
            for generator, e in zip(self._generators, monomial, strict=False)
            if e
        }
        return not element.is_zero and signs == {True} and all(generator.is_positive for generator in occurring)

    def to_expr(self, element: Fraction) -> Expr:
        """Return `element` as a SymPy expression."""
        (above, numer), (below, denom) = element.numer.clear_denoms(), element.denom.clear_denoms()
        factor = QQ(below) / QQ(above)
        top, bottom = numer.mul_ground(QQ(factor.numerator)), denom.mul_ground(QQ(factor.denominator))
        return self._poly_to_expr(top) / self._poly_to_expr(bottom)

    def _poly_to_expr(self, polynomial: Any) -> Expr:
        return Add(*(self._monomial_to_expr(m) * Rational(c.numerator, c.denominator) for m, c in polynomial.terms()))

    def _monomial_to_expr(self, monomial: tuple[int, ...]) -> Expr:
        split = len(self._opaque) + len(self._roots)
        plain = [self._generators[i] ** e for i, e in enumerate(monomial[:split]) if e]
        exponent = Add(*(e * self._generators[split + i].args[0] for i, e in enumerate(monomial[split:]) if e))
        return Mul(*plain) * exp(exponent)

    def terms(self, element: Fraction, x: Symbol) -> tuple[Term, ...] | None:
        """Return `element` as a sum of :class:`Term` in `x`, or ``None`` when it is none."""
        groups: dict[tuple[int, Expr, tuple[tuple[Expr, int], ...]], list[Expr]] = {}
        bottom = self._bottom(element, x)
        if bottom is None:
            return None
        shift, constant = bottom
        for monomial, coefficient in element.numer.terms():
            powers = [e - s for e, s in zip(monomial, shift, strict=True)]
            c: Expr = Rational(coefficient.numerator, coefficient.denominator)
            power, exponent, specials = 0, S.Zero, []
            for generator, e in zip(self._generators, powers, strict=False):
                if not e:
                    continue
                if generator == x:
                    power = e
                elif x not in generator.free_symbols:
                    c *= generator**e
                elif isinstance(generator, exp):
                    exponent += e * generator.args[0]
                else:
                    specials.append((generator, e))
            groups.setdefault((power, exponent, tuple(specials)), []).append(c)
        return tuple(Term(Add(*cs) / constant, *key) for key, cs in groups.items())

    def _bottom(self, element: Fraction, x: Symbol) -> tuple[tuple[int, ...], Expr] | None:
        """Split the denominator into one monomial times an x-free factor; ``None`` where the rest depends on ``x``."""
        monomials = element.denom.monoms()
        shared = tuple(map(min, zip(*monomials, strict=True)))
        rest = [
            (tuple(e - s for e, s in zip(monomial, shared, strict=True)), coefficient)
            for monomial, coefficient in element.denom.terms()
        ]
        if any(
            x in generator.free_symbols
            for monomial, _ in rest
            for generator, e in zip(self._generators, monomial, strict=False)
            if e
        ):
            return None
        return shared, Add(*(self._monomial_to_expr(m) * Rational(c.numerator, c.denominator) for m, c in rest))


def _minimal_coefficients(number: Expr) -> tuple[Rational, ...]:
    """Return the lower coefficients, constant first, of a number's monic minimal polynomial; empty if it has none."""
    if number is I:
        return (S.One, S.Zero)
    if isinstance(number, CRootOf):
        lead, *rest = map(Rational, number.poly.all_coeffs())
        return tuple(c / lead for c in reversed(rest))
    return ()


# -- how one node of an expression is read ---------------------------------------------------


def _shape(expr: Expr) -> str:
    if isinstance(expr, Tuple):
        return "several"
    if expr.is_Rational or isinstance(expr, Float):
        return "number"
    if expr.is_Add or expr.is_Mul:
        return "sum"
    if isinstance(expr, exp) or expr is S.Exp1 or (expr.is_Pow and expr.base is S.Exp1):
        return "exponential"
    if expr.is_Pow and expr.exp.is_Integer:
        return "power"
    if expr.is_Pow and expr.exp.is_Rational:
        return "root"
    if isinstance(expr, (erfc, erf_re, erf_im, *_AS_EXPONENTIALS)):
        return "rewritten"
    if isinstance(expr, _ODD):
        return "odd"
    if isinstance(expr, binormal):
        return "canonical"
    return "opaque"


def _exponent(expr: Expr) -> Expr:
    if expr is S.Exp1:
        return S.One
    return expr.exp if expr.is_Pow else expr.args[0]


def _rewritten(expr: Expr) -> Expr:
    if isinstance(expr, erfc):
        return 1 - erf(expr.args[0])
    if isinstance(expr, (erf_re, erf_im)):
        u, v = expr.args
        above, below = erf(u + I * v), erf(u - I * v)
        return (above + below) / 2 if isinstance(expr, erf_re) else (above - below) / (2 * I)
    return expr.rewrite(exp)


def conjugated(expr: Expr) -> Expr:
    """Return the complex conjugate of `expr`, which has ``-I`` for ``I`` (Schwarz's reflection principle).

    Raises
    ------
    Undecided
        When something in it is neither shown to be real nor an entire function that is real on the real line.

    Examples
    --------
    >>> from gainderive.symbols import x
    >>> conjugated(exp(I * x) + x)
    x + exp(-I*x)
    """
    if expr is I:
        return -I
    if expr.is_extended_real:
        return expr
    if expr.is_Add or expr.is_Mul or isinstance(expr, _REFLECTED):
        return expr.func(*map(conjugated, expr.args))
    if expr.is_Pow and expr.exp.is_Integer:
        return conjugated(expr.base) ** expr.exp
    raise Undecided(f"the complex conjugate of {expr}")


@dataclass(frozen=True)
class _Odd:
    """The value ``sign * function``, times ``I`` when `imaginary`."""

    sign: int
    imaginary: bool
    function: Expr


@lru_cache(maxsize=4096)
def _odd(expr: Expr) -> _Odd:
    """Write an odd function with an argument in normal form, ``erf`` and ``erfi`` without a factor ``I`` inside."""
    argument, function, imaginary = canonical(expr.args[0]), expr.func, False
    if function in (erf, erfi) and argument.has(I):
        turned = canonical(argument / I)
        if not turned.has(I):
            argument, function, imaginary = turned, (erfi if function is erf else erf), True
    # The sign is read off one term that both signs of an argument share, whatever order SymPy prints them in.
    coefficient, _ = min(
        (t.as_coeff_Mul() for t in Add.make_args(argument.as_numer_denom()[0])), key=lambda t: str(t[1])
    )
    sign = -1 if coefficient < 0 else 1
    return _Odd(sign, imaginary, function(argument if sign == 1 else canonical(-argument), evaluate=False))


@lru_cache(maxsize=4096)
def _with_canonical_arguments(expr: Expr) -> Expr:
    h, k, rho = map(canonical, expr.args)
    h, k = sorted((h, k), key=str)
    return expr.func(h, k, rho, evaluate=False)


def _exponent_terms(exponents: tuple[Expr, ...]) -> dict[Expr, tuple[tuple[Rational, Expr], ...]]:
    r"""Write each exponent as a sum of rational multiples of monomials, linearly independent over the rationals.

    Where all denominators are monomials, so are the terms. Else let ``M D`` be a common denominator with a monomial
    ``M``; division of the numerator by ``D`` gives :math:`N/(MD) = Q/M + R/(MD)`, and quotient and remainder depend
    linearly on ``N``, so that sums of exponents have the sums of their terms.
    """
    alone = {exponent: _monomials(exponent) for exponent in exponents}
    if all(terms is not None for terms in alone.values()):
        return {exponent: terms or () for exponent, terms in alone.items()}
    return dict(zip(exponents, _divided_monomials(exponents), strict=True))


@lru_cache(maxsize=4096)
def _monomials(exponent: Expr) -> tuple[tuple[Rational, Expr], ...] | None:
    """Return the terms of an exponent whose denominator is a monomial, else ``None``."""
    algebra = Algebra(exponent)
    element = algebra.reduced(algebra.convert(exponent))
    bottom = element.denom.terms()
    if len(bottom) > 1:
        return None
    ((shift, scale),) = bottom
    return tuple(
        (_quotient(c, scale), algebra._monomial_to_expr(m) / algebra._monomial_to_expr(shift))
        for m, c in element.numer.terms()
    )


@lru_cache(maxsize=1024)
def _divided_monomials(exponents: tuple[Expr, ...]) -> tuple[tuple[tuple[Rational, Expr], ...], ...]:
    algebra = Algebra(Tuple(*exponents))
    elements = [algebra.reduced(algebra.convert(exponent)) for exponent in exponents]
    common = elements[0].denom
    for element in elements[1:]:
        common = common.lcm(element.denom)
    least = tuple(map(min, zip(*common.monoms(), strict=True)))
    monomial = common.ring.from_terms([(least, common.ring.domain.one)])
    rest = common.quo(monomial)
    below = algebra._monomial_to_expr(least)
    below_rest = below * algebra._poly_to_expr(rest)
    found = []
    for element in elements:
        (quotient,), remainder = (element.numer * common.quo(element.denom)).div([rest])
        found.append(
            tuple((_quotient(c), algebra._monomial_to_expr(m) / below) for m, c in quotient.terms())
            + tuple((_quotient(c), algebra._monomial_to_expr(m) / below_rest) for m, c in remainder.terms())
        )
    return tuple(found)


def _common_unit(a: Rational, b: Rational) -> Rational:
    """Return the largest rational of which both are whole multiples; one of them may be 0."""
    return Rational(gcd(a.p * b.q, b.p * a.q), a.q * b.q)


def _quotient(above: Any, below: Any = 1) -> Rational:
    number = QQ(above) / QQ(below)
    return Rational(int(number.numerator), int(number.denominator))


@dataclass(frozen=True)
class _RootFactor:
    """The factor ``base**exponent`` of a root, with a base that is not split further."""

    base: Expr
    exponent: Rational


@lru_cache(maxsize=4096)
def _root_factors(base: Expr, exponent: Rational) -> tuple[_RootFactor, ...]:
    """Split ``base**exponent`` over the positive factors of `base`, where that is an identity."""
    if base == -1:
        return (_RootFactor(base, exponent),)
    if base.is_Integer and base > 0:
        return tuple(_RootFactor(Integer(p), exponent * e) for p, e in _small_factors(int(base)))
    if base.is_Symbol or not (base.is_Add or base.is_Mul or base.is_Pow or base.is_Rational):
        return (_RootFactor(base, exponent),)
    algebra = Algebra(base)
    element = algebra.reduced(algebra.convert(base))
    found: list[_RootFactor] = []
    rest: Expr = S.One
    for polynomial, side in ((element.numer, 1), (element.denom, -1)):
        content, factors = factored(polynomial)
        number = Rational(content.numerator, content.denominator)
        for integer, direction in ((number.p, side), (number.q, -side)):
            if integer < 0:
                rest = -rest
            found += [_RootFactor(Integer(p), exponent * e * direction) for p, e in _small_factors(abs(int(integer)))]
        for factor, e in factors:
            expr = algebra._poly_to_expr(factor)
            if expr.is_positive:
                found += _root_factor_of_positive(expr, exponent * e * side)
            elif (-expr).is_positive:
                rest *= (-1) ** (e % 2)
                found += _root_factor_of_positive(-expr, exponent * e * side)
            else:
                rest *= expr ** (e * side)
    if rest == -1:
        found.append(_RootFactor(S.NegativeOne, exponent))
    elif rest != 1:
        found.append(_RootFactor(rest, exponent))
    return tuple(found)


def _small_factors(number: int) -> tuple[tuple[int, int], ...]:
    """Return small prime factors with their powers, and what is left of a large number, which may be composite."""
    return tuple((int(p), e) for p, e in fmpz(number).factor(trial_limit=_LARGEST_TRIED)) if number > 1 else ()


def _root_factor_of_positive(expr: Expr, exponent: Rational) -> tuple[_RootFactor, ...]:
    # A generator that is itself a root (as sqrt(q) in q**(1/4)) goes back to its own base.
    if expr.is_Pow and expr.exp.is_Rational:
        return (_RootFactor(expr.base, expr.exp * exponent),)
    return (_RootFactor(expr, exponent),)
