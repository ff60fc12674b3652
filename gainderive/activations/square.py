"""The square x^2.

Products, and so all polynomials, can be computed with it, also under homomorphic encryption; its slope at 0 is 0.
"""

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="square",
    title="square",
    expression=x**2,
    aliases=("quadratic",),
    elsewhere=("torch.square", "jax.numpy.square", "keras.ops.square", "numpy.square"),
    source="torch.square; Gilad-Bachrach et al. 2016, CryptoNets",
)
