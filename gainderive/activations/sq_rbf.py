"""The square-law radial basis function: a bump of three parabolas, 1 at 0 and 0 outside (-2, 2).

It is exp(-x^2/2) with parabolas in place of the exponential, for hardware that can only multiply; the slope is
continuous.
"""

from sympy import Piecewise

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="sq_rbf",
    title="SQ-RBF",
    expression=Piecewise(
        (0, x <= -2),
        ((2 + x) ** 2 / 2, x < -1),
        (1 - x**2 / 2, x < 1),
        ((2 - x) ** 2 / 2, x < 2),
        (0, True),
    ),
    source="Wuraola & Patel 2018, Computationally efficient radial basis function",
)
