"""The exponential function."""

from sympy import exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="exponential",
    title="exponential",
    expression=exp(x),
    source="keras.activations.exponential",
)
