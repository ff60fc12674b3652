"""The difference x - tanh(x).

It is flat at 0, where it is x^3/3, so there is no linearized gain; far out it is the identity moved by 1.
"""

from sympy import tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="tanhshrink",
    title="tanhshrink",
    expression=x - tanh(x),
    aliases=("tanh_shrink",),
    elsewhere=(
        "torch.nn.Tanhshrink",
        "torch.nn.functional.tanhshrink",
        "keras.activations.tanh_shrink",
        "keras.ops.tanh_shrink",
    ),
    source="torch.nn.functional.tanhshrink",
)
