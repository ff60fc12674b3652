"""F78: the values of SELU in an example of Keras."""

from gainderive.activations import load
from gainderive.ledger import Claim, Printed, PrintedTable, Source
from gainderive.symbols import x

_SELU = load("selu").at().numeric

CLAIM = Claim(
    says="keras.ops.selu of -1, 0 and 1, with dtype float64, is [-1.11133055, 0., 1.05070098].",
    who=(Source("Keras 3.15.1, example in the documentation of keras.ops.selu", "https://keras.io/api/ops/nn/"),),
    check=PrintedTable(
        {
            "selu(-1)": Printed("-1.11133055", _SELU.subs(x, -1)),
            "selu(1)": Printed("1.05070098", _SELU.subs(x, 1)),
        }
    ),
    correct="The values are {left}, 0 and {right}. Those printed are single precision, shown to more digits than it "
    "has.",
    numbers={"left": (_SELU.subs(x, -1), 9), "right": (_SELU.subs(x, 1), 9)},
    results=("GD-0013",),
)
