"""F51: the effective gain of LeCun's function."""

from sympy import Rational, sqrt

from gainderive.activations import load
from gainderive.gaussian import GaussMean
from gainderive.ledger import Amended, Claim, Compares, Said, Source, gain_of
from gainderive.symbols import x

_LECUN = load("lecun_tanh").at()
_RATIO = sqrt(GaussMean(_LECUN.numeric**2, x, 1))

CLAIM = Claim(
    says="The constants of 1.7159 tanh(2x/3) make the effective gain of the function close to 1 over its useful range.",
    who=(Source("Y. LeCun, L. Bottou, G. Orr, K.-R. Müller: Efficient BackProp, 1998, section 4.4"),),
    check=Said(
        Compares("root mean square of f(z) at z ~ N(0, 1)", _RATIO, "=", 1),
        amended=Amended("within 15 %", Compares("root mean square of f(z)", _RATIO, ">", Rational(85, 100))),
    ),
    correct="For standard normal inputs the output's root mean square is {ratio}; the gain that makes up for it is "
    "{forward}, and the backward gain is {backward}.",
    numbers={"ratio": _RATIO, "forward": gain_of("lecun_tanh"), "backward": gain_of("lecun_tanh", "backward")},
    results=("GD-0011",),
)
