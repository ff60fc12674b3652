"""The continuously differentiable exponential linear unit."""

from sympy import Piecewise, S, exp

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

alpha = parameter("alpha", positive=True)

ACTIVATION = Activation(
    name="celu",
    title="CELU",
    expression=Piecewise((alpha * (exp(x / alpha) - 1), x < 0), (x, True)),
    parameters=(Parameter("alpha", alpha, default=S.One),),
    source="torch.nn.functional.celu; Barron 2017",
)
