"""The bump exp(-x^2)."""

from sympy import exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="gaussian",
    title="Gaussian",
    expression=exp(-(x**2)),
    source="Broomhead & Lowe 1988",
)
