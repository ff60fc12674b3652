"""A7: two thresholds of saturation."""

from sympy import Rational, atanh, oo, tanh

from gainderive.ledger import Amended, Claim, Compares, Parts, Said, Source, Throughout
from gainderive.ledger.entries._gaussian_layers import BAND, EDGE, EDGE_OF_BAND, share_beyond, slope_moment
from gainderive.symbols import x

_FEW = Rational(1, 100)
_SATURATED = 25
"""Second moment of the preactivations of a layer with five times the healthy scale."""
_SLOPES_LOST = slope_moment(1) / slope_moment(_SATURATED)
_SHARE_GAINED = share_beyond(EDGE_OF_BAND, _SATURATED) / share_beyond(EDGE_OF_BAND, 1)

CLAIM = Claim(
    says="A large share of |u| > 3 means trouble; so does a large share of |h| ≥ 0.9.",
    who=(Source("lecture notes: a checklist for saturation"),),
    check=Parts(
        {
            "|u| > 3": Said(
                Throughout("slope of tanh", 1 - tanh(x) ** 2, "<", _FEW, EDGE, oo),
                Compares("share beyond 3 in a healthy layer", share_beyond(EDGE, 1), "<", _FEW),
            ),
            "|h| ≥ 0.9": Said(
                Compares("share in the bands of a healthy layer", share_beyond(EDGE_OF_BAND, 1), "<", _FEW),
                amended=Amended(
                    "a share far above that of a healthy layer",
                    Compares("slope² of a healthy layer over that at q = 25", _SLOPES_LOST, ">", 3),
                    Compares("share in the bands at q = 25 over that of a healthy layer", _SHARE_GAINED, ">", 3),
                ),
            ),
        }
    ),
    correct="The thresholds are not of one kind: |h| ≥ 0.9 begins at |u| = {edge}, and of a healthy layer {bands} of "
    "the outputs lie there, while {beyond} of the preactivations are beyond 3. A share of |h| ≥ 0.9 means trouble "
    "when it is far above that.",
    numbers={
        "edge": (atanh(BAND), 4),
        "bands": (share_beyond(EDGE_OF_BAND, 1), 3),
        "beyond": (share_beyond(EDGE, 1), 2),
    },
    results=("GD-0019",),
)
