r"""The gated unit :math:`x_1\,\mathrm{relu}(x_2)`: the gate is shut for half of its preactivations."""

from gainderive.activations import load
from gainderive.symbols import branch, x
from gainderive.units._unit import Unit

u, v = branch(1), branch(2)

UNIT = Unit(
    name="reglu",
    title="ReGLU",
    outputs=(u * load("relu").expression.subs(x, v),),
    source="Shazeer 2020, eq. (5)",
)
