"""F80: the gain of Snake in an implementation, once upside down."""

from sympy import sqrt

from gainderive.ledger import Claim, Said, Source
from gainderive.ledger._intervals import evaluated
from gainderive.ledger.entries.f77_snake import ALPHA, VARIANCE, IsGain, place

CLAIM = Claim(
    says="Weights in front of Snake get the standard deviation √Var/√fan_in, where Var is the variance of its output.",
    who=(
        Source(
            "pytorch-snake, snake.py, snake_gain (commit 319664f)",
            "https://github.com/falkaer/pytorch-snake/blob/319664f3bd1583e107285c7d360974987a91e4bd/snake.py",
        ),
    ),
    check=Said(IsGain("√Var as the gain, squared", sqrt(VARIANCE))),
    correct="What the activation adds has to be taken off: the gain is 1/√Var, or 1/√E φ² to keep the second moment. "
    "With √Var the variance is multiplied by Var² in every layer, up to {factor}.",
    remark="Other versions of the code have the reciprocal, and the second moment.",
    numbers={"factor": lambda: evaluated(VARIANCE**2, {ALPHA: place()}, 12)},
)
