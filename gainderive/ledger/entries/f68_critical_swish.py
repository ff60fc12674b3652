"""F68: criticality of SiLU (Swish), with a decimal point that moved."""

from sympy import Rational

from gainderive.activations import load
from gainderive.enclosure import Enclosure
from gainderive.gaussian import GaussMean
from gainderive.ledger import Claim, Printed, PrintedTable, Source
from gainderive.ledger._critical import Critical, critical
from gainderive.ledger._intervals import evaluated
from gainderive.roots import enclose_root
from gainderive.symbols import q, x

NEAR = 14.3
BIAS, WEIGHT = "0.055514317", "1.98800468"
_SILU = load("silu").at()


def _point() -> Critical:
    return critical("silu", NEAR)


def _at_rest() -> Enclosure:
    """Return the second moment to which the printed constants lead."""
    mapped = Rational(WEIGHT) * GaussMean(_SILU.numeric**2, x, q) + Rational(BIAS)
    return enclose_root(mapped / q - 1, q, 0.1, 16)


def _gradient() -> Enclosure:
    """Return the gradient's factor there."""
    factor = Rational(WEIGHT) * GaussMean(_SILU.derivative**2, x, q)
    return evaluated(factor, {q: _at_rest()}, 12)


CLAIM = Claim(
    says="Swish is critical at C_b = 0.055514317 and C_W = 1.98800468.",
    who=(
        Source(
            "CritMLP, crit_functions.py (commit e4797f0), after The principles of deep learning theory",
            "https://github.com/Striletchi-Vlad/CritMLP/blob/e4797f0b731cf903d57da6f0f1f68bdce60f3cde/crit_functions.py",
        ),
    ),
    check=PrintedTable(
        {
            "C_b": Printed(BIAS, lambda: _point().bias),
            "C_W": Printed(WEIGHT, lambda: _point().weight),
        }
    ),
    correct="C_b = {bias} and C_W = {weight}, at a second moment of {moment}. A zero slipped in behind the decimal "
    "point; with a tenth of the bias the second moment comes to rest at {rest}, where a layer multiplies the "
    "gradient's by {chi}.",
    numbers={
        "bias": (lambda: _point().bias, 8),
        "weight": (lambda: _point().weight, 9),
        "moment": (lambda: _point().second_moment, 10),
        "rest": _at_rest,
        "chi": _gradient,
    },
)
