"""The algebraic softplus (x + sqrt(x^2 + b)) / 2."""

from sympy import S, sqrt

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

b = parameter("b", positive=True)

ACTIVATION = Activation(
    name="squareplus",
    title="squareplus",
    expression=(x + sqrt(x**2 + b)) / 2,
    parameters=(Parameter("b", b, default=S(4)),),
    source="Barron 2021; jax.nn.squareplus",
)
