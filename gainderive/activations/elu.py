"""The exponential linear unit: alpha (exp(x) - 1) to the left of 0."""

from sympy import Piecewise, S, exp

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

alpha = parameter("alpha")

ACTIVATION = Activation(
    name="elu",
    title="ELU",
    expression=Piecewise((alpha * (exp(x) - 1), x < 0), (x, True)),
    parameters=(Parameter("alpha", alpha, default=S.One),),
    elsewhere=(
        "torch.nn.ELU",
        "torch.nn.functional.elu",
    ),
    source="torch.nn.functional.elu; Clevert, Unterthiner & Hochreiter 2015",
)
