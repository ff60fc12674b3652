"""The identity above a threshold, a constant value below it.

torch and Keras 3 give neither parameter a default. Here they are 1 and 0, those of Keras 2's thresholded ReLU. It
jumps at the threshold by the threshold less the value, and its derivative knows nothing of the jump.
"""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

threshold, value = parameter("t"), parameter("v")

ACTIVATION = Activation(
    name="threshold",
    title="threshold",
    expression=Piecewise((value, x <= threshold), (x, True)),
    parameters=(
        Parameter("threshold", threshold, default=S.One, aliases=("theta",)),
        Parameter("value", value, default=S.Zero, aliases=("default_value",)),
    ),
    aliases=("thresholded_relu",),
    elsewhere=(
        "torch.nn.Threshold",
        "torch.nn.functional.threshold",
        "keras.activations.threshold",
        "keras.ops.threshold",
    ),
    source="torch.nn.functional.threshold; Konda, Memisevic & Krueger 2014 (threshold 1, value 0), arXiv:1402.3337",
)
