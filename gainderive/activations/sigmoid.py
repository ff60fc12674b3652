"""The logistic sigmoid 1 / (1 + exp(-x)).

Its values lie around 1/2, not around 0, so the second moment and the variance ask for very different gains.
"""

from sympy import exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="sigmoid",
    title="sigmoid",
    expression=1 / (1 + exp(-x)),
    aliases=("logistic",),
    elsewhere=(
        "torch.nn.Sigmoid",
        "torch.nn.functional.sigmoid",
        "torch.sigmoid",
        "torch.special.expit",
        "jax.nn.sigmoid",
        "jax.scipy.special.expit",
        "jax.lax.logistic",
        "keras.activations.sigmoid",
        "keras.ops.sigmoid",
        "scipy.special.expit",
    ),
    source="torch.nn.functional.sigmoid",
)
