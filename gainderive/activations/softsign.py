"""The softsign x / (1 + |x|), also called Elliott's function.

Like tanh it lies between -1 and 1, but it approaches its bounds like 1/x; Glorot and Bengio found that its units
saturate less.
"""

from sympy import Abs

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="softsign",
    title="softsign",
    expression=x / (1 + Abs(x)),
    aliases=("soft_sign", "elliott"),
    elsewhere=(
        "torch.nn.Softsign",
        "torch.nn.functional.softsign",
        "jax.nn.soft_sign",
        "keras.activations.softsign",
        "keras.ops.softsign",
    ),
    source="torch.nn.functional.softsign; Elliott 1993; Glorot & Bengio 2010",
)
