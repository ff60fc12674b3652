"""The square of the rectified linear unit."""

from sympy import Piecewise

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="relu_squared",
    title="squared ReLU",
    expression=Piecewise((0, x < 0), (x**2, True)),
    source="So et al. 2021, Primer",
)
