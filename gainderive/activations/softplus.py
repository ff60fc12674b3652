"""The softplus log(1 + exp(beta x)) / beta.

It is the integral of the sigmoid, and ReLU made smooth: it approaches ReLU as beta grows. torch returns x itself
where beta x exceeds a threshold of 20, lest exp overflow; this changes the value by less than 3e-9 and is no part of
the function.
"""

from sympy import S, exp, log

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

beta = parameter("beta", positive=True)

ACTIVATION = Activation(
    name="softplus",
    title="softplus",
    expression=log(1 + exp(beta * x)) / beta,
    parameters=(Parameter("beta", beta, default=S.One),),
    elsewhere=(
        "torch.nn.Softplus",
        "torch.nn.functional.softplus",
        "jax.nn.softplus",
        "keras.activations.softplus",
        "keras.ops.softplus",
    ),
    source="torch.nn.functional.softplus; Dugas et al. 2001",
)
