"""The inverse square root linear unit: ISRU to the left of 0, the identity to the right."""

from sympy import Piecewise, S, sqrt

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

alpha = parameter("alpha", positive=True)

ACTIVATION = Activation(
    name="isrlu",
    title="ISRLU",
    expression=Piecewise((x / sqrt(1 + alpha * x**2), x < 0), (x, True)),
    parameters=(Parameter("alpha", alpha, default=S.One),),
    source="Carlile et al. 2017",
)
