"""F54: GemNet's 0.6 for SiLU."""

from sympy import sqrt

from gainderive.activations import load
from gainderive.gaussian import GaussMean
from gainderive.ledger import Claim, Parts, Printed, Source
from gainderive.symbols import x

_SILU = load("silu").at().numeric
ROOT_MEAN_SQUARE = sqrt(GaussMean(_SILU**2, x, 1))
STANDARD_DEVIATION = sqrt(GaussMean(_SILU**2, x, 1) - GaussMean(_SILU, x, 1) ** 2)

CLAIM = Claim(
    says="The standard deviation of SiLU of a standard normal variable is 0.6, so its output is scaled by 1/0.6.",
    who=(
        Source(
            "GemNet in fairchem, ocpmodels/models/gemnet/layers/base_layers.py (commit 23b9453), ScaledSiLU",
            "https://github.com/FAIR-Chem/fairchem/blob/23b9453afe16d1304c3d3eae6f786d9e15522a0c/ocpmodels/models/gemnet/layers/base_layers.py",
        ),
    ),
    check=Parts(
        {
            "as standard deviation": Printed("0.6", STANDARD_DEVIATION, "standard deviation of SiLU(z)"),
            "as root mean square": Printed("0.6", ROOT_MEAN_SQUARE, "root mean square of SiLU(z)"),
        }
    ),
    remark="To one digit both are 0.6, though they are two numbers: {deviation} and {square}. It is the second that "
    "1/0.6 serves, to 0.6 %.",
    numbers={"deviation": STANDARD_DEVIATION, "square": ROOT_MEAN_SQUARE},
)
