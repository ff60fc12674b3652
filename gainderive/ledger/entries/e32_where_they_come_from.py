"""E32: where the two best known gains come from."""

from sympy import Rational, sqrt

from gainderive.ledger import Claim, Derived, Parts, Recommended, Said, Source, gain_of

CLAIM = Claim(
    says="A derivation gives √2 for ReLU and 5/3 for tanh.",
    who=(Source("questions in lectures, about PyTorch's table of gains"),),
    check=Parts(
        {
            "√2 for ReLU": Recommended(sqrt(2), "relu"),
            "the derivation of √2": Said(Derived("GD-0005")),
            "5/3 for tanh": Recommended(Rational(5, 3), "tanh"),
        }
    ),
    correct="One gives √2 for ReLU: the square of half of a symmetric law is half of the square, and g² = 2 makes up "
    "for it. None gives 5/3 for tanh: the same condition leads to {tanh}.",
    numbers={"tanh": gain_of("tanh")},
    results=("GD-0003", "GD-0005", "GD-0008"),
)
