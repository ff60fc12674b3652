"""The softsign x / (1 + |x|)."""

from sympy import Abs

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="softsign",
    title="softsign",
    expression=x / (1 + Abs(x)),
    source="torch.nn.functional.softsign; Glorot & Bengio 2010",
)
