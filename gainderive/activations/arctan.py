"""The arctangent, a sigmoid with values between -pi/2 and pi/2.

It approaches its bounds like 1/x, much more slowly than tanh, so its gradient vanishes more slowly too.
"""

from sympy import atan

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="arctan",
    title="arctangent",
    expression=atan(x),
    aliases=("atan",),
    elsewhere=("torch.arctan", "torch.atan", "jax.numpy.arctan", "keras.ops.arctan", "numpy.arctan"),
    source="torch.arctan",
)
