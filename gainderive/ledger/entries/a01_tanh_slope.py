"""A1: the slope of tanh, read off its value."""

from gainderive.ledger import Claim, Derived, Said, Source

CLAIM = Claim(
    says="With h = tanh(u) the local derivative of tanh is 1 - h²; it is near 0 when h is near ±1.",
    who=(Source("textbooks, and lecture notes on saturation"),),
    check=Said(
        Derived("GD-0019"),
    ),
    remark="It vanishes nowhere: at h = 0.99 the slope is still about 2 %, and the limit 0 belongs to |h| = 1.",
    results=("GD-0019",),
)
