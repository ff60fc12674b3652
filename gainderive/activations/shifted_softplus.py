"""Softplus moved down to pass through the origin: log(1 + exp(x)) - log 2.

The networks of SchNet, which predict the energies of molecules, need an activation with derivatives of every order.
"""

from sympy import exp, log

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="shifted_softplus",
    title="shifted softplus",
    expression=log(1 + exp(x)) - log(2),
    aliases=("ssp",),
    source="Schütt et al. 2017, SchNet, arXiv:1706.08566",
)
