"""The linearly scaled hyperbolic tangent x tanh(x)."""

from sympy import tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="lisht",
    title="LiSHT",
    expression=x * tanh(x),
    source="Roy et al. 2019",
)
