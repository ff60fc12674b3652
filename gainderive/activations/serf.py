"""Serf: x erf(softplus(x))."""

from sympy import erf, exp, log

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="serf",
    title="Serf",
    expression=x * erf(log(1 + exp(x))),
    source="Nag et al. 2023",
)
