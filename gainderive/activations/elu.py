"""The exponential linear unit: alpha (exp(x) - 1) to the left of 0.

Its negative values push the mean activation towards 0; it saturates at -alpha. At alpha = 1 the slope is continuous,
at any other there is a kink at 0.
"""

from sympy import Piecewise, S, exp

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

alpha = parameter("alpha")

ACTIVATION = Activation(
    name="elu",
    title="ELU",
    expression=Piecewise((alpha * (exp(x) - 1), x < 0), (x, True)),
    parameters=(Parameter("alpha", alpha, default=S.One),),
    elsewhere=(
        "torch.nn.ELU",
        "torch.nn.functional.elu",
        "jax.nn.elu",
        "keras.activations.elu",
        "keras.ops.elu",
        "keras.layers.ELU",
    ),
    source="torch.nn.functional.elu; Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289",
)
