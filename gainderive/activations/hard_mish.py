"""The piecewise quadratic Mish: x (x + 2) / 2 between -2 and 0, the identity to the right.

Its slope is continuous at 0 and jumps at -2.
"""

from sympy import Piecewise

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="hard_mish",
    title="hard Mish",
    expression=Piecewise((0, x < -2), (x * (x + 2) / 2, x < 0), (x, True)),
    source="Misra 2020, H-Mish; timm.layers.hard_mish",
)
