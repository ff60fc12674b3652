"""The exponential linear squashing function: SiLU to the right of 0, ELU times the sigmoid to the left.

It was found by a genetic search over combinations of known activations.
"""

from sympy import Piecewise, exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="elish",
    title="ELiSH",
    expression=Piecewise(((exp(x) - 1) / (1 + exp(-x)), x < 0), (x / (1 + exp(-x)), True)),
    source="Basirat & Roth 2018, The quest for the golden activation function, arXiv:1808.00783",
)
