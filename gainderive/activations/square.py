"""The square."""

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="square",
    title="square",
    expression=x**2,
    source="torch.square",
)
