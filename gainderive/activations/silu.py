"""The sigmoid linear unit x / (1 + exp(-x)), also called swish."""

from sympy import exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="silu",
    title="SiLU",
    expression=x / (1 + exp(-x)),
    aliases=("swish",),
    elsewhere=(
        "torch.nn.SiLU",
        "torch.nn.functional.silu",
        "jax.nn.silu",
    ),
    source="torch.nn.functional.silu; Elfwing, Uchibe & Doya 2018; Ramachandran, Zoph & Le 2017",
)
