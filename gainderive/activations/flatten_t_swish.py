"""Flatten-T Swish: SiLU moved by T to the right of 0, the constant T to the left.

As with ReLU, nothing passes to the left of 0; T, -1/5 in the paper, moves the mean activation towards 0. There is a
kink at 0: the slope jumps from 0 to 1/2.
"""

from sympy import Piecewise, Rational, exp

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

shift = parameter("T")

ACTIVATION = Activation(
    name="flatten_t_swish",
    title="Flatten-T Swish",
    expression=Piecewise((shift, x < 0), (x / (1 + exp(-x)) + shift, True)),
    parameters=(Parameter("threshold", shift, default=Rational(-1, 5)),),
    aliases=("fts", "ftswish"),
    source="Chieng, Wahid, Ong & Perla 2018, arXiv:1812.06247",
)
