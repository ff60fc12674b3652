"""F33: PyTorch's table of recommended gains, row by row."""

from sympy import Rational, sqrt

from gainderive.ledger import Claim, Derived, Parts, Recommended, Said, Source, gain_of

CLAIM = Claim(
    says="The recommended gains are 1 for linear layers and convolutions, 1 for the sigmoid, 5/3 for tanh, √2 for "
    "ReLU, √(2/(1 + a²)) for Leaky ReLU of slope a, and 3/4 for SELU.",
    who=(
        Source(
            "PyTorch 2.13, documentation of torch.nn.init.calculate_gain",
            "https://docs.pytorch.org/docs/stable/nn.init.html",
        ),
    ),
    check=Parts(
        {
            "linear layers: 1": Recommended(1, "linear"),
            "convolutions: 1": Recommended(1, "conv2d"),
            "sigmoid: 1": Recommended(1, "sigmoid"),
            "tanh: 5/3": Recommended(Rational(5, 3), "tanh"),
            "ReLU: √2": Recommended(sqrt(2), "relu"),
            "Leaky ReLU: √(2/(1 + a²))": Said(Derived("GD-0006")),
            "SELU: 3/4": Recommended(Rational(3, 4), "selu"),
        }
    ),
    correct="Three rows name a gain of no criterion. What keeps a unit second moment is {sigmoid} for the sigmoid, "
    "{tanh} for tanh, and exactly 1 for SELU.",
    remark="The other rows are the forward gains. The source marks 3/4 as found empirically.",
    numbers={name: (gain_of(name), 10) for name in ("sigmoid", "tanh")},
    results=("GD-0004", "GD-0005", "GD-0006", "GD-0007", "GD-0008", "GD-0012", "GD-0024"),
)
