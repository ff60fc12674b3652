"""F50: where LeCun's function bends most."""

from sympy import Rational, atanh, sqrt

from gainderive.activations import load
from gainderive.ledger import Amended, Claim, Compares, Said, Source
from gainderive.symbols import x

_THIRD = load("lecun_tanh").at().numeric.diff(x, 3)
SUMMIT = Rational(3, 2) * atanh(1 / sqrt(3))
"""Where tanh's second derivative is largest, at tanh² = 1/3, stretched by 3/2."""

CLAIM = Claim(
    says="The second derivative of 1.7159 tanh(2x/3) is largest in size at x = ±1.",
    who=(Source("Y. LeCun, L. Bottou, G. Orr, K.-R. Müller: Efficient BackProp, 1998, section 4.4"),),
    check=Said(
        Compares("third derivative at x = 1", _THIRD.subs(x, 1), "=", 0),
        amended=Amended(
            "near ±1",
            Compares("third derivative at x = 98/100", _THIRD.subs(x, Rational(98, 100)), "<", 0),
            Compares("third derivative at x = 1", _THIRD.subs(x, 1), ">", 0),
        ),
    ),
    correct="It is largest in size at x = ±{summit}. With {slope} in place of 2/3 it would be at ±1, and with √3 in "
    "front f(±1) would still be ±1.",
    numbers={"summit": (SUMMIT, 6), "slope": (atanh(1 / sqrt(3)), 6)},
    results=("GD-0011",),
)
