"""The Gaussian error linear unit x Phi(x), with the exact normal distribution function."""

from sympy import erf, sqrt

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="gelu",
    title="GELU",
    expression=x * (1 + erf(x / sqrt(2))) / 2,
    elsewhere=(
        "torch.nn.GELU",
        "torch.nn.functional.gelu",
    ),
    source="torch.nn.functional.gelu (approximate='none'); Hendrycks & Gimpel 2016",
)
