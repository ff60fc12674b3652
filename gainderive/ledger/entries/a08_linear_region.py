"""A8: where tanh is nearly linear."""

from sympy import Rational, acosh, sqrt, tanh

from gainderive.ledger import Amended, Claim, Said, Source, Throughout
from gainderive.symbols import x

_SLOPE = 1 - tanh(x) ** 2
_NEAR_1 = Rational(9, 10)


def _near_1(edge: Rational) -> Throughout:
    return Throughout("slope of tanh", _SLOPE, ">=", _NEAR_1, -edge, edge)


CLAIM = Claim(
    says="For |u| up to about 1 tanh is in its linear region, with a derivative near 1.",
    who=(Source("lecture notes on saturation"),),
    check=Said(_near_1(Rational(1)), amended=Amended("|u| up to about 0.3", _near_1(Rational(3, 10)))),
    correct="At |u| = 1 the slope is down to {slope}. It stays above 0.9 for |u| up to {edge} only.",
    numbers={"slope": (_SLOPE.subs(x, 1), 3), "edge": (acosh(1 / sqrt(_NEAR_1)), 3)},
    results=("GD-0019",),
)
