"""The piecewise quadratic softplus: 0 up to -1, (x + 1)^2/4 up to 1, then x.

Its slope is continuous, and is sparse_sigmoid; unlike softplus it is exactly 0 on a half line, and exactly x on
another.
"""

from sympy import Piecewise

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="sparse_plus",
    title="sparse plus",
    expression=Piecewise((0, x <= -1), ((x + 1) ** 2 / 4, x < 1), (x, True)),
    elsewhere=("jax.nn.sparse_plus", "keras.activations.sparse_plus", "keras.ops.sparse_plus"),
    source="jax.nn.sparse_plus",
)
