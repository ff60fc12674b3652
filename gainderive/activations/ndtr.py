"""The normal distribution function Phi(x).

Phi(z) is uniform on (0, 1) when z is standard normal, so its second moment is 1/3 and its variance 1/12: the gains
can be read off without an integral.
"""

from sympy import erf, sqrt

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="ndtr",
    title="normal distribution function",
    expression=(1 + erf(x / sqrt(2))) / 2,
    aliases=("normal_cdf",),
    elsewhere=("torch.special.ndtr", "jax.scipy.special.ndtr", "jax.scipy.stats.norm.cdf", "scipy.special.ndtr"),
    source="torch.special.ndtr",
)
