"""The softplus log(1 + exp(beta x)) / beta.

torch returns x itself where beta x exceeds a threshold of 20, which changes the value by less than 3e-9 and is
no part of the function.
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
    ),
    source="torch.nn.functional.softplus; Dugas et al. 2001",
)
