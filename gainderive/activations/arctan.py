"""The arctangent."""

from sympy import atan

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="arctan",
    title="arctangent",
    expression=atan(x),
    source="torch.arctan",
)
