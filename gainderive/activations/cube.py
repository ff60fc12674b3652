"""The cube x^3.

With it a unit computes products of three inputs, as a dependency parser's features need; its moments grow like the
sixth power of the scale, so the length map has an unstable fixed point.
"""

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="cube",
    title="cube",
    expression=x**3,
    aliases=("cubic",),
    source="Chen & Manning 2014, A fast and accurate dependency parser using neural networks",
)
