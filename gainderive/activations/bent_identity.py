"""The identity plus a hyperbola: (sqrt(x^2 + 1) - 1)/2 + x."""

from sympy import sqrt

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="bent_identity",
    title="bent identity",
    expression=(sqrt(x**2 + 1) - 1) / 2 + x,
    source="common in surveys of activation functions",
)
