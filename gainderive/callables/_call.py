r"""A user's function as one from arrays of doubles to arrays of doubles, or a refusal that says what is wrong with it.

A gain needs an *elementwise* function: :math:`y_i = \phi(x_i)` with one :math:`\phi` for all ``i`` and all calls.
Whether an opaque function is one is probed: the same input twice must give the same output, permuting the inputs must
permute the outputs, and leaving inputs out must leave their outputs out. Softmax, normalisation, dropout and counters
fail.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gainderive.errors import BadCallable

Array = NDArray[np.float64]
Answer = Callable[[Array], Any]

_COUNT = 61
PROBES: Array = 8 * np.sin(np.arange(1, _COUNT + 1) ** 2.0)
"""Where a function is probed: uneven and in no order; integers, at which kinks like to be, are not among them."""
_PERMUTED = np.random.default_rng(7).permutation(_COUNT)
_SUBSET = 17
_SLACK = 1e3
"""Roundoffs by which vectorised code may differ between positions in an array."""


@dataclass(frozen=True)
class Elementwise:
    """A function that has been probed and found to act elementwise.

    Attributes
    ----------
    name : str
        For messages.
    unit : float
        Unit roundoff of the numbers that it returns.
    probed : Array
        What it returned for the probes, to be compared with what it returns later.
    """

    name: str
    unit: float
    probed: Array
    _answer: Answer

    def __call__(self, x: Array) -> Array:
        """Return the function's values at `x`, which may be infinite or not numbers."""
        return _checked(self.name, self._answer, x)[0]

    def check_again(self) -> None:
        """Refuse the function if it no longer returns what it returned when it was probed."""
        if not _same(self(PROBES), self.probed, self.unit):
            raise BadCallable(
                f"{self.name} keeps a state: after some calls it returns other values for the same x; "
                "an activation must depend on x alone"
            )


def elementwise(answers: Sequence[Answer], name: str) -> Elementwise:
    """Return the first of `answers` that returns numbers in the shape of its input, as a checked function.

    Parameters
    ----------
    answers : sequence of callable
        Ways to call one function with an array, the preferred first. When all of them raise, the last error is told;
        one that answers is not passed over for the next.
    name : str
        The function's name, for messages.

    Raises
    ------
    BadCallable
        When the function raises, returns another shape, booleans, complex numbers or no numbers, or does not act
        elementwise.

    Examples
    --------
    >>> import math, numpy as np
    >>> float(elementwise([pointwise(math.tanh)], "tanh")(np.array([0.5]))[0]) == math.tanh(0.5)
    True
    """
    raised: BadCallable | None = None
    for answer in answers:
        try:
            probed, unit = _checked(name, answer, PROBES)
        except BadCallable as refusal:
            if refusal.__cause__ is None:  # It answered, only wrongly: it was meant to be called this way.
                raise
            raised = refusal
            continue
        function = Elementwise(name, unit, probed, answer)
        _check_elementwise(function)
        return function
    raise raised or BadCallable(f"{name} cannot be called")


def pointwise(function: Callable[[float], Any]) -> Answer:
    """Return `function` applied to one Python float after the other; overflow is infinite."""

    def answer(x: Array) -> Any:
        values = []
        for at in x.ravel().tolist():
            try:
                values.append(function(at))
            except OverflowError:
                values.append(np.inf)
            except Exception as error:
                raise BadCallable(f"raises {type(error).__name__} at x = {at:.6g}: {error}") from error
        if any(isinstance(value, (bool, np.bool_)) for value in values):
            return np.ones(x.shape, dtype=bool)
        return np.reshape(np.asarray(values), x.shape)

    return answer


def _checked(name: str, answer: Answer, x: Array) -> tuple[Array, float]:
    """Return the values at `x` and the unit roundoff of their type."""
    try:
        with np.errstate(all="ignore"):
            returned = answer(x.copy())
    except BadCallable as refusal:
        raise BadCallable(f"{name} {refusal}") from refusal.__cause__
    except Exception as error:
        raise BadCallable(f"{name} raises {type(error).__name__} for an array of numbers: {error}") from error
    values = _numbers(name, returned)
    if values.shape != x.shape:
        values = _constant(name, answer, values, x)
    if np.iscomplexobj(values):
        _refuse_complex(name, values, x)
    unit = float(np.finfo(values.dtype).eps) / 2 if values.dtype.kind == "f" else float(np.finfo(float).eps) / 2
    return values.astype(np.float64), unit


def _numbers(name: str, returned: Any) -> NDArray[Any]:
    kind = f"{type(returned).__module__.partition('.')[0]} {type(returned).__name__}"
    try:
        values = np.asarray(returned)
    except Exception as error:
        raise BadCallable(f"{name} returns a {kind}, which is no array of numbers") from error
    if values.dtype.kind == "b":
        raise BadCallable(f"{name} returns booleans; return numbers, as numpy.where(condition, 1.0, 0.0) does")
    if values.dtype.kind not in "iufc":
        raise BadCallable(f"{name} returns {values.dtype} ({kind}), which is no real number")
    return values


def _constant(name: str, answer: Answer, values: NDArray[Any], x: Array) -> NDArray[Any]:
    """Return the constant that a function like ``lambda x: 1.0`` returns, in the shape of `x`."""
    if values.shape == () and np.array_equal(np.asarray(answer(x[:1] + 0.5)), values):
        return np.full(x.shape, values)
    raise BadCallable(
        f"{name} returns the shape {values.shape} for an input of shape {x.shape}: it does not act on each number by "
        "itself, and a gain is defined for elementwise functions"
    )


def _refuse_complex(name: str, values: NDArray[Any], x: Array) -> None:
    first = int(np.argmax(values.imag.ravel() != 0))
    raise BadCallable(
        f"{name} returns complex numbers, such as {values.ravel()[first]:.4g} at x = {x.ravel()[first]:.4g}"
    )


def _check_elementwise(function: Elementwise) -> None:
    name, unit, probed = function.name, function.unit, function.probed
    if not _same(function(PROBES), probed, unit):
        raise BadCallable(
            f"{name} is random or keeps a state: two calls with the same x differ; a gain needs a function"
        )
    if not _same(function(PROBES[_PERMUTED]), probed[_PERMUTED], unit):
        raise BadCallable(_NOT_ELEMENTWISE.format(name=name, what="permuting its inputs does not permute its outputs"))
    if not _same(function(PROBES[:_SUBSET]), probed[:_SUBSET], unit):
        raise BadCallable(_NOT_ELEMENTWISE.format(name=name, what="its outputs depend on what else is in the input"))


_NOT_ELEMENTWISE = "{name} does not act on each number by itself: {what}; a gain is defined for elementwise functions"


def _same(one: Array, other: Array, unit: float) -> bool:
    finite = np.isfinite(one)
    if not np.array_equal(one[~finite], other[~finite], equal_nan=True) or not np.array_equal(
        finite, np.isfinite(other)
    ):
        return False
    size = np.abs(one[finite])
    return bool(np.all(np.abs(one[finite] - other[finite]) <= _SLACK * unit * (size + 1e-3 * size.max(initial=0.0))))
