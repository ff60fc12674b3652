"""F53: the constants of e3nn's normalized activations."""

from gainderive.ledger import Claim, Printed, PrintedTable, Source, gain_of

PRINTED = {
    "silu": "1.6791767923989418",
    "sigmoid": "1.8467055342154763",
    "3*x/5 + 2*x/5*(2/(1 + exp(-x)) - 1)": "1.531320475574866",
}
"""The third is the "smooth Leaky ReLU" of slope 0.2."""

CONSTANTS = {what: gain_of(what) for what in PRINTED}
_SILU, _SIGMOID, _SMOOTH = CONSTANTS.values()

CLAIM = Claim(
    says="To have second moment 1, SiLU is multiplied by 1.6791767923989418, the sigmoid by 1.8467055342154763, and "
    "the smooth Leaky ReLU of slope 0.2 by 1.531320475574866.",
    who=(
        Source(
            "Equiformer v2 in fairchem, ocpmodels/models/equiformer_v2/activation.py (commit 17f2c1f), and many others",
            "https://github.com/FAIR-Chem/fairchem/blob/17f2c1f41db703baef042bda1d487a327016feb7/ocpmodels/models/equiformer_v2/activation.py",
        ),
        Source(
            "e3nn, math/_normalize_activation.py (commit 01b4064), which computes them",
            "https://github.com/e3nn/e3nn/blob/01b4064501faae3c5188e9beded52ee162530f88/e3nn/math/_normalize_activation.py",
        ),
    ),
    check=PrintedTable({what: Printed(text, CONSTANTS[what]) for what, text in PRINTED.items()}),
    correct="1/√E φ(z)²: {silu} for SiLU, {sigmoid} for the sigmoid, {smooth} for the smooth Leaky ReLU.",
    remark="They are means over 1,000,000 samples at seed 0, so all are off by the deviations of that one sample. Who "
    "copies their 17 digits copies it.",
    numbers={"silu": (_SILU, 12), "sigmoid": (_SIGMOID, 12), "smooth": (_SMOOTH, 12)},
)
