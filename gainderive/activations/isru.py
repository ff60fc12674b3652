"""The inverse square root unit x / sqrt(1 + alpha x^2).

A sigmoid with values between -1/sqrt(alpha) and 1/sqrt(alpha) that needs no exponential.
"""

from sympy import S, sqrt

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

alpha = parameter("alpha", positive=True)

ACTIVATION = Activation(
    name="isru",
    title="ISRU",
    expression=x / sqrt(1 + alpha * x**2),
    parameters=(Parameter("alpha", alpha, default=S.One),),
    source="Carlile, Delamarter, Kinney, Marti & Whitney 2017, arXiv:1710.09967",
)
