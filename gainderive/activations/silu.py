"""The sigmoid linear unit x / (1 + exp(-x)), also called swish.

Swish has a factor: x / (1 + exp(-beta x)). At beta = 1, the default, it is torch's SiLU; at 1.702 it is quick GELU;
as beta grows it approaches ReLU, and at 0 it is x/2.
"""

from sympy import S, exp

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

beta = parameter("beta")

ACTIVATION = Activation(
    name="silu",
    title="SiLU",
    expression=x / (1 + exp(-beta * x)),
    parameters=(Parameter("beta", beta, default=S.One),),
    aliases=("swish",),
    elsewhere=(
        "torch.nn.SiLU",
        "torch.nn.functional.silu",
        "jax.nn.silu",
        "jax.nn.swish",
        "keras.activations.silu",
        "keras.activations.swish",
        "keras.ops.silu",
        "keras.ops.swish",
    ),
    source="torch.nn.functional.silu; Elfwing, Uchibe & Doya 2018, arXiv:1702.03118; "
    "Ramachandran, Zoph & Le 2017 (with beta), arXiv:1710.05941",
)
