"""Keras' ReLU with its three parameters: a (x - t) up to a threshold t, then x, at most max_value.

With a threshold other than 0 it jumps there by t; with the defaults (slope 0, no maximum, threshold 0) it is ReLU.
"""

from sympy import Piecewise, S, oo

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

slope = parameter("a", nonnegative=True)
maximum = parameter("m", nonnegative=True)
threshold = parameter("t", nonnegative=True)

ACTIVATION = Activation(
    name="keras_relu",
    title="Keras' ReLU",
    expression=Piecewise((slope * (x - threshold), x <= threshold), (x, x < maximum), (maximum, True)),
    parameters=(
        Parameter("negative_slope", slope, default=S.Zero),
        Parameter("max_value", maximum, default=oo),
        Parameter("threshold", threshold, default=S.Zero),
    ),
    elsewhere=("keras.layers.ReLU",),
    source="keras.layers.ReLU",
)
