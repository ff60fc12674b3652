"""The piecewise linear sigmoid: x/6 + 1/2 between -3 and 3."""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="hardsigmoid",
    title="hardsigmoid",
    expression=Piecewise((0, x < -3), ((x + 3) / 6, x < 3), (S.One, True)),
    source="torch.nn.functional.hardsigmoid",
)
