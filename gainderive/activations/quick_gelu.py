"""The sigmoid approximation x / (1 + exp(-1.702 x)) of GELU."""

from sympy import Rational, exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="quick_gelu",
    title="quick GELU",
    expression=x / (1 + exp(-Rational("1.702") * x)),
    source="Hendrycks & Gimpel 2016, section 2; CLIP",
)
