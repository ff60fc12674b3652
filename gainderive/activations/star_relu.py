"""A squared ReLU, scaled and shifted: s max(x, 0)^2 + b.

For a standard normal x the mean of max(x, 0)^2 is 1/2 and its variance 5/4. The scale 0.8944 and the bias -0.4472, as
printed in the paper, are 2/sqrt(5) and -1/sqrt(5) rounded: they standardise the activation, up to the rounding.
"""

from sympy import Piecewise, Rational

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

s, b = parameter("s", positive=True), parameter("b")

ACTIVATION = Activation(
    name="star_relu",
    title="StarReLU",
    expression=Piecewise((b, x < 0), (s * x**2 + b, True)),
    parameters=(
        Parameter("scale", s, default=Rational("0.8944")),
        Parameter("bias", b, default=Rational("-0.4472")),
    ),
    source="Yu et al. 2024, MetaFormer baselines for vision (initial scale and bias as printed), arXiv:2210.13452",
)
