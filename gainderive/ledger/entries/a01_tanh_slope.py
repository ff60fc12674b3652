"""A1: the slope of tanh, read off its value."""

from sympy import Rational

from gainderive.ledger import Claim, Derived, Said, Source, Throughout
from gainderive.symbols import x

_NEAR_1 = Rational(99, 100)

CLAIM = Claim(
    says="With h = tanh(u) the local derivative of tanh is 1 - h²; it is near 0 when h is near ±1.",
    who=(Source("textbooks, and lecture notes on saturation"),),
    check=Said(
        Derived("GD-0019"),
        Throughout("1 - h² as a function of h near 1", 1 - x**2, "<", Rational(2, 100), _NEAR_1, 1),
        Throughout("1 - h² as a function of h near -1", 1 - x**2, "<", Rational(2, 100), -1, -_NEAR_1),
    ),
    remark="It is 0 nowhere: at h = 0.99 the slope is {slope}.",
    numbers={"slope": 1 - _NEAR_1**2},
    results=("GD-0019",),
)
