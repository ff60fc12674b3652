"""C18: what to look at before training."""

from sympy import Rational

from gainderive.ledger import Claim, Compares, Said, Source
from gainderive.ledger.entries._gaussian_layers import EDGE, share_beyond, slope_moment

_SATURATED = 100

CLAIM = Claim(
    says="Before training, look at the histogram of the first layer's u and at the share of |u| > 3: it shows "
    "saturation.",
    who=(Source("lecture notes: a checklist for saturation"),),
    check=Said(
        Compares("share of |u| > 3 in a healthy layer", share_beyond(EDGE, 1), "<", Rational(1, 100)),
        Compares("share behind inputs of scale 10", share_beyond(EDGE, _SATURATED), ">", Rational(1, 2)),
        Compares("share with a bias of 3", share_beyond(EDGE, 1, 3), ">=", Rational(1, 2)),
        Compares(
            "slope² there, over that of a healthy layer",
            slope_moment(_SATURATED) / slope_moment(1),
            "<",
            Rational(1, 5),
        ),
    ),
    remark="A healthy layer with u ~ N(0, 1) has {healthy} of its units there, so a few are no fault. The histogram "
    "tells a shift from a scale, which the share alone does not. The 3 belongs to tanh; other activations saturate "
    "elsewhere.",
    numbers={"healthy": (share_beyond(EDGE, 1), 3)},
)
