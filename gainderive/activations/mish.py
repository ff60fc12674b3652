"""Mish: x tanh(softplus(x)).

It is smooth and not monotonic, with a minimum of about -0.31, and close to SiLU.
"""

from sympy import exp, log, tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="mish",
    title="Mish",
    expression=x * tanh(log(1 + exp(x))),
    elsewhere=("torch.nn.Mish", "torch.nn.functional.mish", "jax.nn.mish", "keras.activations.mish"),
    source="torch.nn.functional.mish; Misra 2019, arXiv:1908.08681",
)
