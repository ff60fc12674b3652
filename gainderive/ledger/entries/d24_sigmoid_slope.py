"""D24: why the sigmoid is given gain 1."""

from gainderive.activations import load
from gainderive.ledger import Claim, Compares, Parts, Recommended, Said, Source, Throughout, gain_of, moment_of
from gainderive.symbols import x

_SLOPE = load("sigmoid").derivative

CLAIM = Claim(
    says="The sigmoid's slope is at most 1 near 0, so no extra scaling is needed: gain 1.",
    who=(Source("explanations of PyTorch's table of gains"),),
    check=Parts(
        {
            "a slope of at most 1": Said(Throughout("slope of the sigmoid", _SLOPE, "<=", 1)),
            "no scaling needed": Said(
                Compares("greatest slope, at 0", _SLOPE.subs(x, 0), "=", 1),
                Compares("second moment behind a layer with gain 1", moment_of("sigmoid", "second moment"), "=", 1),
                Compares("factor of the gradient with gain 1", moment_of("sigmoid", "slope's second moment"), "=", 1),
            ),
            "gain 1": Recommended(1, "sigmoid"),
        }
    ),
    correct="The sigmoid's slope is at most {slope}, so that with gain 1 the gradient's second moment shrinks in "
    "every layer to {gradient} of what it was. The forward gain is {forward}, the backward gain {backward}: no single "
    "number serves both.",
    numbers={
        "slope": _SLOPE.subs(x, 0),
        "gradient": (moment_of("sigmoid", "slope's second moment"), 3),
        "forward": gain_of("sigmoid"),
        "backward": gain_of("sigmoid", "backward"),
    },
    results=("GD-0012", "GD-0022"),
)
