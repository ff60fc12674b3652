"""The piecewise form of ELiSH: x, or exp(x) - 1 to the left of 0, times the hard sigmoid of (x + 1)/2.

It is 0 below -1 and the identity above 1.
"""

from sympy import Piecewise, exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

gate = (x + 1) / 2

ACTIVATION = Activation(
    name="hard_elish",
    title="HardELiSH",
    expression=Piecewise((0, x < -1), ((exp(x) - 1) * gate, x < 0), (x * gate, x < 1), (x, True)),
    source="Basirat & Roth 2018, The quest for the golden activation function, arXiv:1808.00783",
)
