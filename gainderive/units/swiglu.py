"""The gated unit u silu(v), Swish with beta = 1 in the gate."""

from gainderive.activations import load
from gainderive.symbols import branch, x
from gainderive.units._unit import Unit

u, v = branch(1), branch(2)

UNIT = Unit(
    name="swiglu",
    title="SwiGLU",
    outputs=(u * load("silu").expression.subs(x, v),),
    source="Shazeer 2020, eq. (5)",
)
