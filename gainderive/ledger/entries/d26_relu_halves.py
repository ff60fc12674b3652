"""D26: what ReLU halves."""

from sympy import Rational, sqrt

from gainderive.ledger import Amended, Claim, Compares, Parts, Recommended, Said, Source, gain_of, moment_of

_HALF = Rational(1, 2)

CLAIM = Claim(
    says="ReLU zeroes half of its input, so the output's variance is about half of the input's; hence √2.",
    who=(Source("explanations of PyTorch's table of gains"),),
    check=Parts(
        {
            "the variance is halved": Said(
                Compares("variance of ReLU of a standard normal input", moment_of("relu", "variance"), "=", _HALF),
                amended=Amended(
                    "second moment for variance",
                    Compares("its second moment", moment_of("relu", "second moment"), "=", _HALF),
                ),
            ),
            "gain √2": Recommended(sqrt(2), "relu"),
        }
    ),
    correct="ReLU halves the second moment of a centred Gaussian, and g² = 2 restores it. The variance falls to "
    "{variance} of what it was; a gain from that would be {centred}.",
    numbers={"variance": moment_of("relu", "variance"), "centred": gain_of("relu", "centered")},
    results=("GD-0005", "GD-0010"),
)
