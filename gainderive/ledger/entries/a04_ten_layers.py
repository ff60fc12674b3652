"""A4: the product of ten small slopes."""

from sympy import Rational

from gainderive.ledger import Claim, Printed, Source

_PRODUCT = Rational("0.02") ** 10

CLAIM = Claim(
    says="Ten layers with a factor of about 0.02 each multiply the gradient by 0.02¹⁰, about 1e-20.",
    who=(Source("lecture notes on vanishing gradients"),),
    check=Printed("1e-20", _PRODUCT, "0.02¹⁰"),
    correct="0.02¹⁰ = {product}, which is {times} times as much. And a network has that factor only where every unit "
    "sits at h = 0.99 and the weights have no say.",
    numbers={"product": (_PRODUCT, 4), "times": (_PRODUCT * 10**20, 4)},
    results=("GD-0019",),
)
