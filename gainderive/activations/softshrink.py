"""The identity moved towards 0 by lambd, and 0 in between."""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

lambd = parameter("lambda", positive=True)

ACTIVATION = Activation(
    name="softshrink",
    title="softshrink",
    expression=Piecewise((x + lambd, x < -lambd), (0, x < lambd), (x - lambd, True)),
    parameters=(Parameter("lambd", lambd, default=S.Half),),
    source="torch.nn.functional.softshrink",
)
