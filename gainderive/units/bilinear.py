r"""The bilinear unit :math:`x_1 x_2`: a gated unit whose gate has no nonlinearity."""

from gainderive.symbols import branch
from gainderive.units._unit import Unit

u, v = branch(1), branch(2)

UNIT = Unit(
    name="bilinear",
    title="the bilinear unit",
    outputs=(u * v,),
    source="Mnih & Hinton 2007; Dauphin, Fan, Auli & Grangier 2017; Shazeer 2020, eq. (4)",
)
