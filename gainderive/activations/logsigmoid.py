"""The logarithm of the sigmoid: -log(1 + exp(-x))."""

from sympy import exp, log

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="logsigmoid",
    title="logsigmoid",
    expression=-log(1 + exp(-x)),
    source="torch.nn.functional.logsigmoid",
)
