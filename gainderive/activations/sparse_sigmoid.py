"""The piecewise linear sigmoid (x + 1)/2 between -1 and 1.

It is the derivative of sparse_plus, and what sparsemax makes of two classes; BinaryConnect called it the hard
sigmoid.
"""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="sparse_sigmoid",
    title="sparse sigmoid",
    expression=Piecewise((0, x <= -1), ((x + 1) / 2, x < 1), (S.One, True)),
    elsewhere=("jax.nn.sparse_sigmoid", "keras.activations.sparse_sigmoid", "keras.ops.sparse_sigmoid"),
    source="jax.nn.sparse_sigmoid; Blondel, Martins & Niculae 2020, section 6.2, arXiv:1901.02324",
)
