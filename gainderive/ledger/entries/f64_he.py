"""F64: He's rule, and its generalisation to PReLU."""

from sympy import sqrt

from gainderive.ledger import Claim, Derived, Parts, Recommended, Said, Source

CLAIM = Claim(
    says="Weights in front of a ReLU get the standard deviation √(2/n), and in front of a PReLU of slope a √(2/((1 + "
    "a²)n)).",
    who=(
        Source(
            "K. He, X. Zhang, S. Ren, J. Sun: Delving deep into rectifiers, ICCV 2015, eqs. (10) and (15)",
            "https://arxiv.org/abs/1502.01852",
        ),
    ),
    check=Parts(
        {
            "ReLU": Recommended(sqrt(2), "relu"),
            "ReLU, backward": Recommended(sqrt(2), "relu", "backward"),
            "PReLU": Said(Derived("GD-0006")),
        }
    ),
    remark="It keeps the second moment at every scale, forward with n = fan_in and backward with n = fan_out.",
    results=("GD-0005", "GD-0006", "GD-0015"),
)
