"""The log-log function exp(-exp(-x)), the distribution function of the Gumbel distribution.

Unlike the logistic sigmoid it approaches 0 much faster than 1.
"""

from sympy import exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="loglog",
    title="log-log",
    expression=exp(-exp(-x)),
    source="Gomes & Ludermir 2013, Optimization of the weights and asymmetric activation function family",
)
