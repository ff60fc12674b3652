"""The parametric rectified linear unit: Leaky ReLU with a slope that is learned, 1/4 at the start."""

from sympy import Piecewise, Rational

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

weight = parameter("a")

ACTIVATION = Activation(
    name="prelu",
    title="PReLU",
    expression=Piecewise((weight * x, x < 0), (x, True)),
    parameters=(Parameter("weight", weight, default=Rational(1, 4)),),
    elsewhere=("torch.nn.PReLU",),
    source="torch.nn.functional.prelu; torch.nn.PReLU(init=0.25); He et al. 2015",
)
