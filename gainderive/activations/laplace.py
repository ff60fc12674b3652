"""The distribution function of a normal variable with mean sqrt(1/2) and variance 1/(4 pi).

The constants are chosen so that at x = sqrt(1/2) it has the value 1/2 and the slope sqrt(2), as the squared ReLU has:
it is a bounded stand-in for it, made for attention.
"""

from sympy import erf, pi, sqrt

from gainderive.activations._activation import Activation
from gainderive.symbols import x

mean, deviation = sqrt(2) / 2, 1 / (2 * sqrt(pi))

ACTIVATION = Activation(
    name="laplace",
    title="Laplace",
    expression=(1 + erf((x - mean) / (deviation * sqrt(2)))) / 2,
    source="Ma et al. 2022, Mega: moving average equipped gated attention, section 3.2, arXiv:2209.10655",
)
