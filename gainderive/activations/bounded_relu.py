"""The rectified linear unit cut off at A: min(max(x, 0), A).

A bound keeps activations from growing in deep networks and suits fixed-point arithmetic; ReLU6 is A = 6.
"""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

bound = parameter("A", positive=True)

ACTIVATION = Activation(
    name="bounded_relu",
    title="bounded ReLU",
    expression=Piecewise((0, x < 0), (x, x < bound), (bound, True)),
    parameters=(Parameter("max_value", bound, default=S.One),),
    aliases=("relun",),
    source="Liew, Khalil-Hani & Bakhteri 2016, Bounded activation functions for enhanced training stability",
)
