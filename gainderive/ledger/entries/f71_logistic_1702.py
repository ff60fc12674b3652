"""F71: the 1.702 of the logistic function."""

from sympy import Expr, Rational, erf, exp, sqrt

from gainderive.enclosure import Enclosure
from gainderive.ledger import Claim, Compares, Said, Source
from gainderive.ledger._largest import largest
from gainderive.symbols import x

_BELOW, _ABOVE = Rational(17015, 10_000), Rational(17025, 10_000)
"""Between these numbers 1.702 is the right rounding."""


def _excess(slope: Expr, sign: int) -> Enclosure:
    """Return by how much the normal distribution function exceeds the logistic one for x > 0, or falls short."""
    return largest(sign * ((1 + erf(x / sqrt(2))) / 2 - 1 / (1 + exp(-slope * x))), 0, 10)


CLAIM = Claim(
    says="Of all logistic functions 1/(1 + exp(-cx)) the one with c = 1.702 is nearest to the normal distribution "
    "function.",
    who=(
        Source("G. Camilli: Origin of the scaling constant d = 1.7 in item response theory, 1994"),
        Source(
            "D. Hendrycks: GELUs, README (commit 2726505), which uses it in x·sigmoid(1.702x)",
            "https://github.com/hendrycks/GELUs/blob/2726505c4767eed99dfd89ce0f836fbca44d6a6d/README.md",
        ),
    ),
    check=Said(
        Compares("largest excess at c = 1.7015", lambda: _excess(_BELOW, 1), ">", lambda: _excess(_BELOW, -1)),
        Compares("largest excess at c = 1.7025", lambda: _excess(_ABOVE, 1), "<", lambda: _excess(_ABOVE, -1)),
    ),
    remark="With growing c the excess of the normal function falls and that of the logistic one grows, so the nearest "
    "c, where both are equal, lies between 1.7015 and 1.7025. Near is meant as the largest distance, for the "
    "distribution function; for GELU, which is x times it, another c is the best.",
)
