"""The difference x - tanh(x)."""

from sympy import tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="tanhshrink",
    title="tanhshrink",
    expression=x - tanh(x),
    source="torch.nn.functional.tanhshrink",
)
