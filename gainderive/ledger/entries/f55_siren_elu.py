"""F55: the constant for ELU in the code of SIREN."""

from gainderive.activations import load
from gainderive.gaussian import GaussMean
from gainderive.ledger import Claim, Printed, Source
from gainderive.symbols import x

VARIANCE = 1 / GaussMean(load("elu").at().numeric ** 2, x, 1)

CLAIM = Claim(
    says="For ELU the weights get the standard deviation √1.5505188080679277 / √n.",
    who=(
        Source(
            "SIREN, modules.py, init_weights_elu (commit 361422e)",
            "https://github.com/vsitzmann/siren/blob/361422eb804f59bc46ca3a7b43d6aced067b97e9/modules.py",
        ),
    ),
    check=Printed("1.5505188080679277", VARIANCE, "squared forward gain of ELU"),
    correct="It is the squared forward gain, {exact}: right to 16 digits, as double precision is.",
    numbers={"exact": (VARIANCE, 20)},
)
