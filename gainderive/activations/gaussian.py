"""The bump exp(-x^2).

A unit with it answers to a slab around 0 rather than to a half space, as in radial basis function networks. It is
even, so its slope at 0 is 0.
"""

from sympy import exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="gaussian",
    title="Gaussian",
    expression=exp(-(x**2)),
    source="Broomhead & Lowe 1988, Multivariable functional interpolation and adaptive networks",
)
