"""The hyperbolic tangent."""

import sympy

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="tanh",
    title="tanh",
    expression=sympy.tanh(x),
    elsewhere=(
        "torch.nn.Tanh",
        "torch.tanh",
        "torch.nn.functional.tanh",
        "jax.nn.tanh",
        "numpy.tanh",
    ),
    source="torch.nn.functional.tanh",
)
