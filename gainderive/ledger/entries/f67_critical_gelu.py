"""F67: criticality of GELU."""

from gainderive.ledger import Claim, Printed, PrintedTable, Source
from gainderive.ledger._critical import Critical, critical

NEAR = 3.5


def _point() -> Critical:
    return critical("gelu", NEAR)


CLAIM = Claim(
    says="GELU is critical at C_b = 0.17292239 and C_W = 1.98305826.",
    who=(
        Source(
            "D. A. Roberts, S. Yaida, B. Hanin: The principles of deep learning theory, 2022, section 5.3.4",
            "https://arxiv.org/abs/2106.10165",
        ),
        Source(
            "CritMLP, crit_functions.py (commit e4797f0)",
            "https://github.com/Striletchi-Vlad/CritMLP/blob/e4797f0b731cf903d57da6f0f1f68bdce60f3cde/crit_functions.py",
        ),
    ),
    check=PrintedTable(
        {
            "C_b": Printed("0.17292239", lambda: _point().bias),
            "C_W": Printed("1.98305826", lambda: _point().weight),
        }
    ),
    remark="Length map and gradient have the slope 1 at a second moment of {moment}. The point is half stable: larger "
    "signals are drawn to it, smaller ones leave it.",
    numbers={"moment": (lambda: _point().second_moment, 10)},
)
