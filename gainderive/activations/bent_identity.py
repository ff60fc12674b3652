"""The identity plus a hyperbola: (sqrt(x^2 + 1) - 1)/2 + x.

Its slope grows smoothly from 1/2 on the left to 3/2 on the right.
"""

from sympy import sqrt

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="bent_identity",
    title="bent identity",
    expression=(sqrt(x**2 + 1) - 1) / 2 + x,
    source="Kunc & Kléma 2024, Three decades of activations (a survey), arXiv:2402.09092",
)
