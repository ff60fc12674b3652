"""The piecewise quadratic swish: x (x + 3) / 6 between -3 and 3."""

from sympy import Piecewise

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="hardswish",
    title="hardswish",
    expression=Piecewise((0, x < -3), (x * (x + 3) / 6, x < 3), (x, True)),
    source="torch.nn.functional.hardswish; Howard et al. 2019",
)
