"""The rectified linear unit capped at 6."""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="relu6",
    title="ReLU6",
    expression=Piecewise((0, x < 0), (x, x < 6), (S(6), True)),
    source="torch.nn.functional.relu6; Krizhevsky 2010",
)
