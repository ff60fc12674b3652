"""The rectified linear unit max(x, 0)."""

from sympy import Piecewise

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="relu",
    title="ReLU",
    expression=Piecewise((0, x < 0), (x, True)),
    elsewhere=(
        "torch.nn.ReLU",
        "torch.nn.functional.relu",
        "torch.relu",
        "jax.nn.relu",
        "keras.activations.relu",
    ),
    source="torch.nn.functional.relu; Nair & Hinton 2010",
)
