"""The sign: -1 to the left, 1 to the right.

Its square is 1, whatever the scale: every gain satisfies the activation criterion, and no gradient passes.
"""

from sympy import sign

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="sign",
    title="sign",
    expression=sign(x),
    aliases=("signum",),
    elsewhere=("torch.sign", "jax.numpy.sign", "keras.ops.sign", "numpy.sign"),
    source="torch.sign; Rosenblatt 1958, The perceptron",
)
