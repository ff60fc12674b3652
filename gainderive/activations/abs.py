"""The absolute value."""

from sympy import Abs

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="abs",
    title="absolute value",
    expression=Abs(x),
    source="torch.abs",
)
