"""The identity outside (-lambd, lambd), 0 inside: it jumps at both ends.

It is hard thresholding, the denoiser of sparse signals. Between the jumps the derivative is 0 or 1, and knows nothing
of the jumps: E phi'^2 is not the factor by which a gradient grows.
"""

from sympy import Piecewise, S

from gainderive.activations._activation import Activation, Parameter
from gainderive.symbols import parameter, x

lambd = parameter("lambda", positive=True)

ACTIVATION = Activation(
    name="hardshrink",
    title="hardshrink",
    expression=Piecewise((x, x < -lambd), (0, x <= lambd), (x, True)),
    parameters=(Parameter("lambd", lambd, default=S.Half, aliases=("threshold",)),),
    aliases=("hard_shrink",),
    elsewhere=(
        "torch.nn.Hardshrink",
        "torch.nn.functional.hardshrink",
        "torch.hardshrink",
        "keras.activations.hard_shrink",
        "keras.ops.hard_shrink",
    ),
    source="torch.nn.functional.hardshrink; Donoho & Johnstone 1994, Ideal spatial adaptation by wavelet shrinkage",
)
