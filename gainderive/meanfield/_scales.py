"""An activation between random layers: what users say of them, as exact numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sympy import Expr

from gainderive import numbers
from gainderive.activations import Activation
from gainderive.charts import Balance
from gainderive.errors import BadParameter, Undecided
from gainderive.facade import beside_jumps, resolve_elementwise
from gainderive.pieces import breakpoints


@dataclass(frozen=True)
class Scales:
    r"""An activation with parameters set, and the second moments that random weights and biases add.

    Attributes
    ----------
    activation : Activation
        Without symbolic parameters.
    weight, bias : Expr
        :math:`\sigma_w^2`, which is the weights' variance times the fan, and :math:`\sigma_b^2`.
    """

    activation: Activation
    weight: Expr
    bias: Expr

    @classmethod
    def of(cls, what: Any, sigma_w: Any, sigma_b: Any, parameters: dict[str, Any]) -> Scales:
        """Return what a user says, checked."""
        weight, bias = (standard_deviation(v, name) for v, name in ((sigma_w, "sigma_w"), (sigma_b, "sigma_b")))
        return cls(closed(what, parameters), weight**2, bias**2)

    @property
    def square(self) -> Expr:
        """The activation's square."""
        return self.activation.numeric**2

    @property
    def slope_square(self) -> Expr:
        """The square of its almost-everywhere derivative."""
        return slope_square(self.activation)

    @cached_property
    def balance(self) -> Balance:
        """The equation of which the fixed points are the solutions."""
        return Balance(self.square, self.weight, self.bias, 1)

    def __str__(self) -> str:
        bias = f", σ_b² = {self.bias}" if self.bias else ""
        return f"{self.activation.title} at σ_w² = {self.weight}{bias}"


def closed(what: Any, parameters: dict[str, Any]) -> Activation:
    """Return the activation that is meant, with all parameters set to numbers.

    Raises
    ------
    BadParameter
        When one stays symbolic; and whatever else is wrong as :func:`gainderive.gain` says it.
    """
    activation = resolve_elementwise(what).at(**parameters)
    if not activation.is_closed:
        raise BadParameter(f"{activation.title} has symbolic parameters; give each a number")
    return activation


def standard_deviation(given: Any, name: str) -> Expr:
    """Return a number that is not negative, exactly."""
    exact = numbers.exact(given, name)
    if not exact.is_nonnegative:
        raise BadParameter(f"{name} is a standard deviation and must not be negative, not {given}.")
    return exact


def slope_square(activation: Activation) -> Expr:
    """Return the square of the almost-everywhere derivative, constants put in."""
    slope = activation.derivative.subs([(c.symbol, c.value) for c in activation.constants])
    return slope**2


def about_jumps(activation: Activation) -> str:
    """Return what has to be said of the derivative's second moment where the activation jumps, or an empty string."""
    try:
        jumps = [str(point.at) for point in breakpoints(activation.expression) if point.is_jump]
    except Undecided:
        return ""
    return beside_jumps(jumps) if jumps else ""
