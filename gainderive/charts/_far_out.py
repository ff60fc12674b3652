r"""The range of a function on a half-line, by variables that stay bounded there: ``1/x``, decaying exponentials, waves.

On :math:`x \ge T \ge e` the variables :math:`1/x`, :math:`\log(x)/x` and :math:`e^{-cx}` are between 0 and their values
at ``T``, sines and cosines between -1 and 1. A function that is written in them without a quotient by what may be 0 has
all its values in the ball that comes out.

>>> from sympy import exp, log
>>> range_beyond(log(1 + exp(x)) ** 2, 2, fmpq(64)).overlaps(arb(1))
True
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from flint import arb, fmpq
from sympy import (
    Expr,
    PolynomialError,
    S,
    asinh,
    cancel,
    cos,
    cosh,
    coth,
    csch,
    erf,
    erfc,
    exp,
    expand_power_exp,
    log,
    sech,
    sin,
    sinh,
    sqrt,
    tanh,
)
from sympy import degree as degree_of

from gainderive.balls import Values, evaluate
from gainderive.errors import Undecided
from gainderive.symbols import parameter, x

_HYPERBOLIC = (sinh, cosh, tanh, coth, sech, csch)
_INVERSE = parameter("1/x", positive=True)
_DECAY = parameter("e^-x", positive=True)
_SLOW = parameter("log(x)/x", positive=True)


def range_beyond(function: Expr, degree: int, start: fmpq) -> arb:
    """Return a ball around all values of ``function/x**degree`` for ``x >= start``, which is beyond ``e``.

    Raises
    ------
    Undecided
        When the function cannot be written in bounded variables.
    """
    bounded, waves = _in_waves(turned(function.rewrite(_HYPERBOLIC, exp)), start)
    bounded, decays = _in_decays(expand_power_exp(bounded), start)
    try:
        bounded = _in_logarithms(bounded.replace(log, lambda u: log(cancel(u))))
        at_infinity = cancel(cancel(bounded / x**degree).subs(x, 1 / _INVERSE))
    except PolynomialError as error:
        raise Undecided(f"{function} at large x: {error}") from error
    if x in at_infinity.free_symbols:
        raise Undecided(f"{function} at large x")
    begin = arb(start)
    inverse = {_INVERSE: arb(0).union(1 / begin), _SLOW: arb(0).union(begin.log() / begin)}
    return evaluate(at_infinity, {**waves, **decays, **inverse})


def _in_logarithms(function: Expr) -> Expr:
    """Write ``log(u)`` of a polynomial or of ``x + sqrt(x**2 + c)`` with ``log(x)/x``, which falls beyond ``e``."""

    def written(u: Expr) -> Expr:
        if not u.is_polynomial(x):
            return log(u)
        order = degree_of(u, x)
        return order * x * _SLOW + log((u / x**order).expand())

    def inverse_sine(u: Expr) -> Expr:
        factor = u / x
        return asinh(u) if factor.free_symbols else x * _SLOW + log(factor + sqrt(factor**2 + 1 / x**2))

    return function.replace(log, written).replace(asinh, inverse_sine)


def turned(function: Expr) -> Expr:
    """Write ``log(1 + exp(u))`` with growing ``u`` as ``u + log(1 + exp(-u))``, and ``erf`` by its complement."""

    def grows(term: Expr) -> bool:
        return isinstance(term, log) and isinstance(term.args[0] - 1, exp) and bool(_exponent(term).diff(x).is_positive)

    turned = function.replace(grows, lambda term: _exponent(term) + log(1 + exp(-_exponent(term))))
    return turned.replace(erf, lambda u: 1 - erfc(u))


def _exponent(softplus: Expr) -> Expr:
    exponent: Expr = (softplus.args[0] - 1).args[0]
    return exponent


def _in_waves(function: Expr, start: fmpq) -> tuple[Expr, Values]:
    """Return the function with a symbol for each sine, cosine and complementary error function, and their balls."""
    names: Iterator[int] = count()
    values = {}
    for atom in sorted(function.atoms(sin, cos, erfc), key=str):
        symbol = parameter(f"w_{next(names)}")
        if isinstance(atom, erfc):
            if not (atom.args[0] / x).is_positive:
                raise Undecided(f"{atom} at large x")
            values[symbol] = arb(0).union(evaluate(atom, {x: arb(start)}))
        else:
            values[symbol] = arb(0, 1)
        function = function.xreplace({atom: symbol})
    return function, values


def _in_decays(function: Expr, start: fmpq) -> tuple[Expr, Values]:
    """Return the function with powers of one decaying exponential, and its ball."""
    atoms = [atom for atom in function.atoms(exp) if x in atom.free_symbols]
    rates = [atom.exp / x for atom in atoms]
    if not rates:
        return function, {}
    unit = abs(rates[0])
    ratios = [rate / unit for rate in rates]
    if not all(ratio.is_Rational for ratio in ratios):
        raise Undecided(f"{function} at large x")
    common = S.One
    for ratio in ratios:
        common = common * ratio.q / common.gcd(S(ratio.q))
    replaced = {atom: _DECAY ** (-ratio * common) for atom, ratio in zip(atoms, ratios, strict=True)}
    decay = evaluate(exp(-unit / common * x), {x: arb(start)})
    return function.xreplace(replaced), {_DECAY: arb(0).union(decay)}
