"""The inverse square root linear unit: ISRU to the left of 0, the identity to the right.

It looks like ELU and needs no exponential; it saturates at -1/sqrt(alpha), and its first two derivatives are
continuous.
"""

from sympy import Piecewise, S, sqrt

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

alpha = parameter("alpha", positive=True)

ACTIVATION = Activation(
    name="isrlu",
    title="ISRLU",
    expression=Piecewise((x / sqrt(1 + alpha * x**2), x < 0), (x, True)),
    parameters=(Parameter("alpha", alpha, default=S.One),),
    source="Carlile, Delamarter, Kinney, Marti & Whitney 2017, arXiv:1710.09967",
)
