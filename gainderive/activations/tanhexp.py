"""TanhExp: x tanh(exp(x)).

It is not monotonic, and to the right it approaches the identity faster than Mish or SiLU do.
"""

from sympy import exp, tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="tanhexp",
    title="TanhExp",
    expression=x * tanh(exp(x)),
    source="Liu & Di 2020, TanhExp: a smooth activation function with high convergence speed, arXiv:2003.09855",
)
