"""A6: saturated units as sign functions."""

from sympy import Rational, asin, oo, pi, tanh

from gainderive.ledger import Amended, Claim, Parts, Said, Source, Throughout
from gainderive.symbols import x

_NEAR = Throughout("1 - tanh(u)", 1 - tanh(x), "<", Rational(5, 1000), 3, oo)
_CORRELATION_OF_SIGNS = 2 * asin(x) / pi

CLAIM = Claim(
    says="Saturated units act like sign(u): their outputs, and hence the gradients, become alike across samples.",
    who=(Source("lecture notes on saturation"),),
    check=Parts(
        {
            "like sign(u)": Said(_NEAR),
            "alike across samples": Said(
                Throughout(
                    "correlation of sign(u) at two samples whose u have the correlation c",
                    _CORRELATION_OF_SIGNS,
                    ">=",
                    x,
                    0,
                    1,
                ),
                amended=Amended("alike in size, not in sign", _NEAR),
            ),
        }
    ),
    correct="Beyond |u| = 3 the sizes of the outputs are alike, within {gap} of 1. Their signs are not: at two "
    "samples whose preactivations have the correlation 1/2 the outputs have only {correlation}. Outputs are alike "
    "across samples where a shift, not the scale, saturates the unit.",
    remark="The slopes are near 0 at every sample, but far from alike: that at u = 3 is {ratio} times that at u = 4.",
    numbers={
        "gap": (1 - tanh(3), 2),
        "correlation": (_CORRELATION_OF_SIGNS.subs(x, Rational(1, 2)), 3),
        "ratio": ((1 - tanh(3) ** 2) / (1 - tanh(4) ** 2), 3),
    },
    results=("GD-0030",),
)
