"""The leaky rectified linear unit: slope 1 to the right, slope a to the left."""

from sympy import Piecewise, Rational

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

a = parameter("a")

ACTIVATION = Activation(
    name="leaky_relu",
    title="Leaky ReLU",
    expression=Piecewise((a * x, x < 0), (x, True)),
    parameters=(Parameter("negative_slope", a, default=Rational(1, 100)),),
    elsewhere=(
        "torch.nn.LeakyReLU",
        "torch.nn.functional.leaky_relu",
        "jax.nn.leaky_relu",
        "keras.activations.leaky_relu",
    ),
    source="torch.nn.functional.leaky_relu; Maas, Hannun & Ng 2013",
)
