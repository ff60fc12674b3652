"""The growing cosine unit x cos(x).

It oscillates with growing amplitude: a single unit separates the classes of XOR.
"""

from sympy import cos

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="gcu",
    title="growing cosine unit",
    expression=x * cos(x),
    aliases=("growing_cosine",),
    source="Noel, Arunkumar, Trivedi & Dutta 2021, arXiv:2108.12943",
)
