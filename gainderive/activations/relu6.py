"""The rectified linear unit capped at 6.

The cap leaves room for a few exact bits in low-precision arithmetic; under a standard normal preactivation it is
reached with probability 1e-9, so the gain has the first nine digits of ReLU's, and yet is not sqrt(2).
"""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="relu6",
    title="ReLU6",
    expression=Piecewise((0, x < 0), (x, x < 6), (S(6), True)),
    elsewhere=(
        "torch.nn.ReLU6",
        "torch.nn.functional.relu6",
        "jax.nn.relu6",
        "keras.activations.relu6",
        "keras.ops.relu6",
    ),
    source="torch.nn.functional.relu6; Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10",
)
