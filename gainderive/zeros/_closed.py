r"""Real zeros in closed form: polynomials, and polynomials in one invertible function, from the outside in.

.. math:: P(F(w)) = 0 \iff F(w) = t_i \text{ for a real root } t_i \text{ of } P \iff w = F^{-1}(t_i),

and then the zeros of :math:`w - F^{-1}(t_i)` are looked for in the same way. Whether :math:`t_i` lies in the range of
:math:`F` is decided by the parameters' assumptions, or by balls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from math import gcd, lcm

import sympy
from flint import arb
from sympy import (
    Add,
    Expr,
    Integer,
    Mul,
    Poly,
    PolynomialError,
    Pow,
    Rational,
    S,
    Symbol,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    erfinv,
    exp,
    fraction,
    log,
    oo,
    pi,
    real_roots,
    together,
)

from gainderive import symbols
from gainderive.balls import evaluate, rational_midpoint, sign_of, working_precision
from gainderive.errors import BadExpression

_MOST_DEGREE = 100
_MOST_TURNS = 2_000
_BITS = 64


class NotClosed(Exception):
    """No closed form was found by these means; there may be one."""


@dataclass(frozen=True)
class Domain:
    """The interval of `x` in which zeros are looked for; only where it is finite do sines have finitely many."""

    x: Symbol
    lower: Expr = -oo
    upper: Expr = oo

    def span(self, expr: Expr) -> arb | None:
        """Return a ball around all values of `expr` on the interval; ``None`` where there is no finite one."""
        if self.lower == -oo or self.upper == oo or expr.free_symbols != {self.x}:
            return None
        if self.lower.free_symbols or self.upper.free_symbols:
            return None
        with working_precision(_BITS):
            inside = evaluate(self.lower, {}).union(evaluate(self.upper, {}))
            try:
                values = evaluate(expr, {self.x: inside})
            except BadExpression:
                return None
        return values if values.is_finite() else None


def closed_zeros(function: Expr, domain: Domain) -> list[Expr]:
    """Return all real zeros of `function` in the domain, and maybe points outside or where it is undefined.

    Raises
    ------
    NotClosed
        When the zeros are not expressed by inverting one function after the other.

    Examples
    --------
    >>> from gainderive.symbols import x
    >>> closed_zeros(exp(2 * x) - 3 * exp(x) + 2, Domain(x))
    [0, log(2)]
    >>> closed_zeros(sympy.tanh(x**3) - Rational(1, 2), Domain(x))
    [atanh(1/2)**(1/3)]
    >>> closed_zeros(sympy.sin(x), Domain(x, S(1), S(7)))
    [2*pi, pi]
    """
    numerator = fraction(together(function))[0]
    return list(dict.fromkeys(_zeros(numerator, domain)))


def sign(number: Expr) -> int:
    """Return the sign of a number that may contain parameters.

    Raises
    ------
    NotClosed
        When it does not follow from the assumptions, or no ball is away from 0.
    """
    if number.is_zero:
        return 0
    if number.is_positive or number.is_negative:
        return 1 if number.is_positive else -1
    shown = sign_of(number)
    if shown is None and not number.free_symbols and sympy.simplify(number) == 0:
        shown = 0
    if shown is None:
        raise NotClosed
    return shown


def _zeros(function: Expr, domain: Domain) -> Iterator[Expr]:
    x = domain.x
    if x not in function.free_symbols:
        if function.is_zero is False or sign(function):
            return
        raise NotClosed
    if isinstance(function, Mul):
        for factor in function.args:
            yield from _zeros(factor, domain)
        return
    if isinstance(function, (exp, sympy.cosh, sympy.sech)):
        return
    if isinstance(function, Pow) and x not in function.exp.free_symbols:
        if function.exp.is_positive:
            yield from _zeros(function.base, domain)
            return
        if function.exp.is_negative:
            return
    t = symbols.parameter("the generator of a polynomial")
    polynomial, generator = _in_one_generator(function, x, t)
    for root in _roots(polynomial, t):
        if generator == x:
            yield root
            continue
        for inner, value in _inverted(generator, root, domain):
            yield from _zeros(inner - value, domain)


def _roots(polynomial: Expr, t: Symbol) -> list[Expr]:
    """Return the real roots of a polynomial with rational, algebraic, or (up to the second degree) any coefficients."""
    try:
        poly = Poly(polynomial, t)
        if poly.free_symbols == {t} and poly.degree() <= _MOST_DEGREE:
            exact = poly if poly.domain.is_Exact and poly.domain.is_Numerical else Poly(polynomial, t, extension=True)
            if exact.domain.is_Numerical and exact.domain.is_Exact:
                return list(dict.fromkeys(real_roots(exact)))
    except (PolynomialError, NotImplementedError, sympy.CoercionFailed):
        pass
    try:
        coefficients = Poly(polynomial, t).all_coeffs()
    except PolynomialError:
        raise NotClosed from None
    if len(coefficients) == 2:
        slope, offset = coefficients
        return [(-offset / slope).cancel() if slope.free_symbols else -offset / slope]
    if len(coefficients) == 3:
        return _quadratic(*coefficients)
    if not any(coefficients[1:-1]):
        # a t**n + b
        power = Pow(t, len(coefficients) - 1)
        return [value for _, value in _inverted(power, -coefficients[-1] / coefficients[0], Domain(t))]
    raise NotClosed


def _quadratic(a: Expr, b: Expr, c: Expr) -> list[Expr]:
    discriminant = b * b - 4 * a * c
    shown = sign(discriminant)
    if shown < 0:
        return []
    middle, half = -b / (2 * a), sympy.sqrt(discriminant) / (2 * a)
    if shown == 0:
        return [middle]
    return [middle - half, middle + half] if sign(a) > 0 else [middle + half, middle - half]


# -- generators ---------------------------------------------------------------------------------


def _generators(function: Expr, x: Symbol) -> set[Expr]:
    """Return the parts in which `function` is a polynomial."""
    if x not in function.free_symbols:
        return set()
    if isinstance(function, (Add, Mul)):
        return set().union(*(_generators(arg, x) for arg in function.args))
    if isinstance(function, Pow) and isinstance(function.exp, Integer) and function.exp > 0:
        return _generators(function.base, x)
    return {function}


_HYPERBOLIC = (sympy.sinh, sympy.cosh, sympy.tanh, sympy.coth, sympy.sech, sympy.csch)


def _in_one_generator(function: Expr, x: Symbol, t: Symbol) -> tuple[Expr, Expr]:
    """Return a polynomial in `t` and what `t` stands for; hyperbolic functions, exponentials and roots go together."""
    expanded = sympy.expand_mul(function)
    generators = _generators(expanded, x)
    if len(generators) > 1 and any(isinstance(g, _HYPERBOLIC) for g in generators):
        rewritten = expanded.xreplace({g: g.rewrite(exp) for g in generators if isinstance(g, _HYPERBOLIC)})
        expanded = sympy.expand_mul(fraction(together(rewritten))[0])
        generators = _generators(expanded, x)
    if len(generators) == 1:
        generator = generators.pop()
        return expanded.xreplace({generator: t}), generator
    if all(isinstance(g, exp) for g in generators):
        return _powers_of_one(expanded, {g: g.exp for g in generators}, exp, t)
    roots = {g for g in generators if isinstance(g, Pow) and isinstance(g.exp, Rational)}
    bases = {g.base for g in roots} | (generators - roots)
    if len(bases) == 1:
        base = bases.pop()
        exponents = {g: g.exp if g in roots else S.One for g in generators}
        return _powers_of_one(expanded, exponents, lambda e: Pow(base, e), t)
    raise NotClosed


def _powers_of_one(
    function: Expr, exponents: dict[Expr, Expr], make: Callable[[Expr], Expr], t: Symbol
) -> tuple[Expr, Expr]:
    """Replace each key by a power of ``t = make(unit)``, `unit` the greatest common part of the exponents."""
    first = next(iter(exponents.values()))
    ratios = {g: (e / first).cancel() for g, e in exponents.items()}
    if not all(isinstance(r, Rational) for r in ratios.values()):
        raise NotClosed
    bottom = reduce(lcm, (int(r.q) for r in ratios.values()))
    top = reduce(gcd, (int(r.p) * (bottom // int(r.q)) for r in ratios.values()))
    unit = first * Rational(top, bottom)
    if unit.as_coeff_Mul()[0].is_negative:
        unit = -unit
    powers = {g: t ** ((e / unit).cancel()) for g, e in exponents.items()}
    # Negative powers are cleared; where t is 0 the generator, an exponential or a root, is 0 or undefined.
    return fraction(together(function.xreplace(powers)))[0], make(unit)


# -- inverses -----------------------------------------------------------------------------------


def _both(value: Expr) -> list[Expr]:
    return [S.Zero] if value == 0 else [-value, value]


def _within(value: Expr, low: Expr, high: Expr) -> bool:
    return sign(value - low) > 0 and sign(high - value) > 0


_INVERSES: dict[type, Callable[[Expr], list[Expr]]] = {
    exp: lambda v: [log(v)] if sign(v) > 0 else [],
    log: lambda v: [exp(v)],
    sympy.tanh: lambda v: [atanh(v)] if _within(v, -S.One, S.One) else [],
    sympy.atanh: lambda v: [sympy.tanh(v)],
    sympy.sinh: lambda v: [asinh(v)],
    sympy.asinh: lambda v: [sympy.sinh(v)],
    sympy.cosh: lambda v: _both(acosh(v)) if sign(v - 1) >= 0 else [],
    sympy.sech: lambda v: _both(acosh(1 / v)) if sign(v) > 0 and sign(1 - v) >= 0 else [],
    sympy.acosh: lambda v: [sympy.cosh(v)] if sign(v) >= 0 else [],
    sympy.atan: lambda v: [sympy.tan(v)] if _within(v, -pi / 2, pi / 2) else [],
    sympy.erf: lambda v: [erfinv(v)] if _within(v, -S.One, S.One) else [],
    sympy.erfc: lambda v: [erfinv(1 - v)] if _within(v, S.Zero, S(2)) else [],
}
"""All real solutions ``u`` of ``F(u) = v``."""

_PERIODIC: dict[type, tuple[Callable[[Expr], list[Expr]], Expr]] = {
    sympy.sin: (lambda v: [asin(v), pi - asin(v)] if sign(1 - v * v) >= 0 else [], 2 * pi),
    sympy.cos: (lambda v: [acos(v), -acos(v)] if sign(1 - v * v) >= 0 else [], 2 * pi),
    sympy.tan: (lambda v: [atan(v)], pi),
    sympy.cot: (lambda v: [sympy.acot(v)], pi),
}
"""The solutions in one period, and the period."""


def _periodic(generator: Expr, value: Expr, domain: Domain) -> Iterator[Expr]:
    first, period = _PERIODIC[generator.func]
    solutions = dict.fromkeys(first(value))
    if not solutions:
        return
    span = domain.span(generator.args[0])
    if span is None or value.free_symbols:
        raise NotClosed
    for solution in solutions:
        with working_precision(_BITS):
            turns = (span - evaluate(solution, {})) / evaluate(period, {})
            low, high = (rational_midpoint(edge) for edge in (turns.lower(), turns.upper()))
        if high - low > _MOST_TURNS:
            raise NotClosed
        yield from (solution + turn * period for turn in range(int(low.ceil()), int(high.floor()) + 1))


def _inverted(generator: Expr, value: Expr, domain: Domain) -> Iterator[tuple[Expr, Expr]]:
    """Yield ``w, v`` such that ``generator == value`` exactly where ``w == v`` for one of them."""
    if isinstance(generator, Pow):
        yield from _inverted_power(generator, value, domain.x)
        return
    if generator.func in _PERIODIC:
        yield from ((generator.args[0], solution) for solution in _periodic(generator, value, domain))
        return
    inverse = _INVERSES.get(generator.func)
    if inverse is None or len(generator.args) != 1:
        raise NotClosed
    for inner in inverse(value):
        yield generator.args[0], inner


def _inverted_power(generator: Expr, value: Expr, x: Symbol) -> Iterator[tuple[Expr, Expr]]:
    base, exponent = generator.args
    if x in exponent.free_symbols:
        if x in base.free_symbols or sign(base) <= 0 or sign(base - 1) == 0:
            raise NotClosed
        if sign(value) > 0:
            yield exponent, log(value) / log(base)
        return
    if not isinstance(exponent, Rational):
        raise NotClosed
    positive = sign(value)
    if positive == 0:
        if exponent > 0:
            yield base, S.Zero
        return
    if exponent.q == 1:
        if positive > 0:
            root = Pow(value, 1 / exponent)
            yield base, root
            if exponent.p % 2 == 0:
                yield base, -root
        elif exponent.p % 2:
            yield base, -Pow(-value, 1 / exponent)
    elif positive > 0:
        # A root is real, and then not negative, only where its base is not negative.
        yield base, Pow(value, 1 / exponent)
