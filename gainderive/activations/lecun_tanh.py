"""LeCun's scaled hyperbolic tangent 1.7159 tanh(2x/3), with the constants as he printed them.

They are chosen so that it is close to 1 at 1 and to -1 at -1, and its second derivative is largest nearby.
"""

from sympy import Rational, tanh

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="lecun_tanh",
    title="LeCun's tanh",
    expression=Rational("1.7159") * tanh(2 * x / 3),
    source="LeCun, Bottou, Orr & Müller 1998, Efficient BackProp, section 4.4",
)
