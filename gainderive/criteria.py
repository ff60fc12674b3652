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

from enum import StrEnum

from sympy import Abs, Eq, Expr, S, sqrt

from gainderive.activations import Activation
from gainderive.errors import UnknownCriterion
from gainderive.gaussian import GaussMean
from gainderive.symbols import g, x


class Criterion(StrEnum):
    """A condition on the gain ``g``, given an activation; compares equal to its name."""

    FORWARD = "forward"
    CENTERED = "centered"
    ACTIVATION = "activation"
    BACKWARD = "backward"
    LINEARIZED = "linearized"

    @property
    def meaning(self) -> str:
        """What the criterion keeps, in words."""
        return _MEANINGS[self]

    def left(self, activation: Activation) -> Expr:
        """Return the expression in ``g`` that the criterion sets to 1, the activation not unfolded."""
        phi, phi_prime = activation.phi, activation.phi_prime
        match self:
            case Criterion.FORWARD:
                return g**2 * GaussMean(phi**2, x, 1)
            case Criterion.CENTERED:
                return g**2 * (GaussMean(phi**2, x, 1) - GaussMean(phi, x, 1) ** 2)
            case Criterion.ACTIVATION:
                return GaussMean(phi**2, x, g**2)
            case Criterion.BACKWARD:
                return g**2 * GaussMean(phi_prime**2, x, 1)
            case Criterion.LINEARIZED:
                return g * Abs(phi_prime.subs(x, 0)) * sqrt(1 + phi.subs(x, 0) ** 2)

    def condition(self, activation: Activation) -> Eq:
        """Return the equation that defines the gain."""
        return Eq(self.left(activation), S.One, evaluate=False)


_MEANINGS = {
    Criterion.FORWARD: "unit preactivation second moment is a fixed point of the length map",
    Criterion.CENTERED: "the activation's variance times g squared is 1",
    Criterion.ACTIVATION: "unit activation second moment is a fixed point",
    Criterion.BACKWARD: "the gradient's second moment is kept: chi_1 = 1 at q = 1",
    Criterion.LINEARIZED: "the tangent at 0 keeps the preactivation's second moment",
}


def criterion(name: str) -> Criterion:
    """Return the criterion called `name`.

    Raises
    ------
    UnknownCriterion
        For a name that is none of the five.
    """
    try:
        return Criterion(name)
    except ValueError:
        raise UnknownCriterion(name, list(Criterion)) from None
