"""The symmetric logarithm sign(x) log(1 + |x|).

It compresses large values of either sign and is the identity near 0; DreamerV3 applies it to rewards and observations
of unknown scale. The slope is continuous at 0, and the second derivative jumps there from 1 to -1.
"""

from sympy import Piecewise, log

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="symlog",
    title="symlog",
    expression=Piecewise((-log(1 - x), x < 0), (log(1 + x), True)),
    source="Hafner, Pasukonis, Ba & Lillicrap 2023, DreamerV3, eq. 9, arXiv:2301.04104",
)
