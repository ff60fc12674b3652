"""The piecewise linear sigmoid: x/6 + 1/2 between -3 and 3.

Other functions have the same name: Keras 2 and Theano took x/5 + 1/2, BinaryConnect took x/2 + 1/2 (here
sparse_sigmoid).
"""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation
from gainderive.symbols import x

ACTIVATION = Activation(
    name="hardsigmoid",
    title="hardsigmoid",
    expression=Piecewise((0, x < -3), ((x + 3) / 6, x < 3), (S.One, True)),
    aliases=("hard_sigmoid",),
    elsewhere=(
        "torch.nn.Hardsigmoid",
        "torch.nn.functional.hardsigmoid",
        "jax.nn.hard_sigmoid",
        "keras.activations.hard_sigmoid",
        "keras.ops.hard_sigmoid",
    ),
    source="torch.nn.functional.hardsigmoid; Howard et al. 2019, arXiv:1905.02244",
)
