"""The absolute value |x|.

It is even, so only the distance from 0 passes; squared it is the identity squared, so its forward gain is that of the
identity, and its derivative is -1 or 1, so its backward gain is 1 too.
"""

from sympy import Abs

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="abs",
    title="absolute value",
    expression=Abs(x),
    elsewhere=("torch.abs", "jax.numpy.abs", "keras.ops.abs", "numpy.abs"),
    source="torch.abs",
)
