"""The derivative of SiLU, s(x) (1 + x (1 - s(x))) with the sigmoid s: a steeper sigmoid that overshoots 1.

It was proposed with SiLU, as an activation of its own for reinforcement learning. It is not monotonic: the largest
value is about 1.1.
"""

from sympy import exp

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="dsilu",
    title="dSiLU",
    expression=(1 + x / (1 + exp(x))) / (1 + exp(-x)),
    source="Elfwing, Uchibe & Doya 2018, arXiv:1702.03118",
)
