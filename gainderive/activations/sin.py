"""The sine of omega x."""

import sympy
from sympy import S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

omega = parameter("omega")

ACTIVATION = Activation(
    name="sin",
    title="sine",
    expression=sympy.sin(omega * x),
    parameters=(Parameter("omega", omega, default=S.One),),
    source="Sitzmann et al. 2020, SIREN",
)
