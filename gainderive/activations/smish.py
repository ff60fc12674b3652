"""Smish: x tanh(log(1 + s(x))), with the sigmoid s.

tanh(log(1 + s)) lies between 0 and tanh(log 2) = 3/5, so far to the right its slope is 3/5.
"""

from sympy import exp, log, tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="smish",
    title="Smish",
    expression=x * tanh(log(1 + 1 / (1 + exp(-x)))),
    source="Wang, Ren & Wang 2022, Smish: a novel activation function for deep learning methods, Electronics 11(4)",
)
