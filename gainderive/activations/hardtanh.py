"""The identity, cut off at min_val and max_val.

At -1 and 1 it is the piecewise linear form of tanh; at 0 and 6 it is ReLU6.
"""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

low, high = parameter("min_val"), parameter("max_val")

ACTIVATION = Activation(
    name="hardtanh",
    title="hardtanh",
    expression=Piecewise((low, x < low), (x, x < high), (high, True)),
    parameters=(
        Parameter("min_val", low, default=S.NegativeOne, aliases=("min_value",)),
        Parameter("max_val", high, default=S.One, aliases=("max_value",)),
    ),
    relations=(low < high,),
    aliases=("hard_tanh",),
    elsewhere=(
        "torch.nn.Hardtanh",
        "torch.nn.functional.hardtanh",
        "jax.nn.hard_tanh",
        "keras.activations.hard_tanh",
        "keras.ops.hard_tanh",
    ),
    source="torch.nn.functional.hardtanh; Collobert 2004, Large scale machine learning",
)
