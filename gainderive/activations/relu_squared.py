"""The square of the rectified linear unit: max(x, 0)^2.

It was found by a search over Transformer variants; the slope is continuous, and the second derivative jumps at 0.
"""

from sympy import Piecewise

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="relu_squared",
    title="squared ReLU",
    expression=Piecewise((0, x < 0), (x**2, True)),
    aliases=("relu2", "squared_relu"),
    source="So et al. 2021, Primer: searching for efficient transformers, arXiv:2109.08668",
)
