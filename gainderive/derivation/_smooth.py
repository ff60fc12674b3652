"""Functions that are shown to be smooth in a symbol, for all real values of it."""

from __future__ import annotations

from sympy import Expr, Symbol, asin, asinh, atan, cos, cosh, erf, erfc, erfi, exp, sech, sin, sinh, tanh

from gainderive import algebra
from gainderive.special import binormal, erf_im, erf_re

_ENTIRE = (exp, erf, erfc, erfi, erf_re, erf_im, sin, cos, sinh, cosh)
_SMOOTH_ON_THE_LINE = (tanh, sech, asinh, atan)


def is_smooth(expr: Expr, a: Symbol) -> bool:
    """Tell whether `expr` is shown to be smooth in `a` for all real values of it.

    >>> from sympy import sqrt
    >>> from gainderive.symbols import parameter
    >>> a = parameter("a")
    >>> is_smooth(atan(a) / sqrt(1 + a**2), a), is_smooth(atan(1 / a), a)
    (True, False)
    """
    if a not in expr.free_symbols or expr == a:
        return True
    if not all(is_smooth(arg, a) for arg in expr.args):
        return False
    if expr.is_Add or expr.is_Mul or isinstance(expr, _ENTIRE):
        return True
    if expr.is_Pow:
        whole = expr.exp.is_Integer and expr.exp.is_nonnegative
        return bool(whole or (a not in expr.exp.free_symbols and _is_positive(expr.base)))
    if isinstance(expr, asin):
        return _is_positive(1 - expr.args[0] ** 2)
    if isinstance(expr, binormal):
        return _is_positive(1 - expr.args[2] ** 2)
    return isinstance(expr, _SMOOTH_ON_THE_LINE) and bool(expr.args[0].is_real)


def _is_positive(expr: Expr) -> bool:
    return bool(expr.is_positive or algebra.canonical(expr).is_positive)
