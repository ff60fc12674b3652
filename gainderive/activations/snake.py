"""The identity with a ripple: x + sin(alpha x)^2 / alpha.

The ripple lets a network continue a periodic signal beyond its training data; the slope stays between 0 and 2.
"""

from sympy import S, sin

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

alpha = parameter("alpha", positive=True)

ACTIVATION = Activation(
    name="snake",
    title="Snake",
    expression=x + sin(alpha * x) ** 2 / alpha,
    parameters=(Parameter("alpha", alpha, default=S.One),),
    source="Ziyin, Hartwig & Ueda 2020, arXiv:2006.08195",
)
