"""A5: what makes preactivations large."""

from sympy import Expr, diff, oo

from gainderive.ledger import Claim, Compares, Derived, Said, Source, Statement, Throughout
from gainderive.ledger.entries._gaussian_layers import EDGE, share_beyond
from gainderive.symbols import x

_HEALTHY = share_beyond(EDGE, 1)


def _saturates(cause: str, share: Expr) -> Statement:
    return Compares(f"share of |u| > 3 {cause}, over that of a healthy layer", share / _HEALTHY, ">", 100)


CLAIM = Claim(
    says="Saturation comes from |u| too large: unnormalised inputs, weights of too large variance, a bias that shifts "
    "u.",
    who=(Source("lecture notes on saturation"),),
    check=Said(
        Derived("GD-0001"),
        _saturates("with inputs of scale 10", share_beyond(EDGE, 100)),
        _saturates("with weights of 25 times the variance", share_beyond(EDGE, 25)),
        _saturates("with a bias of 3", share_beyond(EDGE, 1, 3)),
        # The larger the scale s, the smaller 3/s.
        Throughout("what the share loses as 3/s grows", -diff(share_beyond(x, 1), x), ">", 0, 0, oo),
        Throughout("what the share gains as the bias grows", diff(share_beyond(EDGE, 1, x), x), ">", 0, 0, EDGE),
    ),
    remark="Of a healthy layer, with u ~ N(0, 1), {healthy} of the units are beyond 3. Scale 10 makes it {inputs}, a "
    "bias of 3 makes it {shifted}.",
    numbers={
        "healthy": (_HEALTHY, 3),
        "inputs": (share_beyond(EDGE, 100), 3),
        "shifted": (share_beyond(EDGE, 1, 3), 3),
    },
    results=("GD-0001",),
)
