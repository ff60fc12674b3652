"""B17: centring by the bias."""

from sympy import Rational, diff

from gainderive.ledger import Amended, Claim, Compares, Said, Source, Throughout
from gainderive.ledger.entries._gaussian_layers import EDGE, share_beyond
from gainderive.symbols import x

_LARGE = 25
_FEW = Rational(1, 100)
_LEAST_WHEN_CENTRED = Throughout(
    "what the share of |u| > 3 gains as the mean of u grows", diff(share_beyond(EDGE, 1, x), x), ">", 0, 0, EDGE
)

CLAIM = Claim(
    says="A bias initialised so that the mean of u is near 0 avoids saturation.",
    who=(Source("lecture notes: remedies against saturation"),),
    check=Said(
        _LEAST_WHEN_CENTRED,
        Compares("share of |u| > 3 with mean 0 and variance 25", share_beyond(EDGE, _LARGE), "<", _FEW),
        amended=Amended(
            "u with variance 1",
            _LEAST_WHEN_CENTRED,
            Compares("share of |u| > 3 with mean 0 and variance 1", share_beyond(EDGE, 1), "<", _FEW),
        ),
    ),
    correct="It removes what a shift adds: at variance 1 the share of |u| > 3 falls from {shifted} with mean 3 to "
    "{centred}. Against too large a scale it does nothing: with mean 0 and variance 25 the share is {large}.",
    numbers={
        "shifted": (share_beyond(EDGE, 1, 3), 3),
        "centred": (share_beyond(EDGE, 1), 2),
        "large": (share_beyond(EDGE, _LARGE), 3),
    },
)
