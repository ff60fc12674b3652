"""The piecewise quadratic swish: x (x + 3) / 6 between -3 and 3.

It is x times hardsigmoid, made for phones, where an exponential costs more than a clamp. The slope jumps at -3 and at
3.
"""

from sympy import Piecewise

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="hardswish",
    title="hardswish",
    expression=Piecewise((0, x < -3), (x * (x + 3) / 6, x < 3), (x, True)),
    aliases=("hard_swish", "hard_silu"),
    elsewhere=(
        "torch.nn.Hardswish",
        "torch.nn.functional.hardswish",
        "jax.nn.hard_swish",
        "jax.nn.hard_silu",
        "keras.activations.hard_swish",
        "keras.activations.hard_silu",
        "keras.ops.hard_swish",
        "keras.ops.hard_silu",
    ),
    source="torch.nn.functional.hardswish; Howard et al. 2019, arXiv:1905.02244",
)
