"""The sigmoid approximation x / (1 + exp(-1.702 x)) of GELU.

It is SiLU with beta = 1.702, and differs from GELU by up to 0.02: forty times as much as the tanh form.
"""

from sympy import Rational, exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="quick_gelu",
    title="quick GELU",
    expression=x / (1 + exp(-Rational("1.702") * x)),
    source="Hendrycks & Gimpel 2016, section 2, arXiv:1606.08415; CLIP",
)
