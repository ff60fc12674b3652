"""The continuously differentiable exponential linear unit alpha (exp(x/alpha) - 1) to the left of 0.

ELU has slope alpha to the left of 0; dividing x by alpha inside the exponential makes it 1, so that there is no kink
for any alpha.
"""

from sympy import Piecewise, S, exp

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

alpha = parameter("alpha", positive=True)

ACTIVATION = Activation(
    name="celu",
    title="CELU",
    expression=Piecewise((alpha * (exp(x / alpha) - 1), x < 0), (x, True)),
    parameters=(Parameter("alpha", alpha, default=S.One),),
    elsewhere=(
        "torch.nn.CELU",
        "torch.nn.functional.celu",
        "torch.celu",
        "jax.nn.celu",
        "keras.activations.celu",
        "keras.ops.celu",
    ),
    source="torch.nn.functional.celu; Barron 2017, arXiv:1704.07483",
)
