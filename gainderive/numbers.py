"""User numbers to exact SymPy numbers, and numbers of digits.

A float stands for the shortest decimal that denotes it, because that is what its author typed:
``0.2`` is 1/5, not 3602879701896397/18014398509481984. Whoever means the latter passes a ``Fraction``.

>>> exact(0.2, "negative_slope")
1/5
>>> exact("sqrt(2)/3", "alpha")
sqrt(2)/3
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sympy import Basic, Expr, I, Integer, Rational, nan, oo, zoo

from gainderive.errors import BadDigits, BadExpression, BadParameter
from gainderive.expressions import MAX_EXPONENT, exact_floats, parse, shown

MAX_DIGITS = 100_000
"""Most digits that may be asked for."""


def exact(value: object, name: str, *, symbolic: bool = False) -> Expr:
    """Return `value` as an exact, finite, real SymPy number.

    Parameters
    ----------
    value : int, float, Fraction, Decimal, NumPy scalar, SymPy number, or str
        A float of any kind, NumPy's and SymPy's included, is the shortest decimal that denotes it
        at its own precision (``numpy.float32(0.2)`` is 1/5). Text is read by
        :func:`gainderive.expressions.parse`: ``"0.2"``, ``"1/3"``, ``"sqrt(2)"``.
    name : str
        What the number is for; messages begin with it.
    symbolic : bool
        Whether a SymPy expression may contain symbols; it is returned as it is, except for its floats.

    Returns
    -------
    Expr
        A SymPy number or constant expression; with `symbolic`, possibly with symbols.

    Raises
    ------
    BadParameter
        For booleans, ``None``, arrays, tensors, and whatever is infinite, not a number, or not real.

    Examples
    --------
    >>> from decimal import Decimal
    >>> exact(Decimal("0.044715"), "coefficient")
    8943/200000
    >>> exact(float("nan"), "negative_slope")
    Traceback (most recent call last):
        ...
    gainderive.errors.BadParameter: negative_slope must be a finite real number, not nan.
    """
    if isinstance(value, Basic):
        return _from_sympy(value, name, symbolic)
    if isinstance(value, str):
        return _from_text(value, name)
    if _package(value) == "numpy":
        return _from_numpy(value, name)
    if isinstance(value, bool):
        raise BadParameter(f"{name} must be a number, not the boolean {value}.")
    if isinstance(value, int):
        return Integer(value)
    if isinstance(value, float):
        return _from_decimal(float.__repr__(value), name) if math.isfinite(value) else _refuse(value, name)
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    if isinstance(value, Decimal):
        return _from_decimal(str(value), name) if value.is_finite() else _refuse(value, name)
    return _refuse(value, name)


def digits(value: object) -> int:
    """Return `value` as a number of digits, between 1 and :data:`MAX_DIGITS`.

    Raises
    ------
    BadDigits
        When it is not a Python, NumPy or SymPy integer, or out of range.

    Examples
    --------
    >>> digits(50)
    50
    >>> digits(2.5)
    Traceback (most recent call last):
        ...
    gainderive.errors.BadDigits: digits must be an integer between 1 and 100000, not 2.5.
    """
    number = _integer(value)
    if number is None or not 1 <= number <= MAX_DIGITS:
        raise BadDigits(f"digits must be an integer between 1 and {MAX_DIGITS}, not {shown(value)}.")
    return number


def _integer(value: object) -> int | None:
    if isinstance(value, (int, Integer)) and not isinstance(value, bool):
        return int(value)
    if _package(value) == "numpy":
        import numpy as np

        return int(value) if isinstance(value, np.integer) else None
    return None


def _package(value: object) -> str:
    """Return the package that defines the type of `value`, so that none is imported for a value of another."""
    return type(value).__module__.partition(".")[0]


def _refuse(value: object, name: str) -> Any:
    if hasattr(value, "item") and hasattr(value, "shape"):
        raise BadParameter(
            f"{name} must be a number, not a {_package(value)} {type(value).__name__}; pass .item() of it."
        )
    raise BadParameter(f"{name} must be a finite real number, not {shown(value)}.")


def _from_text(text: str, name: str) -> Expr:
    try:
        value = parse(text)
    except BadExpression as error:
        raise BadParameter(f"{name} must be a number: {error}") from None
    return _from_sympy(value, name, symbolic=False)


def _from_decimal(text: str, name: str) -> Expr:
    decimal = Decimal(text)
    if decimal and abs(decimal.adjusted()) > MAX_EXPONENT:
        raise BadParameter(f"{name} is too large or too small: its power of ten is beyond {MAX_EXPONENT}.")
    numerator, denominator = decimal.as_integer_ratio()
    return Rational(numerator, denominator)


def _from_numpy(value: object, name: str) -> Expr:
    import numpy as np

    if isinstance(value, np.integer):
        return Integer(int(value))
    if isinstance(value, np.floating) and np.isfinite(value):
        return _from_decimal(str(value), name)
    if isinstance(value, (np.ndarray, np.floating)):
        return _refuse(value if isinstance(value, np.ndarray) else float(value), name)
    raise BadParameter(f"{name} must be a finite real number, not {shown(value)} of type numpy.{type(value).__name__}.")


def _from_sympy(value: Basic, name: str, symbolic: bool) -> Expr:
    if not isinstance(value, Expr) or value.is_commutative is False or value.has(nan, zoo, oo, -oo):
        return _refuse(value, name)
    if value.free_symbols and not symbolic:
        names = ", ".join(sorted(map(str, value.free_symbols)))
        raise BadParameter(f"{name} must be a number, but {shown(value)} depends on {names}.")
    try:
        result = exact_floats(value)
    except BadExpression as error:
        raise BadParameter(f"{name}: {error}") from None
    return result if _is_real(result) else _refuse(value, name)


def _is_real(value: Expr) -> bool:
    if value.is_real is not None:
        return bool(value.is_real)
    if value.free_symbols:
        return not value.has(I)
    imaginary = value.as_real_imag()[1] if value.has(I) else value.evalf(30).as_real_imag()[1]
    return bool(imaginary.equals(0))
