"""A3: two values of tanh's slope."""

from sympy import Rational

from gainderive.ledger import Claim, Parts, Printed, Source

CLAIM = Claim(
    says="At h = 0.99 the slope of tanh is about 0.0199, at h = 0.9999 about 0.0002.",
    who=(Source("lecture notes on vanishing gradients"),),
    check=Parts(
        {
            "h = 0.99": Printed("0.0199", 1 - Rational("0.99") ** 2, "1 - h²"),
            "h = 0.9999": Printed("0.0002", 1 - Rational("0.9999") ** 2, "1 - h²"),
        }
    ),
    remark="The second is {slope}, which 0.0002 is correctly rounded.",
    numbers={"slope": (1 - Rational("0.9999") ** 2, 8)},
    results=("GD-0019",),
)
