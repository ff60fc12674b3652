r"""The gated unit :math:`x_1\,\mathrm{swish}_\beta(x_2)`, with Swish's :math:`\beta = 1` unless told otherwise."""

from gainderive.activations import load
from gainderive.symbols import branch, x
from gainderive.units._unit import Unit

u, v = branch(1), branch(2)
silu = load("silu")

UNIT = Unit(
    name="swiglu",
    title="SwiGLU",
    outputs=(u * silu.expression.subs(x, v),),
    parameters=silu.parameters,
    source="Shazeer 2020, eq. (5)",
)
