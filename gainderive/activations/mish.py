"""Mish: x tanh(softplus(x))."""

from sympy import exp, log, tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="mish",
    title="Mish",
    expression=x * tanh(log(1 + exp(x))),
    source="torch.nn.functional.mish; Misra 2019",
)
