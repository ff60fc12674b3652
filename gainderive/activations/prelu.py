"""The parametric rectified linear unit: Leaky ReLU with a slope that is learned.

The slope is 1/4 at the start in torch, and 0 in Keras; the gain belongs to the start of training.
"""

from sympy import Piecewise, Rational, S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

weight = parameter("a")

ACTIVATION = Activation(
    name="prelu",
    title="PReLU",
    expression=Piecewise((weight * x, x < 0), (x, True)),
    parameters=(Parameter("weight", weight, default=Rational(1, 4), aliases=("init",)),),
    elsewhere=("torch.nn.PReLU",),
    other_defaults={"keras.layers.PReLU": {"weight": S.Zero}},
    source="torch.nn.functional.prelu; torch.nn.PReLU(init=0.25); He et al. 2015, arXiv:1502.01852",
)
