"""Serf: x erf(softplus(x)).

Mish with erf in place of tanh.
"""

from sympy import erf, exp, log

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="serf",
    title="Serf",
    expression=x * erf(log(1 + exp(x))),
    source="Nag, Bhattacharyya, Mukherjee & Kundu 2023, arXiv:2108.09598",
)
