"""Phish: x tanh(GELU(x)).

Near 0 it is flat: the value and the slope are 0 there, and the second derivative is 1.
"""

from sympy import erf, sqrt, tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="phish",
    title="Phish",
    expression=x * tanh(x * (1 + erf(x / sqrt(2))) / 2),
    source="Naveen 2022, Phish: a novel hyper-optimizable activation function",
)
