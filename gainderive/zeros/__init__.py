r"""All real zeros of a function of ``x``: in closed form where it inverts, else as certified roots.

:func:`real_zeros` never leaves one out: where it cannot show that it has found all, it says so. Algebraic zeros are
SymPy's own numbers; those that have no closed form are numbers of our own, :class:`RealZero`.

>>> from sympy import cos, exp, tanh
>>> from gainderive.symbols import x
>>> real_zeros(exp(x) - 2)
(log(2),)
>>> real_zeros(x - cos(x))
(zero(x - cos(x), 0.739),)
>>> real_zeros(cos(x))
Traceback (most recent call last):
    ...
gainderive.errors.Undecided: the real zeros of cos(x), where the expression switches, could not be found: there is ...
"""

from __future__ import annotations

from functools import lru_cache

import sympy
from sympy import Expr, Symbol, fraction, oo, together

from gainderive import symbols
from gainderive.errors import Undecided
from gainderive.zeros._closed import Domain, NotClosed, closed_zeros
from gainderive.zeros._isolate import isolated_zeros
from gainderive.zeros._real_zero import RealZero

__all__ = ["RealZero", "as_quotient", "real_zeros", "sign_changes"]

_QUOTIENTS = {
    sympy.tan: lambda u: sympy.sin(u) / sympy.cos(u),
    sympy.cot: lambda u: sympy.cos(u) / sympy.sin(u),
    sympy.sec: lambda u: 1 / sympy.cos(u),
    sympy.csc: lambda u: 1 / sympy.sin(u),
    sympy.coth: lambda u: sympy.cosh(u) / sympy.sinh(u),
    sympy.csch: lambda u: 1 / sympy.sinh(u),
    sympy.gamma: lambda u: sympy.gamma(u + 1, evaluate=False) / u,
}
"""Functions with poles on the real line, as quotients (of the gamma function the first pole)."""


@lru_cache(maxsize=4096)
def real_zeros(function: Expr, x: Symbol = symbols.x, lower: Expr = -oo, upper: Expr = oo) -> tuple[Expr, ...]:
    """Return the zeros of `function` in the open interval, each once; there may be closed forms outside of it, too.

    Raises
    ------
    Undecided
        When that these are all of them is not shown.
    """
    try:
        return tuple(closed_zeros(function, Domain(x, lower, upper)))
    except NotClosed:
        pass
    if function.free_symbols != {x}:
        raise Undecided(
            f"the real zeros of {function}, where the expression switches, could not be found for all values of its "
            "parameters; give them values"
        )
    if lower.free_symbols or upper.free_symbols:
        lower, upper = -oo, oo
    return tuple(isolated_zeros(function.xreplace({x: symbols.x}), lower, upper))


def as_quotient(function: Expr) -> Expr:
    """Write functions that have poles on the real line as quotients, so that the poles are zeros of a denominator.

    >>> from gainderive.symbols import x
    >>> as_quotient(1 + sympy.tan(x))
    sin(x)/cos(x) + 1
    """
    return function.replace(lambda e: e.func in _QUOTIENTS, lambda e: _QUOTIENTS[e.func](*e.args))


def sign_changes(function: Expr, x: Symbol = symbols.x, lower: Expr = -oo, upper: Expr = oo) -> tuple[Expr, ...]:
    """Return points between which `function` keeps one sign, in the interval: its zeros and its poles.

    >>> from gainderive.symbols import x
    >>> sign_changes((x - 1) / (x + 2))
    (1, -2)
    """
    denominator = fraction(together(as_quotient(function)))[1]
    poles = () if x not in denominator.free_symbols else real_zeros(denominator, x, lower, upper)
    return tuple(dict.fromkeys((*real_zeros(function, x, lower, upper), *poles)))
