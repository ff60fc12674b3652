"""F42: SELU's constants in Keras' documentation."""

from gainderive.activations import load
from gainderive.ledger import Claim, Printed, PrintedTable, Source

ALPHA, SCALE = (constant.value for constant in load("selu").constants)

CLAIM = Claim(
    says="SELU's constants are alpha = 1.67326324 and scale = 1.05070098.",
    who=(Source("Keras 3.15.1, documentation of keras.activations.selu", "https://keras.io/api/layers/activations/"),),
    check=PrintedTable({"alpha": Printed("1.67326324", ALPHA), "scale": Printed("1.05070098", SCALE)}),
    correct="Rounded to as many places the constants are {alpha} and {scale}: Keras' scale is cut off, not rounded.",
    numbers={"alpha": (ALPHA, 9), "scale": (SCALE, 9)},
    remark="Nothing is computed with the cut constant; the code has more digits.",
    results=("GD-0013",),
)
