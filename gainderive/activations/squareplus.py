"""The algebraic softplus (x + sqrt(x^2 + b)) / 2.

It needs no exponential and approaches ReLU like b/(4|x|); at b = 4 its second derivative at 0 is softplus', 1/4.
"""

from sympy import S, sqrt

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

b = parameter("b", positive=True)

ACTIVATION = Activation(
    name="squareplus",
    title="squareplus",
    expression=(x + sqrt(x**2 + b)) / 2,
    parameters=(Parameter("b", b, default=S(4)),),
    elsewhere=("jax.nn.squareplus", "keras.activations.squareplus", "keras.ops.squareplus"),
    source="jax.nn.squareplus; Barron 2021, arXiv:2112.11687",
)
