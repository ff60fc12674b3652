"""B13: what normalisation does to saturated units."""

from sympy import oo

from gainderive.ledger import Amended, Claim, Said, Source, Throughout
from gainderive.ledger.entries._gaussian_layers import share_within
from gainderive.symbols import x

_NORMALISED = share_within(1, 1)


def _more(lower: int, upper: object) -> Throughout:
    what = "share of |u| < 1 before normalisation, for u with variance x"
    return Throughout(what, share_within(1, x), "<=", _NORMALISED, lower, upper)


CLAIM = Claim(
    says="LayerNorm and BatchNorm pull u back towards 0, so that more samples lie in the linear region.",
    who=(Source("lecture notes: remedies against saturation"),),
    check=Said(_more(0, oo), amended=Amended("preactivations with variance above 1", _more(1, oo))),
    correct="They give u the variance 1, whatever it was. Where it was larger, more samples come to |u| < 1, namely "
    "{share}; where it was smaller, fewer do.",
    numbers={"share": (_NORMALISED, 3)},
    remark="Their learned scale and shift can undo it during training.",
    results=("GD-0003",),
)
