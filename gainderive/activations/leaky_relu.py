"""The leaky rectified linear unit: slope 1 to the right, slope a to the left.

A unit that never fires still passes a gradient. Libraries do not agree on the slope: 1/100 in torch and jax, 1/5 in
keras.activations, 3/10 in Keras' layer.
"""

from sympy import Piecewise, Rational

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

a = parameter("a")

ACTIVATION = Activation(
    name="leaky_relu",
    title="Leaky ReLU",
    expression=Piecewise((a * x, x < 0), (x, True)),
    parameters=(Parameter("negative_slope", a, default=Rational(1, 100)),),
    elsewhere=("torch.nn.LeakyReLU", "torch.nn.functional.leaky_relu", "jax.nn.leaky_relu"),
    other_defaults={
        "keras.activations.leaky_relu": {"negative_slope": Rational(1, 5)},
        "keras.ops.leaky_relu": {"negative_slope": Rational(1, 5)},
        "keras.layers.LeakyReLU": {"negative_slope": Rational(3, 10)},
    },
    source="torch.nn.functional.leaky_relu; Maas, Hannun & Ng 2013",
)
