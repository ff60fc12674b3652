"""The square nonlinearity: tanh made of two parabolas, x - x |x|/4 between -2 and 2.

It costs one multiplication, and its slope is continuous and piecewise linear: a triangle.
"""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="sqnl",
    title="SQNL",
    expression=Piecewise(
        (S.NegativeOne, x < -2),
        (x + x**2 / 4, x < 0),
        (x - x**2 / 4, x < 2),
        (S.One, True),
    ),
    source="Wuraola & Patel 2018, SQNL: a new computationally efficient activation function",
)
