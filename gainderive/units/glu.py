r"""The gated linear unit :math:`x_1\,\sigma(x_2)`: a sigmoid gate says how much of a linear signal passes."""

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
