"""The error function."""

import sympy

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="erf",
    title="erf",
    expression=sympy.erf(x),
    source="torch.erf",
)
