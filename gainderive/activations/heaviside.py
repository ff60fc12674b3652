"""The step from 0 to 1."""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="heaviside",
    title="Heaviside step",
    expression=Piecewise((0, x < 0), (S.One, True)),
    source="McCulloch & Pitts 1943",
)
