"""The identity, cut off at two values."""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

low, high = parameter("min_val"), parameter("max_val")

ACTIVATION = Activation(
    name="hardtanh",
    title="hardtanh",
    expression=Piecewise((low, x < low), (x, x < high), (high, True)),
    parameters=(
        Parameter("min_val", low, default=S.NegativeOne),
        Parameter("max_val", high, default=S.One),
    ),
    elsewhere=(
        "torch.nn.Hardtanh",
        "torch.nn.functional.hardtanh",
    ),
    source="torch.nn.functional.hardtanh",
)
