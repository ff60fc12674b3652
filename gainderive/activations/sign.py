"""The sign: -1 to the left, 1 to the right."""

import sympy

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="sign",
    title="sign",
    expression=sympy.sign(x),
    source="Rosenblatt 1958",
)
