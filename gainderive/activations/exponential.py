"""The exponential function exp(x).

Its Gaussian moments are those of a log-normal variable. They grow exponentially with the scale, so the length map has
no fixed point at large gains.
"""

from sympy import exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="exponential",
    title="exponential",
    expression=exp(x),
    aliases=("exp",),
    elsewhere=("torch.exp", "jax.numpy.exp", "keras.activations.exponential", "keras.ops.exp", "numpy.exp"),
    source="keras.activations.exponential",
)
