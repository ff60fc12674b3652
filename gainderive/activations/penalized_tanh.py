"""The hyperbolic tangent with slope 1/4 to the left of 0.

It is to tanh what Leaky ReLU is to the identity; there is a kink at 0.
"""

from sympy import Piecewise, tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="penalized_tanh",
    title="penalized tanh",
    expression=Piecewise((tanh(x) / 4, x < 0), (tanh(x), True)),
    source="Xu, Huang & Li 2016, Revise saturated activation functions, arXiv:1602.05980",
)
