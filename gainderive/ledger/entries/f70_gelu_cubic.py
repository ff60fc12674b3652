"""F70: whether 0.044715 comes from a series."""

from sympy import Expr, Rational, erf, pi, sqrt, tanh

from gainderive.enclosure import Enclosure
from gainderive.ledger import Claim, Printed, Source
from gainderive.ledger._largest import largest
from gainderive.symbols import x

CUBIC = (4 - pi) / (6 * pi)
"""With it tanh(√(2/π)(x + c x³)) and erf(x/√2) agree to the fourth power of x."""


def _largest_error(cubic: Expr) -> Enclosure:
    """Return the largest size of the difference to GELU, which is that of the gates times x, halved."""
    return largest(x / 2 * (tanh(sqrt(2 / pi) * (x + cubic * x**3)) - erf(x / sqrt(2))), -10, 10, size=True)


CLAIM = Claim(
    says="The 0.044715 in GELU's tanh form is the coefficient that makes the power series agree at 0.",
    who=(Source("Explanations of GELU's approximation"),),
    check=Printed("0.044715", CUBIC, "(4 - π)/(6π)"),
    correct="The series agree for (4 - π)/(6π) = {cubic}. 0.044715 is a fit over a wider range: its largest error is "
    "{fit}, that of the series' coefficient {series}.",
    numbers={
        "cubic": CUBIC,
        "fit": (lambda: _largest_error(Rational(44715, 10**6)), 3),
        "series": (lambda: _largest_error(CUBIC), 3),
    },
)
