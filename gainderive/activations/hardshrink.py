"""The identity outside (-lambd, lambd), 0 inside: it jumps at both ends."""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

lambd = parameter("lambda", positive=True)

ACTIVATION = Activation(
    name="hardshrink",
    title="hardshrink",
    expression=Piecewise((x, x < -lambd), (0, x <= lambd), (x, True)),
    parameters=(Parameter("lambd", lambd, default=S.Half),),
    elsewhere=("torch.nn.Hardshrink",),
    source="torch.nn.functional.hardshrink",
)
