"""The logarithm of the sigmoid: -log(1 + exp(-x)).

It is softplus turned around both axes: never positive, and almost the identity to the left. As the log-likelihood of
a binary label it belongs to losses more than to hidden layers.
"""

from sympy import exp, log

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="logsigmoid",
    title="logsigmoid",
    expression=-log(1 + exp(-x)),
    aliases=("log_sigmoid",),
    elsewhere=(
        "torch.nn.LogSigmoid",
        "torch.nn.functional.logsigmoid",
        "jax.nn.log_sigmoid",
        "keras.activations.log_sigmoid",
        "keras.ops.log_sigmoid",
        "scipy.special.log_expit",
    ),
    source="torch.nn.functional.logsigmoid",
)
