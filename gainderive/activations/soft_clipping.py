"""Soft clipping: log((1 + exp(alpha x)) / (1 + exp(alpha (x - 1)))) / alpha, a smooth clamp to (0, 1).

It is the difference of two softplus functions; between 0 and 1 it is almost the identity when alpha is large.
"""

from sympy import S, exp, log

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

alpha = parameter("alpha", positive=True)

ACTIVATION = Activation(
    name="soft_clipping",
    title="soft clipping",
    expression=(log(1 + exp(alpha * x)) - log(1 + exp(alpha * (x - 1)))) / alpha,
    parameters=(Parameter("alpha", alpha, default=S.One),),
    source="Klimek & Perelstein 2020, Neural network-based approach to phase space integration, arXiv:1810.11509",
)
