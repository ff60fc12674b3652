"""The gated linear unit u sigmoid(v)."""

from gainderive.activations import load
from gainderive.symbols import branch, x
from gainderive.units._unit import Unit

u, v = branch(1), branch(2)

UNIT = Unit(
    name="glu",
    title="GLU",
    outputs=(u * load("sigmoid").expression.subs(x, v),),
    elsewhere=("torch.nn.GLU", "jax.nn.glu", "keras.activations.glu"),
    source="torch.nn.functional.glu; Dauphin, Fan, Auli & Grangier 2017, eq. (1)",
)
