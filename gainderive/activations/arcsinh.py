"""The inverse hyperbolic sine log(x + sqrt(x^2 + 1)).

It is the identity near 0 and grows like the logarithm far out, with the sign kept: a smooth relative of symlog.
"""

from sympy import asinh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="arcsinh",
    title="inverse hyperbolic sine",
    expression=asinh(x),
    aliases=("asinh",),
    elsewhere=("torch.arcsinh", "torch.asinh", "jax.numpy.arcsinh", "keras.ops.arcsinh", "numpy.arcsinh"),
    source="torch.arcsinh",
)
