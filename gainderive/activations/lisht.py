"""The linearly scaled hyperbolic tangent x tanh(x).

It is even and never negative: a smooth absolute value. Its slope at 0 is 0.
"""

from sympy import tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="lisht",
    title="LiSHT",
    expression=x * tanh(x),
    source="Roy, Manna, Dubey & Chaudhuri 2019, arXiv:1901.05894",
)
