r"""The five meanings of "gain", each an object that states its condition symbolically.

With ``z ~ N(0, 1)`` and an activation :math:`\phi`:

============  =========================================================  ==========================
name          condition                                                  who means this
============  =========================================================  ==========================
forward       :math:`g^2\,E\phi(z)^2 = 1`                                He et al. 2015; torch
centered      :math:`g^2\,(E\phi(z)^2 - (E\phi(z))^2) = 1`               NFNets, timm gammas
activation    :math:`E\phi(g z)^2 = 1`                                   AnyInit
backward      :math:`g^2\,E\phi'(z)^2 = 1`                               criticality at ``q = 1``
linearized    :math:`g\,|\phi'(0)|\sqrt{1 + \phi(0)^2} = 1`              Kumar 2017
============  =========================================================  ==========================

>>> from gainderive.activations import load
>>> criterion("forward").condition(load("relu"))
Eq(g**2*E[relu(z)**2], 1)
>>> criterion("activation").condition(load("tanh"))
Eq(E[tanh(g*z)**2], 1)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from sympy import Abs, Eq, Expr, S, sqrt

from gainderive.activations import Activation
from gainderive.errors import UnknownCriterion
from gainderive.gaussian import GaussMean
from gainderive.symbols import g, x


@dataclass(frozen=True)
class Criterion(ABC):
    """A condition on the gain ``g``, given an activation."""

    name: ClassVar[str]
    meaning: ClassVar[str]

    @abstractmethod
    def left(self, activation: Activation) -> Expr:
        """Return the expression in ``g`` that the criterion sets to 1, the activation not unfolded."""

    def condition(self, activation: Activation) -> Eq:
        """Return the equation that defines the gain."""
        return Eq(self.left(activation), S.One, evaluate=False)

    def __str__(self) -> str:
        return self.name


class Forward(Criterion):
    """Unit preactivation second moment is a fixed point of the length map."""

    name = "forward"
    meaning = "unit preactivation second moment is a fixed point of the length map"

    def left(self, activation: Activation) -> Expr:  # noqa: D102
        return g**2 * GaussMean(activation.phi**2, x, 1)


class Centered(Criterion):
    """The activation's variance, not its second moment, is kept at 1."""

    name = "centered"
    meaning = "the activation's variance, times g squared, is 1"

    def left(self, activation: Activation) -> Expr:  # noqa: D102
        return g**2 * (GaussMean(activation.phi**2, x, 1) - GaussMean(activation.phi, x, 1) ** 2)


class ActivationCriterion(Criterion):
    """Unit *activation* second moment is the fixed point; may not exist, may not be unique."""

    name = "activation"
    meaning = "unit activation second moment is a fixed point"

    def left(self, activation: Activation) -> Expr:  # noqa: D102
        return GaussMean(activation.phi**2, x, g**2)


class Backward(Criterion):
    """The gradient's second moment is kept: chi_1 = 1 at q = 1."""

    name = "backward"
    meaning = "the gradient's second moment is kept (chi_1 = 1 at q = 1)"

    def left(self, activation: Activation) -> Expr:  # noqa: D102
        return g**2 * GaussMean(activation.phi_prime**2, x, 1)


class Linearized(Criterion):
    """The activation's tangent at 0 keeps the preactivation's second moment."""

    name = "linearized"
    meaning = "the tangent at 0 keeps the second moment"

    def left(self, activation: Activation) -> Expr:  # noqa: D102
        return g * Abs(activation.phi_prime.subs(x, 0)) * sqrt(1 + activation.phi.subs(x, 0) ** 2)


CRITERIA: dict[str, Criterion] = {
    c.name: c for c in (Forward(), Centered(), ActivationCriterion(), Backward(), Linearized())
}
"""The five criteria by name, in the order in which tables show them."""


def criterion(name: str | Criterion) -> Criterion:
    """Return the criterion called `name`.

    Raises
    ------
    UnknownCriterion
        For a name that is none of the five.
    """
    if isinstance(name, Criterion):
        return name
    if not isinstance(name, str) or name not in CRITERIA:
        raise UnknownCriterion(name, list(CRITERIA))
    return CRITERIA[name]
