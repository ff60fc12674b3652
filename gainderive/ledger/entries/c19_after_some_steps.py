"""C19: what to look at after some steps."""

from sympy import Rational, tanh

from gainderive.gaussian import GaussMean
from gainderive.ledger import Claim, Compares, Said, Source
from gainderive.ledger.entries._gaussian_layers import EDGE_OF_BAND, share_beyond
from gainderive.symbols import x

_SATURATED = 25
_HEALTHY_SHARE = share_beyond(EDGE_OF_BAND, 1)
_SHARE_GAINED = share_beyond(EDGE_OF_BAND, _SATURATED) / _HEALTHY_SHARE
_HEALTHY_VARIANCE = GaussMean(tanh(x) ** 2, x, 1)

CLAIM = Claim(
    says="After some steps, look at mean and variance of h and at the share of h in [0.9, 1] and [-1, -0.9]: they show "
    "saturation.",
    who=(Source("lecture notes: a checklist for saturation"),),
    check=Said(
        Compares("share in the bands at five times the healthy scale, over the healthy one", _SHARE_GAINED, ">", 3),
        Compares("variance of h there", GaussMean(tanh(x) ** 2, x, _SATURATED), ">", Rational(3, 4)),
        Compares("variance of h in a healthy layer", _HEALTHY_VARIANCE, "<", Rational(1, 2)),
        Compares("mean of h with a bias of 3", GaussMean(tanh(x + 3), x, 1), ">", Rational(9, 10)),
    ),
    remark="What to compare with is a healthy layer, u ~ N(0, 1): mean 0, variance {variance}, share in the two bands "
    "{share}, which is far from 0. Both bands filled alike point to the scale, one of them, with a mean far from 0, "
    "to a shift.",
    numbers={"variance": (_HEALTHY_VARIANCE, 3), "share": (_HEALTHY_SHARE, 3)},
)
