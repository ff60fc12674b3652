"""The error function, a sigmoid with values between -1 and 1.

Its Gaussian means have closed forms, which makes it the textbook sigmoid: the kernel of an infinitely wide network
with it is an arcsine (Williams 1997).
"""

from sympy import erf

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="erf",
    title="erf",
    expression=erf(x),
    elsewhere=("torch.erf", "torch.special.erf", "jax.scipy.special.erf", "keras.ops.erf", "scipy.special.erf"),
    source="torch.erf; Williams 1997, Computing with infinite networks",
)
