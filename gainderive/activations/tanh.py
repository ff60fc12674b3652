"""The hyperbolic tangent.

It lies between -1 and 1, so its second moment never reaches 1, whatever the gain. torch's 5/3 satisfies none of the
five criteria.
"""

from sympy import tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="tanh",
    title="tanh",
    expression=tanh(x),
    elsewhere=(
        "torch.nn.Tanh",
        "torch.nn.functional.tanh",
        "torch.tanh",
        "jax.nn.tanh",
        "jax.numpy.tanh",
        "keras.activations.tanh",
        "keras.ops.tanh",
        "numpy.tanh",
    ),
    source="torch.nn.functional.tanh",
)
