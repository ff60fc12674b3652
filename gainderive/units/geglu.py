r"""The gated unit :math:`x_1\,\mathrm{gelu}(x_2)`, with the exact normal distribution function."""

from gainderive.activations import load
from gainderive.symbols import branch, x
from gainderive.units._unit import Unit

u, v = branch(1), branch(2)

UNIT = Unit(
    name="geglu",
    title="GEGLU",
    outputs=(u * load("gelu").expression.subs(x, v),),
    source="Shazeer 2020, eq. (5)",
)
