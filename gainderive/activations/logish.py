"""Logish: x log(1 + s(x)), with the sigmoid s.

It is not monotonic, like SiLU; far to the right its slope is log 2.
"""

from sympy import exp, log

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="logish",
    title="Logish",
    expression=x * log(1 + 1 / (1 + exp(-x))),
    source="Zhu, Zeng, Liu et al. 2021, Logish: a new nonlinear nonmonotonic activation function, Neurocomputing 458",
)
