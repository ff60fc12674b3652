"""The identity moved towards 0 by lambd, and 0 in between.

It is soft thresholding, the proximal map of lambd |x|: one step of an algorithm for sparse regression.
"""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

lambd = parameter("lambda", positive=True)

ACTIVATION = Activation(
    name="softshrink",
    title="softshrink",
    expression=Piecewise((x + lambd, x < -lambd), (0, x < lambd), (x - lambd, True)),
    parameters=(Parameter("lambd", lambd, default=S.Half, aliases=("threshold",)),),
    aliases=("soft_shrink",),
    elsewhere=(
        "torch.nn.Softshrink",
        "torch.nn.functional.softshrink",
        "keras.activations.soft_shrink",
        "keras.ops.soft_shrink",
    ),
    source="torch.nn.functional.softshrink; Donoho & Johnstone 1994, Ideal spatial adaptation by wavelet shrinkage",
)
