"""The complementary log-log function 1 - exp(-exp(x)), the distribution function of a Gumbel minimum.

Unlike the logistic sigmoid it approaches 1 much faster than 0. It is loglog turned around: 1 - loglog(-x).
"""

from sympy import exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="cloglog",
    title="complementary log-log",
    expression=1 - exp(-exp(x)),
    source="Gomes & Ludermir 2013, Optimization of the weights and asymmetric activation function family",
)
