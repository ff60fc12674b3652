"""The identity: what follows a linear or convolutional layer without an activation."""

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="identity",
    title="identity",
    expression=x,
    aliases=(
        "linear",
        "conv1d",
        "conv2d",
        "conv3d",
        "conv_transpose1d",
        "conv_transpose2d",
        "conv_transpose3d",
    ),
    elsewhere=("torch.nn.Identity",),
    source="torch.nn.Identity",
)
