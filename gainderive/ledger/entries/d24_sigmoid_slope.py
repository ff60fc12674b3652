"""D24: why the sigmoid is given gain 1."""

from gainderive.activations import load
from gainderive.criteria import Criterion
from gainderive.facade import solution
from gainderive.ledger import Claim, Compares, Parts, Recommended, Said, Source
from gainderive.symbols import x

SIGMOID = load("sigmoid")
_SLOPE_AT_0 = SIGMOID.derivative.subs(x, 0)

CLAIM = Claim(
    says="The sigmoid's slope is at most 1 near 0, so it needs no extra scaling: gain 1.",
    who=(Source("explanations of PyTorch's table of gains"),),
    check=Parts(
        {
            "its slope at 0 is 1": Said(Compares("slope at 0", _SLOPE_AT_0, "=", 1)),
            "gain 1": Recommended(1, "sigmoid"),
        }
    ),
    correct="The sigmoid's slope is at most 1/4. Its forward gain is {forward}, its backward gain {backward}: no "
    "single number serves both directions.",
    numbers={
        "forward": solution(SIGMOID, Criterion.FORWARD),
        "backward": solution(SIGMOID, Criterion.BACKWARD),
    },
    results=("GD-0012",),
)
