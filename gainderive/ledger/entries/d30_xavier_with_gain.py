"""D30: Xavier's initialization with torch's gain of tanh."""

from sympy import Rational, tanh

from gainderive.gaussian import GaussMean
from gainderive.ledger import Amended, Claim, Compares, Said, Source, TorchGain, claimed_by, exact
from gainderive.symbols import fan_in, fan_out, x

_TORCHS = Rational(5, 3)
_VARIANCE = _TORCHS**2 * exact(claimed_by("GD-0016", "v"))
_WIDE_IN_FRONT = _VARIANCE.subs({fan_in: 400, fan_out: 100}) * 400
_SQUARE = (_VARIANCE * fan_in).subs(fan_out, fan_in)
_MOMENT = GaussMean(tanh(x) ** 2, x, 1)

CLAIM = Claim(
    says='xavier_uniform_(weight, gain=calculate_gain("tanh")) scales the weights into the right range.',
    who=(Source("tutorials", "https://docs.pytorch.org/docs/stable/nn.init.html"),),
    check=Said(
        TorchGain("tanh", _TORCHS),
        Compares("E u² behind a tanh layer with as many outputs as inputs, from E u² = 1", _SQUARE * _MOMENT, "=", 1),
        amended=Amended(
            "a tenth above 1 for equal fans, with a fixed point near 1",
            Compares(
                "E u² behind a tanh layer with as many outputs as inputs", _SQUARE * _MOMENT, "<", Rational(11, 10)
            ),
            Compares("the second moment at which the signal rests", claimed_by("GD-0009", "q"), "<", Rational(5, 4)),
        ),
    ),
    correct="From E u² = 1 a layer with equal fans leads to {behind}, and the signal comes to rest at {q}. The gain "
    "that keeps 1 is smaller than 5/3. With other fans it is another number: from 400 inputs to 100 units the layer "
    "leads to {wide}.",
    numbers={
        "behind": (_SQUARE * _MOMENT, 4),
        "q": (claimed_by("GD-0009", "q"), 4),
        "wide": (_WIDE_IN_FRONT * _MOMENT, 4),
    },
    results=("GD-0009", "GD-0016"),
)
