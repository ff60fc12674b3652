r"""SymPy expressions as NumPy functions that know how inexactly they are evaluated.

A double-precision evaluation of ``f(x)`` returns ``f(x) (1 + ...)`` with an error that depends on
how the expression is written: ``exp(x) - 1 - x`` loses digits near 0 although its value is smooth.
:meth:`Compiled.noise` carries a first-order running error bound through the expression tree
(Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.3), in units of the
unit roundoff: each operation adds its own rounding to the errors of its arguments, multiplied by the
operation's derivatives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import (
    Add,
    Basic,
    Derivative,
    Expr,
    Float,
    Function,
    Mul,
    Poly,
    PolynomialError,
    Pow,
    Wild,
    exp,
    lambdify,
    log,
)
from sympy.codegen.numpy_nodes import logaddexp

from gainderive.errors import BadExpression
from gainderive.symbols import x

Array = NDArray[np.float64]

NODE_ROUNDINGS = 3.0
"""Roundings in a node ``sqrt(q) * t``: of ``t``, of the root, of the product."""
FUNCTION_ROUNDINGS = 8.0
"""NumPy's vectorised elementary functions are good to 4 ulp, which is 8 unit roundoffs."""
UNKNOWN_ROUNDINGS = 64.0
"""Roundings assumed where the running bound has no rule (functions without a derivative)."""
REPAIR_DIGITS = 30


@dataclass(frozen=True)
class Landmark:
    """A point near which a function may change over a distance of `scale`."""

    at: float
    scale: float


class Compiled:
    """A real function of ``x``, vectorised.

    Parameters
    ----------
    expr : Expr
        Expression in ``symbols.x`` without other free symbols.

    Raises
    ------
    BadExpression
        When NumPy and SciPy have no function for a part of `expr`.

    Examples
    --------
    >>> from sympy import exp
    >>> import numpy as np
    >>> bool(Compiled(exp(x) - 1).noise(np.array([1e-9]))[0] > 1)  # cancels: an error of 1 roundoff, not of 1e-9
    True
    """

    def __init__(self, expr: Expr) -> None:
        self.expr = expr
        self._stable = _stabilised(expr)
        self.values = _vectorised(self._stable)

    def noise(self, at: Array) -> Array:
        """Return a first-order bound on the evaluation error at `at`, in unit roundoffs; not finite where unknown."""
        with np.errstate(all="ignore"):
            _, error = _running(self._stable, at)
        return np.broadcast_to(np.asarray(error, dtype=float), at.shape)

    @cached_property
    def landmarks(self) -> tuple[Landmark, ...]:
        """Zeros and turning points of the polynomial arguments inside the expression, with their scales.

        ``exp(-1000*(x - 1)**2)`` lives on a width of 0.02 around 1, which no fixed set of nodes would see.
        """
        return tuple(dict.fromkeys(_landmarks(self.expr)))

    def repaired(self, at: float, log_weight: float) -> tuple[float, float]:
        """Return ``f(at) * exp(log_weight)`` through mpmath and its noise, for nodes at which doubles overflow.

        Both are nan where `f` is undefined. The noise comes from the roundings of `at` and of `log_weight`.

        Raises
        ------
        BadExpression
            When ``f(at)`` is not real.
        """
        import mpmath

        with mpmath.workdps(REPAIR_DIGITS):
            step = mpmath.mpf(2) ** -30
            try:
                weight = mpmath.exp(mpmath.mpf(log_weight))
                value, moved = (self._multiprecision(mpmath.mpf(at) * factor) * weight for factor in (1, 1 + step))
            except (ZeroDivisionError, ValueError, OverflowError):
                return float("nan"), float("nan")
            if isinstance(value, mpmath.mpc):
                if abs(value.imag) > abs(value.real) * mpmath.mpf(10) ** (10 - REPAIR_DIGITS):
                    raise BadExpression(f"{self.expr} is not real at x = {at:.6g}; give a real function of x")
                value = value.real
            noise = NODE_ROUNDINGS * abs(moved - value) / step + (4 + 2 * abs(log_weight)) * abs(value)
            return float(value), float(noise)

    @cached_property
    def _multiprecision(self) -> Callable[[Any], Any]:
        function: Callable[[Any], Any] = lambdify(x, self.expr, modules="mpmath")
        return function


MARKS = np.array([-45.0, -20.0, -8.0, -3.0, -1.0, 0.0, 1.0, 3.0, 8.0, 20.0, 45.0])
"""Cuts around a landmark, in units of its scale: panels grow with their distance; ``exp(-45)`` is below a roundoff."""


def marks(function: Compiled, scale: Array) -> Array:
    """Return cuts in ``t`` around the features of `function` that are narrower than 1 there, a row for each `scale`.

    Places of wider features are nan.
    """
    at = np.array([mark.at for mark in function.landmarks])
    width = np.array([mark.scale for mark in function.landmarks])
    cuts = (at[:, None] + width[:, None] * MARKS)[None] / scale[:, None, None]
    return np.where(width[None, :, None] < scale[:, None, None], cuts, np.nan).reshape(len(scale), -1)


def _vectorised(expr: Expr) -> Callable[[Array], Array]:
    if x not in expr.free_symbols:
        try:
            constant = float(expr)
        except TypeError as error:
            raise BadExpression(f"{expr} is not a real number; give a real function of x") from error
        return lambda at: np.full_like(at, constant)
    try:
        function: Callable[[Array], Array] = lambdify(x, expr, modules=["scipy", "numpy"], cse=True)
        with np.errstate(all="ignore"):
            sample = function(np.array([0.3, 0.7]))
    except (NameError, TypeError, AttributeError, NotImplementedError, ValueError) as error:
        raise BadExpression(
            f"{expr} cannot be evaluated in double precision ({error}); "
            "write it with functions that NumPy or SciPy know, or ask for an enclosure"
        ) from error
    if np.iscomplexobj(sample):
        raise BadExpression(f"{expr} is not real on the real line; give a real function of x")
    return function


def _stabilised(expr: Expr) -> Expr:
    """Fold constants to doubles and write ``log(1 + exp(u))`` so that it does not overflow."""
    inner = Wild("inner")
    expr = expr.replace(log(1 + exp(inner)), logaddexp(0, inner))
    return _with_folded_constants(expr)


def _with_folded_constants(expr: Basic) -> Any:
    if not expr.args or expr.is_Rational:
        return Float(expr, 17) if expr.is_NumberSymbol else expr
    if isinstance(expr, Expr) and not expr.free_symbols and expr.is_number and expr.is_real and expr.is_finite:
        return expr.evalf(17)
    return expr.func(*(_with_folded_constants(arg) for arg in expr.args))


def _running(expr: Expr, at: Array) -> tuple[Any, Any]:
    """Return value and error (in unit roundoffs) of `expr` at the nodes `at`."""
    if expr == x:
        return at, NODE_ROUNDINGS * np.abs(at)
    if not expr.free_symbols:
        constant = float(expr)
        return constant, 0.0 if constant == int(constant if np.isfinite(constant) else 0) else abs(constant)
    if isinstance(expr, Add):
        return _running_sum(expr, at)
    if isinstance(expr, Mul):
        return _running_product(expr, at)
    if isinstance(expr, Pow):
        return _running_power(expr, at)
    if isinstance(expr, logaddexp):
        value, error = _running(expr.args[1], at)
        value = np.logaddexp(0.0, value)
        return value, error + FUNCTION_ROUNDINGS * np.abs(value)
    if isinstance(expr, Function) and len(expr.args) == 1 and (known := _elementary(expr.func)) is not None:
        inner, inner_error = _running(expr.args[0], at)
        function, slope = known
        value = function(inner)
        return value, np.abs(slope(inner)) * inner_error + FUNCTION_ROUNDINGS * np.abs(value)
    value = _vectorised(expr)(at)
    return value, UNKNOWN_ROUNDINGS * np.abs(value)


def _running_sum(expr: Add, at: Array) -> tuple[Any, Any]:
    total, error = _running(expr.args[0], at)
    for term in expr.args[1:]:
        value, more = _running(term, at)
        # The order of NumPy's additions is the printer's: bound each rounding by both operands.
        error = error + more + np.abs(total) + np.abs(value)
        total = total + value
    return total, error


def _running_product(expr: Mul, at: Array) -> tuple[Any, Any]:
    product, error = _running(expr.args[0], at)
    for factor in expr.args[1:]:
        value, more = _running(factor, at)
        error = np.abs(product) * more + np.abs(value) * error + np.abs(product * value)
        product = product * value
    return product, error


def _running_power(expr: Pow, at: Array) -> tuple[Any, Any]:
    base, base_error = _running(expr.base, at)
    exponent, exponent_error = _running(expr.exp, at)
    value = base**exponent
    error = np.abs(exponent * base ** (exponent - 1)) * base_error + FUNCTION_ROUNDINGS * np.abs(value)
    if x in expr.exp.free_symbols:
        error = error + np.abs(value * np.log(np.abs(base))) * exponent_error
    return value, error


@lru_cache(maxsize=256)
def _elementary(function: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]] | None:
    """Return `function` and its derivative for arrays, or None where SymPy or NumPy has no derivative (``floor``)."""
    slope = function(x).diff(x)
    if slope.has(Derivative):
        return None
    try:
        return _vectorised(function(x)), _vectorised(slope)
    except BadExpression:
        return None


def _landmarks(expr: Expr) -> Iterator[Landmark]:
    for node in expr.atoms(Function, Pow):
        if isinstance(node, Pow) and node.exp.is_Integer and node.exp.is_positive:
            continue
        for argument in node.args:
            if x in argument.free_symbols:
                yield from _polynomial_landmarks(argument)


def _polynomial_landmarks(argument: Expr) -> Iterator[Landmark]:
    try:
        poly = Poly(argument, x)
        coefficients = [float(c) for c in poly.all_coeffs()]
    except (PolynomialError, TypeError):
        return
    if len(coefficients) > 40 or not np.all(np.isfinite(coefficients)):
        return
    p = np.poly1d(coefficients)
    for at in {*_real_parts(p), *_real_parts(p.deriv())}:
        slope, curvature = abs(p.deriv()(at)), abs(p.deriv(2)(at))
        steepness = max(slope, float(np.sqrt(curvature)))
        if steepness > 0:
            yield Landmark(at, 1 / steepness)


def _real_parts(poly: np.poly1d) -> set[float]:
    return {float(root.real) for root in np.atleast_1d(poly.roots)}
