"""F65: Glorot's normalized initialization."""

from sympy import sqrt

from gainderive.ledger import Claim, Derived, Identity, Said, Source
from gainderive.symbols import fan_in, fan_out

CLAIM = Claim(
    says="Weights drawn uniformly from ±√6/√(n_in + n_out) have the variance 2/(n_in + n_out).",
    who=(
        Source(
            "X. Glorot, Y. Bengio: Understanding the difficulty of training deep feedforward neural networks, AISTATS "
            "2010, eqs. (12) and (16)",
            "https://proceedings.mlr.press/v9/glorot10a.html",
        ),
    ),
    check=Said(
        Derived("GD-0017"),
        Identity((sqrt(6) / sqrt(fan_in + fan_out)) ** 2 / 3, 2 / (fan_in + fan_out), "variance of U(-b, b), b²/3"),
    ),
    remark="It is the compromise between keeping the signal and keeping the gradient, derived for the identity in "
    "place of the activation.",
    results=("GD-0016", "GD-0017"),
)
