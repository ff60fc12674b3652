"""The cosine of omega x.

Random Fourier features are cosines of random projections with a random phase. It is even, and its slope at 0 is 0, so
there is no linearized gain.
"""

from sympy import S, cos

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

omega = parameter("omega")

ACTIVATION = Activation(
    name="cos",
    title="cosine",
    expression=cos(omega * x),
    parameters=(Parameter("omega", omega, default=S.One),),
    elsewhere=("torch.cos", "jax.numpy.cos", "keras.ops.cos", "numpy.cos"),
    source="Rahimi & Recht 2007, Random features for large-scale kernel machines",
)
