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

For a unit of ``k`` preactivations and ``p`` outputs (:class:`gainderive.units.Unit`), a layer of ``n`` units has a
weight matrix with ``k n`` rows, and the next one has ``p n`` columns. With ``fan_in`` counting all outputs below and
``fan_out`` all preactivations above, as the matrices' shapes do:

* forward: a preactivation is a sum over ``fan_in`` outputs, so what counts is the *average* output,
  :math:`\tfrac{g^2}{p}\,E\sum_j h_j^2 = 1`; likewise centered and activation;
* backward, with ``Var W = g**2 / fan_out``: the gradient by an output is a sum over ``fan_out`` preactivations and
  gets the factor ``g**2``; a preactivation gets :math:`\sum_j (\partial_i h_j)^2` times it (gradients of different
  outputs being uncorrelated), on average over the ``k`` preactivations :math:`\tfrac{g^2}{k}\,E\sum_{ij} (\partial_i
  h_j)^2 = 1`. Between layers of equally many units ``fan_in/fan_out`` is ``p/k``: with ``Var W = g**2 / fan_in``
  instead, the gradient's factor is ``k/p`` times that;
* linearized: :math:`h \approx h(0) + \sum_i x_i\,\partial_i h(0)`, and
  :math:`g\,\sqrt{\tfrac1p\sum_{ij}(\partial_i h_j(0))^2}\,\sqrt{1 + \tfrac1p\sum_j h_j(0)^2} = 1`.

For ``k = p = 1`` each of them is the condition above.

>>> from gainderive.activations import load
>>> criterion("forward").condition(load("relu"))
Eq(g**2*E[relu(z)**2], 1)
>>> criterion("activation").condition(load("tanh"))
Eq(E[tanh(g*z)**2], 1)
>>> from gainderive import units
>>> criterion("forward").condition(units.load("swiglu"))
Eq(g**2*E[swiglu(z_1, z_2)**2], 1)
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from sympy import Abs, Add, Eq, Expr, S, sqrt

from gainderive.activations import Activation
from gainderive.errors import UnknownCriterion
from gainderive.gaussian import GaussMean
from gainderive.symbols import g, x
from gainderive.units import Unit


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

    def left(self, activation: Activation | Unit) -> Expr:
        """Return the expression in ``g`` that the criterion sets to 1, the activation not unfolded."""
        if isinstance(activation, Unit):
            return _left_of_unit(self, activation)
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

    def condition(self, activation: Activation | Unit) -> Eq:
        """Return the equation that defines the gain."""
        return Eq(self.left(activation), S.One, evaluate=False)


def _left_of_unit(criterion: Criterion, unit: Unit) -> Expr:
    outputs, slopes = unit.heads, unit.slopes
    p, k = len(outputs), len(unit.inputs)
    match criterion:
        case Criterion.FORWARD:
            return g**2 * unit.mean(_squares(outputs), S.One) / p
        case Criterion.CENTERED:
            means = (unit.mean(output, S.One) for output in outputs)
            return g**2 * (unit.mean(_squares(outputs), S.One) - _squares(means)) / p
        case Criterion.ACTIVATION:
            return unit.mean(_squares(outputs), g**2) / p
        case Criterion.BACKWARD:
            return g**2 * unit.mean(_squares(slopes), S.One) / k
        case Criterion.LINEARIZED:
            tangent, offset = (_squares(f.subs(unit.origin) for f in of) / p for of in (slopes, outputs))
            return g * sqrt(tangent) * sqrt(1 + offset)


def _squares(exprs: Iterable[Expr]) -> Expr:
    return Add(*(expr**2 for expr in exprs))


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
