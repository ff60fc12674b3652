"""The sine of omega x.

SIREN's first layer takes omega = 30, so that images and sounds can be represented with their fine detail.
"""

from sympy import S, sin

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

omega = parameter("omega")

ACTIVATION = Activation(
    name="sin",
    title="sine",
    expression=sin(omega * x),
    parameters=(Parameter("omega", omega, default=S.One),),
    aliases=("sine",),
    elsewhere=("torch.sin", "jax.numpy.sin", "keras.ops.sin", "numpy.sin"),
    source="Sitzmann et al. 2020, Implicit neural representations with periodic activation functions, arXiv:2006.09661",
)
