"""The logistic sigmoid 1 / (1 + exp(-x))."""

from sympy import exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="sigmoid",
    title="sigmoid",
    expression=1 / (1 + exp(-x)),
    source="torch.nn.functional.sigmoid",
)
