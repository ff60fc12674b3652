"""The cosine of omega x."""

import sympy
from sympy import S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

omega = parameter("omega")

ACTIVATION = Activation(
    name="cos",
    title="cosine",
    expression=sympy.cos(omega * x),
    parameters=(Parameter("omega", omega, default=S.One),),
    source="Rahimi & Recht 2007",
)
