r"""What each operation of a program does to real balls, to complex balls, and where analyticity must hold.

``acb.integral`` bounds its error by the size of the integrand on complex neighbourhoods on which it must be
*analytic*; there a function with a branch cut answers with a non-finite ball when the cut is touched. Cuts:
``log`` and non-integer powers on :math:`(-\infty, 0]`; ``atan``, ``asinh`` where :math:`1+z^2 \le 0`;
``asin``, ``acos``, ``atanh`` where :math:`1-z^2 \le 0`; ``acosh`` where :math:`z-1 \le 0`.
(Rules: F. Johansson, Numerical integration in arbitrary-precision ball arithmetic, 2018.)
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import sympy
from flint import acb, arb

Operation = Callable[..., Any]

_NOWHERE = acb(arb.nan(), arb.nan())

ARITHMETIC: dict[str, Operation] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "div": operator.truediv,
    "neg": operator.neg,
}

_MEROMORPHIC = (
    "exp sin cos tan cot sec csc sinh cosh tanh coth sech csch erf erfc erfi gamma si shi fresnel_s fresnel_c"
)
_CUT: dict[str, Callable[[acb], acb]] = {
    "atan": lambda u: 1 + u * u,
    "asin": lambda u: 1 - u * u,
    "acos": lambda u: 1 - u * u,
    "atanh": lambda u: 1 - u * u,
    "acosh": lambda u: u - 1,
    "ci": lambda u: u,
    "chi": lambda u: u,
    "lambertw": lambda u: u + (-acb(1)).exp(),
}

FUNCTIONS: dict[Any, str] = {
    sympy.exp: "exp",
    sympy.log: "log",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.tan: "tan",
    sympy.cot: "cot",
    sympy.sec: "sec",
    sympy.csc: "csc",
    sympy.sinh: "sinh",
    sympy.cosh: "cosh",
    sympy.tanh: "tanh",
    sympy.coth: "coth",
    sympy.sech: "sech",
    sympy.csch: "csch",
    sympy.asin: "asin",
    sympy.acos: "acos",
    sympy.atan: "atan",
    sympy.asinh: "asinh",
    sympy.acosh: "acosh",
    sympy.atanh: "atanh",
    sympy.erf: "erf",
    sympy.erfc: "erfc",
    sympy.erfi: "erfi",
    sympy.gamma: "gamma",
    sympy.erfinv: "erfinv",
    sympy.erfcinv: "erfcinv",
    sympy.Ei: "ei",
    sympy.Si: "si",
    sympy.Ci: "ci",
    sympy.Shi: "shi",
    sympy.Chi: "chi",
    sympy.fresnels: "fresnel_s",
    sympy.fresnelc: "fresnel_c",
    sympy.LambertW: "lambertw",
    sympy.Abs: "abs",
    sympy.sign: "sgn",
    sympy.Heaviside: "heaviside",
    sympy.Max: "max",
    sympy.Min: "min",
}
"""SymPy's functions that balls can follow, and the name of the operation."""


def _complex_power(base: acb, exponent: acb) -> acb:
    """Enclose ``base**exponent`` for a real exponent, also where the base may be 0: ``|u**e| = |u|**e``."""
    value = base.pow(exponent)
    if value.is_finite() or not exponent.real > 0:
        return value
    size = arb(0, _real_power(base.abs_upper(), exponent.real).abs_upper())
    return acb(size, size)


def _real_power(base: arb, exponent: arb) -> arb:
    if base.contains(0) and base >= 0 and exponent > 0:
        largest = base.abs_upper()
        return arb(0).union(largest**exponent) if largest > 0 else arb(0)
    return base**exponent


def _guarded(name: str) -> Operation:
    method, cut = getattr(acb, name), _CUT[name]

    def evaluate(u: acb) -> acb:
        return method(u) if cut(u).log(analytic=True).is_finite() else _NOWHERE

    return evaluate


def _asinh(u: acb, analytic: bool) -> acb:
    """Enclose through ``log(u + sqrt(1 + u**2))``: Arb's own asinh is not finite on wide balls.

    To the left the function is taken as odd, because there the sum cancels.
    """
    if u.real.mid() < 0:
        return -_asinh(-u, analytic)
    return (u + (1 + u * u).sqrt(analytic=analytic)).log(analytic=analytic)


def _ei(u: acb, analytic: bool) -> acb:
    """Enclose the exponential integral along the real line, to the left through ``-E_1(-u)``, which is real there."""
    left = bool(u.real.mid() < 0)
    if analytic and not (-u if left else u).log(analytic=True).is_finite():
        return _NOWHERE
    return -(-u).expint(1) if left else u.ei()


REAL: dict[str, Operation] = ARITHMETIC | {
    **{name: getattr(arb, name) for name in (*_MEROMORPHIC.split(), *_CUT)},
    **{name: getattr(arb, name) for name in ("ei", "asinh", "log", "sqrt", "rsqrt", "sgn", "erfinv", "erfcinv")},
    "pow": _real_power,
    "abs": abs,
    "heaviside": lambda u: (1 + u.sgn()) / 2,
    "max": arb.max,
    "min": arb.min,
}
"""On real balls."""

COMPLEX: dict[str, Operation] = ARITHMETIC | {
    **{name: getattr(acb, name) for name in [*_MEROMORPHIC.split(), *_CUT, "log", "sqrt", "rsqrt"]},
    "asinh": lambda u: _asinh(u, False),
    "ei": lambda u: _ei(u, False),
    "pow": _complex_power,
}
"""On complex balls around pieces of the real line, where any enclosure of the values is good."""

ANALYTIC: dict[str, Operation] = COMPLEX | {
    **{name: _guarded(name) for name in _CUT},
    "asinh": lambda u: _asinh(u, True),
    "ei": lambda u: _ei(u, True),
    "log": lambda u: u.log(analytic=True),
    "sqrt": lambda u: u.sqrt(analytic=True),
    "rsqrt": lambda u: u.rsqrt(analytic=True),
    "pow": lambda u, e: u.pow(e, analytic=True),
}
"""On complex balls on which the function must be analytic, else the answer is not finite."""
